import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { retryOnDeadlock } from '../db/deadlock.js';
import { mysqlErrorCode } from '../db/errors.js';
import { notFound } from '../http/errors.js';
import { fromCents, toCents } from '../lib/money.js';

interface CartRow extends RowDataPacket {
  id: string;
}

export interface CartItemRow extends RowDataPacket {
  product_id: number;
  sku: string;
  name: string;
  price: string;
  quantity: number;
  in_stock: number;
}

export interface Cart {
  items: CartItemRow[];
  total: string;
}

export class CartService {
  constructor(private readonly pool: Pool) {}

  /** What a customer has in the cart, in the order of the products' ids. */
  async contents(customerId: string): Promise<Cart> {
    const [items] = await this.pool.execute<CartItemRow[]>(
      `SELECT ci.product_id, p.sku, p.name, p.price, ci.quantity, p.stock >= ci.quantity AS in_stock
         FROM carts c
         INNER JOIN cart_items ci ON ci.cart_id = c.id
         INNER JOIN products p ON p.id = ci.product_id
        WHERE c.customer_id = ?
        ORDER BY ci.product_id`,
      [customerId],
    );
    const total = items.reduce((sum, item) => sum + toCents(item.price) * BigInt(item.quantity), 0n);
    return { items, total: fromCents(total) };
  }

  /** Adds to what is in the cart already. */
  async add(customerId: string, productId: number, quantity: number): Promise<void> {
    const cartId = await this.cartOf(customerId);
    try {
      await retryOnDeadlock(() =>
        this.pool.execute(
          `INSERT INTO cart_items (cart_id, product_id, quantity)
           VALUES (?, ?, ?)
           ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)`,
          [cartId, productId, quantity],
        ),
      );
    } catch (error) {
      if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw notFound('product');
      throw error;
    }
    await this.pool.execute('UPDATE carts SET updated_at = NOW(6) WHERE id = ?', [cartId]);
  }

  async setQuantity(customerId: string, productId: number, quantity: number): Promise<void> {
    const cart = await this.findCart(customerId);
    if (cart === undefined) throw notFound('cart item');
    const [result] = await this.pool.execute<ResultSetHeader>(
      'UPDATE cart_items SET quantity = ? WHERE cart_id = ? AND product_id = ?',
      [quantity, cart.id, productId],
    );
    if (result.affectedRows === 0) throw notFound('cart item');
  }

  async remove(customerId: string, productId: number): Promise<void> {
    const cart = await this.findCart(customerId);
    if (cart === undefined) throw notFound('cart item');
    const [result] = await this.pool.execute<ResultSetHeader>(
      'DELETE FROM cart_items WHERE cart_id = ? AND product_id = ?',
      [cart.id, productId],
    );
    if (result.affectedRows === 0) throw notFound('cart item');
  }

  private async findCart(customerId: string): Promise<CartRow | undefined> {
    const [rows] = await this.pool.execute<CartRow[]>('SELECT id FROM carts WHERE customer_id = ?', [customerId]);
    return rows[0];
  }

  /** The customer's cart, made on first use. */
  private async cartOf(customerId: string): Promise<string> {
    const cart = await this.findCart(customerId);
    if (cart !== undefined) return cart.id;
    try {
      const [result] = await this.pool.execute<ResultSetHeader>('INSERT INTO carts (customer_id) VALUES (?)', [
        customerId,
      ]);
      return String(result.insertId);
    } catch (error) {
      if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw notFound('customer');
      if (mysqlErrorCode(error) === 'ER_DUP_ENTRY') return this.cartOf(customerId);
      throw error;
    }
  }
}
