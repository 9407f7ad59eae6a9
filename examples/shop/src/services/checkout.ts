import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { retryOnDeadlock } from '../db/deadlock.js';
import { pool } from '../db/pool.js';
import { badRequest, conflict } from '../http/errors.js';
import { fromCents, toCents } from '../lib/money.js';
import { notify } from './notifications.js';

interface CartProductRow extends RowDataPacket {
  cart_id: string;
  product_id: number;
  name: string;
  price: string;
  stock: number;
  status: string;
  quantity: number;
}

interface AddressIdRow extends RowDataPacket {
  id: number;
}

async function placeOrder(customerId: string, note: string | null): Promise<string> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();

    // Always locked in the order of their ids, so that two carts with the same products wait instead of deadlocking.
    const [items] = await connection.execute<CartProductRow[]>(
      `SELECT ci.cart_id, ci.product_id, ci.quantity, p.name, p.price, p.stock, p.status
         FROM carts c
         JOIN cart_items ci ON ci.cart_id = c.id
         JOIN products p ON p.id = ci.product_id
        WHERE c.customer_id = ?
        ORDER BY ci.product_id
          FOR UPDATE`,
      [customerId],
    );
    const cartId = items[0]?.cart_id;
    if (cartId === undefined) throw badRequest('the cart is empty');
    for (const item of items) {
      if (item.status !== 'active') throw conflict(`${item.name} is not on sale`);
    }
    const total = items.reduce((sum, item) => sum + toCents(item.price) * BigInt(item.quantity), 0n);

    const [addresses] = await connection.execute<AddressIdRow[]>(
      'SELECT id FROM addresses WHERE customer_id = ? ORDER BY is_default DESC, id LIMIT 1',
      [customerId],
    );
    const [inserted] = await connection.execute<ResultSetHeader>(
      'INSERT INTO orders (customer_id, address_id, total, note, placed_at) VALUES (?, ?, ?, ?, NOW(6))',
      [customerId, addresses[0]?.id ?? null, fromCents(total), note],
    );
    const orderId = String(inserted.insertId);
    const lines = items.map((item, index) => [orderId, index + 1, item.product_id, item.price, item.quantity]);
    await connection.query('INSERT INTO order_lines (order_id, line_no, product_id, unit_price, quantity) VALUES ?', [
      lines,
    ]);

    for (const item of items) {
      const [taken] = await connection.execute<ResultSetHeader>(
        'UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?',
        [item.quantity, item.product_id, item.quantity],
      );
      if (taken.affectedRows === 0) throw conflict(`only ${item.stock} left of ${item.name}`);
    }
    await connection.execute('DELETE FROM cart_items WHERE cart_id = ?', [cartId]);
    await notify(connection, customerId, 'order_placed', `Your order ${orderId} of ${fromCents(total)} is placed.`);

    await connection.commit();
    return orderId;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}

/** Turns a customer's cart into an order; all of it, or nothing. */
export function checkout(customerId: string, note: string | null): Promise<string> {
  return retryOnDeadlock(() => placeOrder(customerId, note));
}
