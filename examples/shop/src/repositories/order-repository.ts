import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

export const ORDER_STATUSES = ['pending', 'paid', 'shipped', 'cancelled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface OrderRow extends RowDataPacket {
  id: string;
  customer_id: string;
  address_id: number | null;
  status: OrderStatus;
  total: string;
  note: string | null;
  placed_at: string;
  cancelled_at: string | null;
}

export interface OrderDetailRow extends OrderRow {
  customer_name: string;
  ship_to: string | null;
}

export interface OrderLineRow extends RowDataPacket {
  line_no: number;
  product_id: number;
  product_name: string;
  category_name: string;
  unit_price: string;
  quantity: number;
  line_total: string;
}

interface CountRow extends RowDataPacket {
  total: string;
}

interface StatusCountRow extends RowDataPacket {
  status: OrderStatus;
  order_count: string;
}

interface SpentRow extends RowDataPacket {
  spent: string;
}

interface PurchaseRow extends RowDataPacket {
  id: number;
  sku: string;
  name: string;
}

export class OrderRepository {
  constructor(private readonly pool: Pool) {}

  async findById(id: string): Promise<OrderDetailRow | undefined> {
    const [rows] = await this.pool.execute<OrderDetailRow[]>(
      `SELECT o.id, o.customer_id, o.address_id, o.status, o.total, o.note, o.placed_at, o.cancelled_at,
              c.name AS customer_name,
              CONCAT(a.line1, ', ', a.postcode, ' ', a.city) AS ship_to
         FROM orders o
         JOIN customers c ON c.id = o.customer_id
         LEFT JOIN addresses a ON a.id = o.address_id
        WHERE o.id = ?`,
      [id],
    );
    return rows[0];
  }

  async linesOf(id: string): Promise<OrderLineRow[]> {
    const [rows] = await this.pool.execute<OrderLineRow[]>(
      `SELECT l.line_no, l.product_id, p.name AS product_name, c.name AS category_name,
              l.unit_price, l.quantity, l.unit_price * l.quantity AS line_total
         FROM order_lines l
         JOIN products p ON p.id = l.product_id
         JOIN categories c ON c.id = p.category_id
        WHERE l.order_id = ?
        ORDER BY l.line_no`,
      [id],
    );
    return rows;
  }

  async pageOfCustomer(customerId: string, limit: number, offset: number): Promise<OrderRow[]> {
    const [rows] = await this.pool.query<OrderRow[]>(
      'SELECT * FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?',
      [customerId, limit, offset],
    );
    return rows;
  }

  async countsByStatus(customerId: string): Promise<Partial<Record<OrderStatus, number>>> {
    const [rows] = await this.pool.execute<StatusCountRow[]>(
      'SELECT status, COUNT(*) AS order_count FROM orders WHERE customer_id = ? GROUP BY status ORDER BY status',
      [customerId],
    );
    return Object.fromEntries(rows.map((row) => [row.status, Number(row.order_count)]));
  }

  async spentBy(customerId: string): Promise<string> {
    const [rows] = await this.pool.execute<SpentRow[]>(
      "SELECT IFNULL(SUM(total), 0.00) AS spent FROM orders WHERE customer_id = ? AND status <> 'cancelled'",
      [customerId],
    );
    return rows[0]?.spent ?? '0.00';
  }

  /** Every product that a customer ever ordered, once. */
  async purchasesOf(customerId: string): Promise<PurchaseRow[]> {
    const [rows] = await this.pool.execute<PurchaseRow[]>(
      `SELECT DISTINCT p.id, p.sku, p.name
         FROM orders o
         JOIN order_lines l ON l.order_id = o.id
         JOIN products p ON p.id = l.product_id
        WHERE o.customer_id = ? AND o.status <> 'cancelled'
        ORDER BY p.id`,
      [customerId],
    );
    return rows;
  }

  async pageByStatus(status: OrderStatus, limit: number, offset: number): Promise<OrderRow[]> {
    const [rows] = await this.pool.query<OrderRow[]>(
      `SELECT id, customer_id, address_id, status, total, note, placed_at, cancelled_at
         FROM orders
        WHERE status = ?
        ORDER BY placed_at, id
        LIMIT ? OFFSET ?`,
      [status, limit, offset],
    );
    return rows;
  }

  async countByStatus(status: OrderStatus): Promise<number> {
    const [rows] = await this.pool.execute<CountRow[]>('SELECT COUNT(*) AS total FROM orders WHERE status = ?', [
      status,
    ]);
    return Number(rows[0]?.total ?? 0);
  }

  /** Moves an order from one status to the next, unless somebody else already did. */
  async advance(id: string, from: OrderStatus, to: OrderStatus): Promise<boolean> {
    const [result] = await this.pool.execute<ResultSetHeader>(
      'UPDATE orders SET status = ? WHERE id = ? AND status = ?',
      [to, id, from],
    );
    return result.affectedRows === 1;
  }
}
