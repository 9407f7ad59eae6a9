import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { pool } from '../db/pool.js';
import type { Page } from '../http/paging.js';

export type NotificationKind = 'order_placed' | 'order_cancelled' | 'order_shipped' | 'welcome';

export interface NotificationRow extends RowDataPacket {
  id: string;
  kind: NotificationKind;
  message: string;
  is_read: number;
  created_at: string;
}

interface UnreadRow extends RowDataPacket {
  unread: string;
}

/** Leaves a message for a customer, in the caller's transaction if there is one. */
export async function notify(
  database: Pool | PoolConnection,
  customerId: string,
  kind: NotificationKind,
  message: string,
): Promise<void> {
  await database.execute('INSERT INTO notifications (customer_id, kind, message) VALUES (?, ?, ?)', [
    customerId,
    kind,
    message,
  ]);
}

/** The newest first; only those not read yet, if so wished. */
export async function listNotifications(
  customerId: string,
  unreadOnly: boolean,
  page: Page,
): Promise<NotificationRow[]> {
  const [rows] = await pool.query<NotificationRow[]>(
    `SELECT id, kind, message, is_read, created_at
       FROM notifications
      WHERE customer_id = ?${unreadOnly ? ' AND is_read = FALSE' : ''}
      ORDER BY id DESC
      LIMIT ? OFFSET ?`,
    [customerId, page.limit, page.offset],
  );
  return rows;
}

export async function countUnread(customerId: string): Promise<number> {
  const [rows] = await pool.execute<UnreadRow[]>(
    'SELECT COUNT(*) AS unread FROM notifications WHERE customer_id = ? AND is_read = FALSE',
    [customerId],
  );
  return Number(rows[0]?.unread ?? 0);
}

export async function markAllRead(customerId: string): Promise<number> {
  const [result] = await pool.execute<ResultSetHeader>(
    'UPDATE notifications SET is_read = TRUE WHERE customer_id = ? AND is_read = FALSE',
    [customerId],
  );
  return result.affectedRows;
}
