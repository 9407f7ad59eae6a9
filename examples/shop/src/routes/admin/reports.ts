import { Router } from 'express';
import type { RowDataPacket } from 'mysql2/promise';
import { pool } from '../../db/pool.js';
import { badRequest } from '../../http/errors.js';
import { day } from '../../http/fields.js';
import { intIdList } from '../../http/ids.js';

export const adminReportRoutes = Router();

interface SalesRow extends RowDataPacket {
  day: string;
  order_count: string;
  revenue: string;
}

interface SoldRow extends RowDataPacket {
  product_id: number;
  quantity: string;
  revenue: string;
}

/** Both days included. */
adminReportRoutes.get('/reports/sales-by-day', async (request, response) => {
  const from = day({ ...request.query }, 'from');
  const to = day({ ...request.query }, 'to');
  if (from > to) throw badRequest('from must not be after to');
  const [rows] = await pool.query<SalesRow[]>(
    `SELECT DATE(placed_at) AS day, COUNT(*) AS order_count, SUM(total) AS revenue
       FROM orders
      WHERE placed_at BETWEEN ? AND ? AND status <> 'cancelled'
      GROUP BY DATE(placed_at)
      ORDER BY day`,
    [`${from} 00:00:00`, `${to} 23:59:59.999999`],
  );
  response.json({
    days: rows.map((row) => ({ day: row.day, orders: Number(row.order_count), revenue: row.revenue })),
  });
});

adminReportRoutes.get('/reports/products-sold', async (request, response) => {
  const ids = intIdList(request.query['ids'], 'ids');
  const [rows] = await pool.query<SoldRow[]>(
    `SELECT l.product_id, SUM(l.quantity) AS quantity, SUM(l.quantity * l.unit_price) AS revenue
       FROM order_lines l
      WHERE l.product_id IN (?)
      GROUP BY l.product_id
      ORDER BY l.product_id`,
    [ids],
  );
  response.json({
    products: rows.map((row) => ({ id: row.product_id, quantity: Number(row.quantity), revenue: row.revenue })),
  });
});
