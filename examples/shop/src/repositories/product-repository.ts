import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

export const PRODUCT_STATUSES = ['draft', 'active', 'retired'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

export interface ProductRow extends RowDataPacket {
  id: number;
  sku: string;
  category_id: number;
  name: string;
  description: string | null;
  price: string;
  stock: number;
  status: ProductStatus;
  attributes: Record<string, unknown> | null;
  image_checksum: Buffer | null;
  created_at: string;
  updated_at: string;
}

export interface ProductDetailRow extends ProductRow {
  category_name: string;
  availability: 'sold_out' | 'low' | 'available';
}

export interface RatingRow extends RowDataPacket {
  review_count: string;
  average_rating: string;
}

interface CountRow extends RowDataPacket {
  total: string;
}

interface NameRow extends RowDataPacket {
  name: string;
}

interface IdRow extends RowDataPacket {
  id: number;
}

export interface ProductSearch {
  categoryId?: number;
  minPrice?: string;
  maxPrice?: string;
  term?: string;
  sort: ProductSort;
  limit: number;
  offset: number;
}

export interface NewProduct {
  sku: string;
  categoryId: number;
  name: string;
  description: string | null;
  price: string;
  stock: number;
  status: ProductStatus;
  attributes: Record<string, unknown> | null;
  imageChecksum: Buffer | null;
}

export type ProductChanges = Partial<Omit<NewProduct, 'sku' | 'imageChecksum'>>;

const SORTS = {
  name: 'p.name ASC, p.id ASC',
  cheapest: 'p.price ASC, p.id ASC',
  dearest: 'p.price DESC, p.id DESC',
  newest: 'p.created_at DESC, p.id DESC',
} as const;

export type ProductSort = keyof typeof SORTS;
export const PRODUCT_SORTS = Object.keys(SORTS) as ProductSort[];

/** Keeps the wildcards of LIKE out of a search term. */
function escapeLike(term: string): string {
  return term.replace(/[\\%_]/g, (character) => `\\${character}`);
}

export class ProductRepository {
  constructor(private readonly pool: Pool) {}

  /** One page of the products on sale, and how many there are on all pages. */
  async search(search: ProductSearch): Promise<{ products: ProductRow[]; total: number }> {
    const conditions = ["p.status = 'active'"];
    const params: (string | number)[] = [];
    if (search.categoryId !== undefined) {
      conditions.push('p.category_id = ?');
      params.push(search.categoryId);
    }
    if (search.minPrice !== undefined) {
      conditions.push('p.price >= ?');
      params.push(search.minPrice);
    }
    if (search.maxPrice !== undefined) {
      conditions.push('p.price <= ?');
      params.push(search.maxPrice);
    }
    if (search.term !== undefined) {
      conditions.push('p.name LIKE ?');
      params.push(`%${escapeLike(search.term)}%`);
    }
    const where = conditions.join(' AND ');
    const [counts] = await this.pool.query<CountRow[]>(
      `SELECT COUNT(*) AS total FROM products p WHERE ${where}`,
      params,
    );
    const [products] = await this.pool.query<ProductRow[]>(
      `SELECT p.* FROM products p WHERE ${where} ORDER BY ${SORTS[search.sort]} LIMIT ? OFFSET ?`,
      [...params, search.limit, search.offset],
    );
    return { products, total: Number(counts[0]?.total ?? 0) };
  }

  async findById(id: number): Promise<ProductDetailRow | undefined> {
    const [rows] = await this.pool.execute<ProductDetailRow[]>(
      `SELECT p.*, c.name AS category_name,
              CASE WHEN p.stock = 0 THEN 'sold_out' WHEN p.stock < 5 THEN 'low' ELSE 'available' END AS availability
         FROM products p
         JOIN categories c ON c.id = p.category_id
        WHERE p.id = ?`,
      [id],
    );
    return rows[0];
  }

  async findMany(ids: number[]): Promise<ProductRow[]> {
    const [rows] = await this.pool.query<ProductRow[]>('SELECT * FROM products WHERE id IN (?) ORDER BY id', [ids]);
    return rows;
  }

  async findBySku(sku: string): Promise<ProductRow | undefined> {
    const [rows] = await this.pool.execute<ProductRow[]>('SELECT * FROM products WHERE sku = ?', [sku]);
    return rows[0];
  }

  async findByTag(tag: string): Promise<ProductRow[]> {
    const [rows] = await this.pool.execute<ProductRow[]>(
      `SELECT p.*
         FROM tags t
         JOIN product_tags pt ON pt.tag_id = t.id
         JOIN products p ON p.id = pt.product_id
        WHERE t.name = ? AND p.status <> 'retired'
        ORDER BY p.id`,
      [tag],
    );
    return rows;
  }

  async exists(id: number): Promise<boolean> {
    const [rows] = await this.pool.execute<IdRow[]>('SELECT id FROM products WHERE id = ?', [id]);
    return rows.length > 0;
  }

  async tagsOf(id: number): Promise<string[]> {
    const [rows] = await this.pool.execute<NameRow[]>(
      'SELECT t.name FROM product_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.product_id = ? ORDER BY t.id',
      [id],
    );
    return rows.map((row) => row.name);
  }

  async ratingOf(id: number): Promise<{ count: number; average: string }> {
    const [rows] = await this.pool.execute<RatingRow[]>(
      `SELECT COUNT(*) AS review_count, COALESCE(AVG(rating), 0) AS average_rating
         FROM reviews
        WHERE product_id = ?`,
      [id],
    );
    const rating = rows[0];
    return { count: Number(rating?.review_count ?? 0), average: Number(rating?.average_rating ?? 0).toFixed(2) };
  }

  async insert(product: NewProduct): Promise<number> {
    const [result] = await this.pool.execute<ResultSetHeader>(
      `INSERT INTO products (sku, category_id, name, description, price, stock, status, attributes, image_checksum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        product.sku,
        product.categoryId,
        product.name,
        product.description,
        product.price,
        product.stock,
        product.status,
        product.attributes === null ? null : JSON.stringify(product.attributes),
        product.imageChecksum,
      ],
    );
    return Number(result.insertId);
  }

  /** Changes what is given, and only that. False when there is no such product. */
  async update(id: number, changes: ProductChanges): Promise<boolean> {
    const sets: string[] = ['updated_at = NOW(6)'];
    const params: (string | number | null)[] = [];
    if (changes.categoryId !== undefined) {
      sets.push('category_id = ?');
      params.push(changes.categoryId);
    }
    if (changes.name !== undefined) {
      sets.push('name = ?');
      params.push(changes.name);
    }
    if (changes.description !== undefined) {
      sets.push('description = ?');
      params.push(changes.description);
    }
    if (changes.price !== undefined) {
      sets.push('price = ?');
      params.push(changes.price);
    }
    if (changes.stock !== undefined) {
      sets.push('stock = ?');
      params.push(changes.stock);
    }
    if (changes.status !== undefined) {
      sets.push('status = ?');
      params.push(changes.status);
    }
    if (changes.attributes !== undefined) {
      sets.push('attributes = ?');
      params.push(changes.attributes === null ? null : JSON.stringify(changes.attributes));
    }
    params.push(id);
    const [result] = await this.pool.execute<ResultSetHeader>(
      `UPDATE products SET ${sets.join(', ')} WHERE id = ?`,
      params,
    );
    return result.affectedRows > 0;
  }

  /** Gives a product exactly these tags, making those that don't exist yet. */
  async replaceTags(id: number, names: string[]): Promise<void> {
    const connection = await this.pool.getConnection();
    try {
      await connection.beginTransaction();
      await connection.execute('DELETE FROM product_tags WHERE product_id = ?', [id]);
      if (names.length > 0) {
        await connection.query('INSERT INTO tags (name) VALUES ? ON DUPLICATE KEY UPDATE name = name', [
          names.map((name) => [name]),
        ]);
        const [tags] = await connection.query<IdRow[]>('SELECT id FROM tags WHERE name IN (?) ORDER BY id', [names]);
        await connection.query('INSERT INTO product_tags (product_id, tag_id) VALUES ?', [
          tags.map((tag) => [id, tag.id]),
        ]);
      }
      await connection.commit();
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  }
}
