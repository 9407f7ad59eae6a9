import { Router } from 'express';
import { mysqlErrorCode } from '../../db/errors.js';
import { badRequest, conflict, notFound } from '../../http/errors.js';
import { integer, oneOf, optionalText, price, readFields, text, texts, type Fields } from '../../http/fields.js';
import { intId, parseIntId } from '../../http/ids.js';
import {
  PRODUCT_STATUSES,
  type NewProduct,
  type ProductChanges,
  type ProductRepository,
} from '../../repositories/product-repository.js';

const MAX_STOCK = 4294967295;
const MAX_DESCRIPTION = 16000;

function attributes(fields: Fields): Record<string, unknown> | null {
  const value = fields['attributes'];
  return value === undefined || value === null ? null : readFields(value);
}

function imageChecksum(fields: Fields): Buffer | null {
  const value = optionalText(fields, 'imageChecksum', 44);
  if (value === null) return null;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value || bytes.length > 32) {
    throw badRequest('imageChecksum must be up to 32 bytes in base64');
  }
  return bytes;
}

function readProduct(fields: Fields): NewProduct {
  return {
    sku: text(fields, 'sku', 40),
    categoryId: parseIntId(fields['categoryId'], 'categoryId'),
    name: text(fields, 'name', 160),
    description: optionalText(fields, 'description', MAX_DESCRIPTION),
    price: price(fields, 'price'),
    stock: fields['stock'] === undefined ? 0 : integer(fields, 'stock', 0, MAX_STOCK),
    status: fields['status'] === undefined ? 'draft' : oneOf(fields, 'status', PRODUCT_STATUSES),
    attributes: attributes(fields),
    imageChecksum: imageChecksum(fields),
  };
}

function readChanges(fields: Fields): ProductChanges {
  const changes: ProductChanges = {};
  if ('categoryId' in fields) changes.categoryId = parseIntId(fields['categoryId'], 'categoryId');
  if ('name' in fields) changes.name = text(fields, 'name', 160);
  if ('description' in fields) changes.description = optionalText(fields, 'description', MAX_DESCRIPTION);
  if ('price' in fields) changes.price = price(fields, 'price');
  if ('stock' in fields) changes.stock = integer(fields, 'stock', 0, MAX_STOCK);
  if ('status' in fields) changes.status = oneOf(fields, 'status', PRODUCT_STATUSES);
  if ('attributes' in fields) changes.attributes = attributes(fields);
  return changes;
}

export function adminProductRoutes(products: ProductRepository): Router {
  const router = Router();

  router.post('/products', async (request, response) => {
    const product = readProduct(readFields(request.body));
    try {
      const id = await products.insert(product);
      response.status(201).json({ id });
    } catch (error) {
      const code = mysqlErrorCode(error);
      if (code === 'ER_DUP_ENTRY') throw conflict(`the SKU ${product.sku} is taken`);
      if (code === 'ER_NO_REFERENCED_ROW_2') throw badRequest('no such category');
      throw error;
    }
  });

  router.patch('/products/:id', async (request, response) => {
    const changes = readChanges(readFields(request.body));
    try {
      if (!(await products.update(intId(request), changes))) throw notFound('product');
    } catch (error) {
      if (mysqlErrorCode(error) === 'ER_NO_REFERENCED_ROW_2') throw badRequest('no such category');
      throw error;
    }
    response.status(204).end();
  });

  router.put('/products/:id/tags', async (request, response) => {
    const id = intId(request);
    const tags = texts(readFields(request.body), 'tags', 20, 60);
    if (!(await products.exists(id))) throw notFound('product');
    await products.replaceTags(id, tags);
    response.json({ tags: await products.tagsOf(id) });
  });

  return router;
}
