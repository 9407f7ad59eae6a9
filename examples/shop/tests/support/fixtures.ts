import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { admin, get, post } from './client.js';
import type { Customer, ProductDetail } from './types.js';

/** Makes the names of this run differ from those of every other run. */
const run = randomBytes(5).toString('hex');
let counter = 0;

export function unique(prefix = 'x'): string {
  counter += 1;
  return `${prefix}-${run}-${counter}`;
}

export const ADDRESS = { line1: '1 Birch Lane', city: 'Delft', postcode: '2611', country: 'NL' };

export async function makeCategory(fields: Record<string, unknown> = {}): Promise<number> {
  const reply = await admin<{ id: number }>('POST', '/categories', { name: unique('category'), ...fields });
  assert.equal(reply.status, 201);
  return reply.body.id;
}

/** A product on sale, with ten in stock at 10.00, unless told otherwise. */
export async function makeProduct(fields: Record<string, unknown> = {}): Promise<number> {
  const reply = await admin<{ id: number }>('POST', '/products', {
    sku: unique('sku'),
    name: unique('product'),
    price: '10.00',
    stock: 10,
    status: 'active',
    ...fields,
    categoryId: fields['categoryId'] ?? (await makeCategory()),
  });
  assert.equal(reply.status, 201);
  return reply.body.id;
}

export async function readProduct(id: number): Promise<ProductDetail> {
  const reply = await get<ProductDetail>(`/products/${id}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

export async function makeCustomer(fields: Record<string, unknown> = {}): Promise<string> {
  const reply = await post<{ id: string }>('/customers', {
    email: `${unique('mail')}@example.com`,
    name: 'Test Customer',
    ...fields,
  });
  assert.equal(reply.status, 201);
  return reply.body.id;
}

export async function readCustomer(id: string): Promise<Customer> {
  const reply = await get<Customer>(`/customers/${id}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

export async function fillCart(customerId: string, productId: number, quantity = 1): Promise<void> {
  const reply = await post(`/customers/${customerId}/cart/items`, { productId, quantity });
  assert.equal(reply.status, 201);
}

export async function placeOrder(customerId: string, items: [number, number][], note?: string | null): Promise<string> {
  for (const [productId, quantity] of items) await fillCart(customerId, productId, quantity);
  const reply = await post<{ orderId: string }>(`/customers/${customerId}/checkout`, { note });
  assert.equal(reply.status, 201);
  return reply.body.orderId;
}

/** Ids that no one will ever be given. */
export const NO_INT_ID = 4294967295;
export const NO_BIG_ID = '18446744073709551615';
