import { Router } from 'express';
import { pool } from '../../db/pool.js';
import { conflict, notFound } from '../../http/errors.js';
import { oneOf, readFields } from '../../http/fields.js';
import { bigId } from '../../http/ids.js';
import { readPage } from '../../http/paging.js';
import { ORDER_STATUSES, type OrderRepository } from '../../repositories/order-repository.js';
import { notify } from '../../services/notifications.js';
import { orderView } from '../../views/order.js';

/** Which status an order must have before it gets the next one. */
const BEFORE = { paid: 'pending', shipped: 'paid' } as const;

export function adminOrderRoutes(orders: OrderRepository): Router {
  const router = Router();

  router.get('/orders', async (request, response) => {
    const status = oneOf({ ...request.query }, 'status', ORDER_STATUSES);
    const { page, limit, offset } = readPage(request);
    const rows = await orders.pageByStatus(status, limit, offset);
    const total = await orders.countByStatus(status);
    response.json({ orders: rows.map(orderView), total, page, pageSize: limit });
  });

  router.post('/orders/:id/status', async (request, response) => {
    const id = bigId(request);
    const next = oneOf(readFields(request.body), 'status', ['paid', 'shipped']);
    const order = await orders.findById(id);
    if (order === undefined) throw notFound('order');
    if (!(await orders.advance(id, BEFORE[next], next)))
      throw conflict(`an order that is ${order.status} can't become ${next}`);
    if (next === 'shipped') await notify(pool, order.customer_id, 'order_shipped', `Your order ${id} is on its way.`);
    response.json({ id, status: next });
  });

  return router;
}
