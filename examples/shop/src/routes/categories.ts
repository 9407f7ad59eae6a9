import { Router } from 'express';
import type { RowDataPacket } from 'mysql2/promise';
import { pool } from '../db/pool.js';
import { notFound } from '../http/errors.js';
import { intId } from '../http/ids.js';
import { ancestorsOf, childrenOf, findCategory, type CategoryRow } from '../services/category-tree.js';

export const categoryRoutes = Router();

interface ProductCountRow extends RowDataPacket {
  products: string;
}

function categoryView(row: CategoryRow) {
  return { id: row.id, parentId: row.parent_id, name: row.name, position: row.position };
}

categoryRoutes.get('/categories', async (request, response) => {
  const rootsOnly = request.query['roots'] === 'true';
  const [rows] = rootsOnly
    ? await pool.query<CategoryRow[]>('SELECT * FROM categories WHERE parent_id IS NULL ORDER BY position, id')
    : await pool.query<CategoryRow[]>('SELECT * FROM categories ORDER BY name, id');
  response.json({ categories: rows.map(categoryView) });
});

categoryRoutes.get('/categories/:id', async (request, response) => {
  const id = intId(request);
  const category = await findCategory(id);
  if (category === undefined) throw notFound('category');
  const ancestors = await ancestorsOf(category);
  const children = await childrenOf(id);
  const [counts] = await pool.execute<ProductCountRow[]>(
    "SELECT COUNT(*) AS products FROM products WHERE category_id = ? AND status = 'active'",
    [id],
  );
  response.json({
    ...categoryView(category),
    path: [...ancestors, category].map((step) => step.name),
    children: children.map(categoryView),
    productCount: Number(counts[0]?.products ?? 0),
  });
});
