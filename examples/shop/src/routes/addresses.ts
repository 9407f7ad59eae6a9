import { Router } from 'express';
import type { ResultSetHeader } from 'mysql2/promise';
import { mysqlErrorCode } from '../db/errors.js';
import { pool } from '../db/pool.js';
import { inTransaction } from '../db/transaction.js';
import { badRequest, notFound } from '../http/errors.js';
import { optionalText, readFields, text, type Fields } from '../http/fields.js';
import { bigId, intId } from '../http/ids.js';
import type { NewAddress } from '../services/register-customer.js';

export const addressRoutes = Router();

export function readAddress(fields: Fields): NewAddress {
  const country = text(fields, 'country', 2);
  if (!/^[A-Z]{2}$/.test(country)) throw badRequest('country must be two capital letters');
  return {
    label: optionalText(fields, 'label', 60) ?? '',
    line1: text(fields, 'line1', 160),
    line2: optionalText(fields, 'line2', 160),
    city: text(fields, 'city', 80),
    postcode: text(fields, 'postcode', 16),
    country,
  };
}

addressRoutes.post('/customers/:id/addresses', async (request, response) => {
  const customerId = bigId(request);
  const fields = readFields(request.body);
  const address = readAddress(fields);
  const isDefault = fields['isDefault'] === true;
  try {
    const id = await inTransaction(pool, async (connection) => {
      if (isDefault) {
        await connection.execute('UPDATE addresses SET is_default = 0 WHERE customer_id = ?', [customerId]);
      }
      const [inserted] = await connection.execute<ResultSetHeader>(
        'INSERT INTO addresses SET customer_id = ?, label = ?, line1 = ?, line2 = ?, city = ?, postcode = ?, country = ?, is_default = ?',
        [
          customerId,
          address.label,
          address.line1,
          address.line2,
          address.city,
          address.postcode,
          address.country,
          isDefault ? 1 : 0,
        ],
      );
      return Number(inserted.insertId);
    });
    response.status(201).json({ id });
  } catch (error) {
    if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw notFound('customer');
    throw error;
  }
});

addressRoutes.delete('/customers/:id/addresses/:addressId', async (request, response) => {
  const [result] = await pool.execute<ResultSetHeader>('DELETE FROM addresses WHERE id = ? AND customer_id = ?', [
    intId(request, 'addressId'),
    bigId(request),
  ]);
  if (result.affectedRows === 0) throw notFound('address');
  response.status(204).end();
});
