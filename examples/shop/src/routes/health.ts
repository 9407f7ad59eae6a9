import { Router } from 'express';
import { pool } from '../db/pool.js';

export const healthRoutes = Router();

healthRoutes.get('/health', async (_request, response) => {
  await pool.query('SELECT 1');
  response.json({ status: 'ok' });
});
