import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get, post } from './support/client.js';
import {
  makeCategory,
  makeCustomer,
  makeProduct,
  NO_BIG_ID,
  placeOrder,
  readProduct,
  unique,
} from './support/fixtures.js';
import type { Notifications, OrderDetail, OrderPage } from './support/types.js';

async function list(customerId: string, query = ''): Promise<OrderPage> {
  const reply = await get<OrderPage>(`/customers/${customerId}/orders${query}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

async function read(id: string): Promise<OrderDetail> {
  return (await get<OrderDetail>(`/orders/${id}`)).body;
}

const cancel = (id: string) => post<{ id: string; status: string }>(`/orders/${id}/cancel`);
const advance = (id: string, status: string) => admin('POST', `/orders/${id}/status`, { status });

describe('the orders of a customer', () => {
  it('come the newest first, in pages', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    const ids = [];
    for (let left = 5; left > 0; left -= 1) ids.unshift(await placeOrder(customerId, [[productId, 1]]));
    const seen: string[] = [];
    for (const page of [1, 2, 3]) {
      const { orders, total } = await list(customerId, `?page=${page}&pageSize=2`);
      assert.equal(total, 5);
      seen.push(...orders.map((order) => order.id));
    }
    assert.deepEqual(seen, ids);
  });

  it('are counted by status, and their sum is exact', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ price: '0.10', stock: 50 });
    const ids = [];
    for (const quantity of [1, 2, 4, 8]) ids.push(await placeOrder(customerId, [[productId, quantity]]));
    await cancel(ids[1] ?? '');
    await advance(ids[2] ?? '', 'paid');
    const { counts, spent, total } = await list(customerId);
    assert.deepEqual(counts, { pending: 2, paid: 1, cancelled: 1 });
    assert.equal(spent, '1.30');
    assert.equal(total, 4);
  });

  it('are none at first', async () => {
    assert.deepEqual(await list(await makeCustomer()), { orders: [], total: 0, counts: {}, spent: '0.00' });
  });

  it('need a customer', async () => {
    assert.equal((await get(`/customers/${NO_BIG_ID}/orders`)).status, 404);
    assert.equal((await get(`/customers/${await makeCustomer()}/orders?page=-1`)).status, 400);
  });

  it('tell what was bought, each product once, without what was cancelled', async () => {
    const customerId = await makeCustomer();
    const categoryId = await makeCategory();
    const sku = unique('sku');
    const a = await makeProduct({ categoryId, sku, name: 'A' });
    const b = await makeProduct({ categoryId });
    const c = await makeProduct({ categoryId });
    await placeOrder(customerId, [[b, 1]]);
    await placeOrder(customerId, [
      [b, 1],
      [a, 1],
    ]);
    await cancel(await placeOrder(customerId, [[c, 1]]));
    const reply = await get<{ products: { id: number }[] }>(`/customers/${customerId}/purchases`);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body.products[0], { id: a, sku, name: 'A' });
    assert.deepEqual(
      reply.body.products.map((product) => product.id),
      [a, b],
    );
    assert.deepEqual((await get(`/customers/${NO_BIG_ID}/purchases`)).body, { products: [] });
  });
});

describe('an order', () => {
  it('is not found when there is none', async () => {
    assert.equal((await get(`/orders/${NO_BIG_ID}`)).status, 404);
    assert.equal((await cancel(NO_BIG_ID)).status, 404);
    assert.equal((await advance(NO_BIG_ID, 'paid')).status, 404);
    assert.equal((await get('/orders/x')).status, 400);
  });

  it('can be cancelled, which puts the goods back', async () => {
    const customerId = await makeCustomer();
    const [a, b] = [await makeProduct({ stock: 5 }), await makeProduct({ stock: 1 })];
    const id = await placeOrder(customerId, [
      [a, 2],
      [b, 1],
    ]);
    const reply = await cancel(id);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body, { id, status: 'cancelled' });
    const order = await read(id);
    assert.equal(order.status, 'cancelled');
    assert.ok(order.cancelledAt !== null && order.cancelledAt > order.placedAt);
    assert.equal(order.lines.length, 2);
    assert.equal((await readProduct(a)).stock, 5);
    assert.equal((await readProduct(b)).stock, 1);
    const { notifications } = (await get<Notifications>(`/customers/${customerId}/notifications`)).body;
    assert.equal(notifications[0]?.message, `Your order ${id} is cancelled.`);
  });

  it('is cancelled once only, however often it is asked for', async () => {
    const productId = await makeProduct({ stock: 9 });
    const id = await placeOrder(await makeCustomer(), [[productId, 4]]);
    const replies = await Promise.all(Array.from({ length: 6 }, () => cancel(id)));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 409, 409, 409, 409, 409]);
    assert.equal((await readProduct(productId)).stock, 9);
  });

  it('is paid, then shipped, then not cancelled any more', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ stock: 2 });
    const id = await placeOrder(customerId, [[productId, 1]]);
    assert.equal((await advance(id, 'shipped')).status, 409);
    assert.deepEqual((await advance(id, 'paid')).body, { id, status: 'paid' });
    assert.equal((await advance(id, 'paid')).status, 409);
    assert.equal((await advance(id, 'shipped')).status, 200);
    assert.equal((await read(id)).status, 'shipped');
    assert.equal((await cancel(id)).status, 409);
    assert.equal((await readProduct(productId)).stock, 1);
    const { notifications } = (await get<Notifications>(`/customers/${customerId}/notifications`)).body;
    assert.equal(notifications[0]?.kind, 'order_shipped');
  });

  it('is shipped once only, however often it is asked for', async () => {
    const customerId = await makeCustomer();
    const id = await placeOrder(customerId, [[await makeProduct(), 1]]);
    await advance(id, 'paid');
    const replies = await Promise.all(Array.from({ length: 5 }, () => advance(id, 'shipped')));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 409, 409, 409, 409]);
    const { notifications } = (await get<Notifications>(`/customers/${customerId}/notifications`)).body;
    assert.equal(notifications.filter((notification) => notification.kind === 'order_shipped').length, 1);
  });

  it('becomes nothing else', async () => {
    const id = await placeOrder(await makeCustomer(), [[await makeProduct(), 1]]);
    for (const status of ['pending', 'cancelled', '', undefined]) {
      assert.equal((await admin('POST', `/orders/${id}/status`, { status })).status, 400);
    }
  });
});
