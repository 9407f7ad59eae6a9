import { Router } from 'express';
import { notFound } from '../http/errors.js';
import { bigId } from '../http/ids.js';
import { readPage } from '../http/paging.js';
import type { CustomerRepository } from '../repositories/customer-repository.js';
import type { OrderRepository } from '../repositories/order-repository.js';
import { cancelOrder } from '../services/cancel-order.js';
import { orderLineView, orderView } from '../views/order.js';

export function orderRoutes(orders: OrderRepository, customers: CustomerRepository): Router {
  const router = Router();

  router.get('/customers/:id/orders', async (request, response) => {
    const customerId = bigId(request);
    const { limit, offset } = readPage(request, 10);
    if (!(await customers.exists(customerId))) throw notFound('customer');
    const [rows, counts, spent] = await Promise.all([
      orders.pageOfCustomer(customerId, limit, offset),
      orders.countsByStatus(customerId),
      orders.spentBy(customerId),
    ]);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    response.json({ orders: rows.map(orderView), total, counts, spent });
  });

  router.get('/customers/:id/purchases', async (request, response) => {
    const products = await orders.purchasesOf(bigId(request));
    response.json({ products });
  });

  router.get('/orders/:id', async (request, response) => {
    const id = bigId(request);
    const order = await orders.findById(id);
    if (order === undefined) throw notFound('order');
    const lines = await orders.linesOf(id);
    response.json({
      ...orderView(order),
      customer: order.customer_name,
      shipTo: order.ship_to,
      lines: lines.map(orderLineView),
    });
  });

  router.post('/orders/:id/cancel', async (request, response) => {
    const id = bigId(request);
    await cancelOrder(id);
    response.json({ id, status: 'cancelled' });
  });

  return router;
}
