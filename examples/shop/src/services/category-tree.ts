import type { RowDataPacket } from 'mysql2/promise';
import { pool } from '../db/pool.js';

export interface CategoryRow extends RowDataPacket {
  id: number;
  parent_id: number | null;
  name: string;
  position: number;
}

export async function findCategory(id: number): Promise<CategoryRow | undefined> {
  const [rows] = await pool.execute<CategoryRow[]>(
    'SELECT id, parent_id, name, position FROM categories WHERE id = ?',
    [id],
  );
  return rows[0];
}

export async function childrenOf(id: number): Promise<CategoryRow[]> {
  const [rows] = await pool.execute<CategoryRow[]>(
    'SELECT id, parent_id, name, position FROM categories WHERE parent_id = ? ORDER BY position, id',
    [id],
  );
  return rows;
}

/** The way from the root down to a category's parent. */
export async function ancestorsOf(category: CategoryRow): Promise<CategoryRow[]> {
  const ancestors: CategoryRow[] = [];
  const seen = new Set([category.id]);
  let parentId = category.parent_id;
  while (parentId !== null && !seen.has(parentId)) {
    seen.add(parentId);
    const parent = await findCategory(parentId);
    if (parent === undefined) break;
    ancestors.unshift(parent);
    parentId = parent.parent_id;
  }
  return ancestors;
}
