import { isoMicrosecond, isoSecond } from '../lib/dates.js';
import type { ProductRow } from '../repositories/product-repository.js';

/** A product as the API shows it. */
export function productView(row: ProductRow) {
  return {
    id: row.id,
    sku: row.sku,
    categoryId: row.category_id,
    name: row.name,
    description: row.description,
    price: row.price,
    stock: row.stock,
    status: row.status,
    attributes: row.attributes,
    imageChecksum: row.image_checksum === null ? null : row.image_checksum.toString('base64'),
    createdAt: isoSecond(row.created_at),
    updatedAt: isoMicrosecond(row.updated_at),
  };
}
