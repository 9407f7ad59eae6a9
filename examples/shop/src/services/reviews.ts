import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { mysqlErrorCode } from '../db/errors.js';
import { pool } from '../db/pool.js';
import { badRequest, conflict } from '../http/errors.js';
import type { Page } from '../http/paging.js';

export interface ReviewRow extends RowDataPacket {
  id: number;
  rating: number;
  body: string | null;
  is_verified: number;
  created_at: string;
  author: string;
}

interface CountRow extends RowDataPacket {
  total: string;
}

interface PurchasedRow extends RowDataPacket {
  purchased: number | string;
}

export interface NewReview {
  productId: number;
  customerId: string;
  rating: number;
  body: string | null;
}

export async function listReviews(productId: number, page: Page): Promise<{ reviews: ReviewRow[]; total: number }> {
  const [counts] = await pool.execute<CountRow[]>('SELECT COUNT(*) AS total FROM reviews WHERE product_id = ?', [
    productId,
  ]);
  const [reviews] = await pool.query<ReviewRow[]>(
    `SELECT r.id, r.rating, r.body, r.is_verified, r.created_at, COALESCE(c.name, 'Former customer') AS author
       FROM reviews r
       LEFT JOIN customers c ON c.id = r.customer_id
      WHERE r.product_id = ?
      ORDER BY r.rating DESC, r.id ASC
      LIMIT ? OFFSET ?`,
    [productId, page.limit, page.offset],
  );
  return { reviews, total: Number(counts[0]?.total ?? 0) };
}

/** One review for each customer and product; marked as verified when the customer bought the product. */
export async function addReview(review: NewReview): Promise<{ id: number; isVerified: boolean }> {
  const [purchases] = await pool.execute<PurchasedRow[]>(
    `SELECT EXISTS (
              SELECT 1
                FROM order_lines l
                JOIN orders o ON o.id = l.order_id
               WHERE o.customer_id = ? AND l.product_id = ? AND o.status <> 'cancelled'
            ) AS purchased`,
    [review.customerId, review.productId],
  );
  const isVerified = Number(purchases[0]?.purchased) === 1;
  try {
    const [result] = await pool.execute<ResultSetHeader>(
      'INSERT INTO reviews (product_id, customer_id, rating, body, is_verified) VALUES (?, ?, ?, ?, ?)',
      [review.productId, review.customerId, review.rating, review.body, isVerified],
    );
    return { id: Number(result.insertId), isVerified };
  } catch (error) {
    const code = mysqlErrorCode(error);
    if (code === 'ER_DUP_ENTRY') throw conflict('the customer reviewed this product already');
    if (code === 'ER_NO_REFERENCED_ROW_2') throw badRequest('no such customer');
    throw error;
  }
}
