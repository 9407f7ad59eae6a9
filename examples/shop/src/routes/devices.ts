import { Router } from 'express';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { mysqlErrorCode } from '../db/errors.js';
import { pool } from '../db/pool.js';
import { badRequest, notFound } from '../http/errors.js';
import { moment, oneOf, readFields } from '../http/fields.js';
import { bigId } from '../http/ids.js';
import { isoMicrosecond, isoSecond } from '../lib/dates.js';

export const deviceRoutes = Router();

const PLATFORMS = ['ios', 'android', 'web'] as const;

interface DeviceRow extends RowDataPacket {
  push_token: Buffer;
  platform: (typeof PLATFORMS)[number];
  expires_at: string;
  registered_at: string;
}

/** A push token is up to 64 bytes, written in hexadecimal. */
function readToken(value: string): Buffer {
  if (!/^([0-9a-f]{2}){1,64}$/.test(value)) throw badRequest('the push token must be 1 to 64 bytes in hexadecimal');
  return Buffer.from(value, 'hex');
}

deviceRoutes.get('/customers/:id/devices', async (request, response) => {
  const [devices] = await pool.execute<DeviceRow[]>(
    `SELECT push_token, platform, expires_at, registered_at
       FROM devices
      WHERE customer_id = ?
      ORDER BY expires_at DESC, push_token`,
    [bigId(request)],
  );
  response.json({
    devices: devices.map((device) => ({
      pushToken: device.push_token.toString('hex'),
      platform: device.platform,
      expiresAt: isoMicrosecond(device.expires_at),
      registeredAt: isoSecond(device.registered_at),
    })),
  });
});

deviceRoutes.put('/customers/:id/devices/:pushToken', async (request, response) => {
  const customerId = bigId(request);
  const pushToken = readToken(request.params.pushToken);
  const fields = readFields(request.body);
  const platform = oneOf(fields, 'platform', PLATFORMS);
  const expiresAt = moment(fields, 'expiresAt');
  try {
    // A device that changes hands takes its token along.
    await pool.execute(
      `INSERT INTO devices (push_token, customer_id, platform, expires_at)
       VALUES (?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE
         customer_id = VALUES(customer_id), platform = VALUES(platform), expires_at = VALUES(expires_at)`,
      [pushToken, customerId, platform, expiresAt],
    );
  } catch (error) {
    if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw notFound('customer');
    throw error;
  }
  response.status(204).end();
});

deviceRoutes.delete('/customers/:id/devices/expired', async (request, response) => {
  const [result] = await pool.execute<ResultSetHeader>(
    'DELETE FROM devices WHERE customer_id = ? AND expires_at < NOW(6)',
    [bigId(request)],
  );
  response.json({ deleted: result.affectedRows });
});
