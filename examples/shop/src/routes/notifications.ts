import { Router } from 'express';
import { bigId } from '../http/ids.js';
import { readPage } from '../http/paging.js';
import { isoMicrosecond } from '../lib/dates.js';
import { countUnread, listNotifications, markAllRead } from '../services/notifications.js';

export const notificationRoutes = Router();

notificationRoutes.get('/customers/:id/notifications', async (request, response) => {
  const customerId = bigId(request);
  const rows = await listNotifications(customerId, request.query['unread'] === 'true', readPage(request));
  response.json({
    notifications: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      message: row.message,
      isRead: row.is_read === 1,
      createdAt: isoMicrosecond(row.created_at),
    })),
    unread: await countUnread(customerId),
  });
});

notificationRoutes.post('/customers/:id/notifications/read', async (request, response) => {
  response.json({ marked: await markAllRead(bigId(request)) });
});
