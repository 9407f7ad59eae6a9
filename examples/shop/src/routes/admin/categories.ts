import { Router } from 'express';
import type { ResultSetHeader } from 'mysql2/promise';
import { mysqlErrorCode } from '../../db/errors.js';
import { pool } from '../../db/pool.js';
import { badRequest, conflict, notFound } from '../../http/errors.js';
import { integer, readFields, text } from '../../http/fields.js';
import { intId, parseIntId } from '../../http/ids.js';

export const adminCategoryRoutes = Router();

adminCategoryRoutes.post('/categories', async (request, response) => {
  const fields = readFields(request.body);
  const name = text(fields, 'name', 80);
  const parentId = (fields['parentId'] ?? null) === null ? null : parseIntId(fields['parentId'], 'parentId');
  const position = fields['position'] === undefined ? 0 : integer(fields, 'position', -2147483648, 2147483647);
  try {
    const [result] = await pool.execute<ResultSetHeader>(
      'INSERT INTO categories (parent_id, name, position) VALUES (?, ?, ?)',
      [parentId, name, position],
    );
    response.status(201).json({ id: Number(result.insertId) });
  } catch (error) {
    if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw badRequest('no such parent category');
    throw error;
  }
});

adminCategoryRoutes.delete('/categories/:id', async (request, response) => {
  try {
    const [result] = await pool.execute<ResultSetHeader>('DELETE FROM categories WHERE id = ?', [intId(request)]);
    if (result.affectedRows === 0) throw notFound('category');
  } catch (error) {
    if (mysqlErrorCode(error) === 'ER_ROW_IS_REFERENCED_2') throw conflict('the category is not empty');
    throw error;
  }
  response.status(204).end();
});
