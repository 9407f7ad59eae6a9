import type { RowDataPacket } from 'mysql2/promise';
import { retryOnDeadlock } from '../db/deadlock.js';
import { pool } from '../db/pool.js';
import { inTransaction } from '../db/transaction.js';
import { conflict, notFound } from '../http/errors.js';
import { notify } from './notifications.js';

interface LockedOrderRow extends RowDataPacket {
  customer_id: string;
  status: string;
}

interface LineRow extends RowDataPacket {
  product_id: number;
  quantity: number;
}

/** Cancels an order that was not shipped yet, and puts its goods back on the shelf. */
export function cancelOrder(orderId: string): Promise<void> {
  return retryOnDeadlock(() =>
    inTransaction(pool, async (connection) => {
      const [orders] = await connection.execute<LockedOrderRow[]>(
        'SELECT customer_id, status FROM orders WHERE id = ? FOR UPDATE',
        [orderId],
      );
      const order = orders[0];
      if (order === undefined) throw notFound('order');
      if (order.status === 'shipped' || order.status === 'cancelled') throw conflict(`the order is ${order.status}`);

      const [lines] = await connection.execute<LineRow[]>(
        'SELECT product_id, quantity FROM order_lines WHERE order_id = ? ORDER BY product_id, line_no',
        [orderId],
      );
      for (const line of lines) {
        await connection.execute('UPDATE products SET stock = stock + ? WHERE id = ?', [
          line.quantity,
          line.product_id,
        ]);
      }
      await connection.execute("UPDATE orders SET status = 'cancelled', cancelled_at = NOW(6) WHERE id = ?", [orderId]);
      await notify(connection, order.customer_id, 'order_cancelled', `Your order ${orderId} is cancelled.`);
    }),
  );
}
