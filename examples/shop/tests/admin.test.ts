import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get, post, send } from './support/client.js';
import { makeCustomer, makeProduct, NO_INT_ID, placeOrder } from './support/fixtures.js';
import type { Order, OrderDetail } from './support/types.js';

interface OrderPage {
  orders: Order[];
  total: number;
  page: number;
  pageSize: number;
}

interface Sales {
  days: { day: string; orders: number; revenue: string }[];
}

interface Sold {
  products: { id: number; quantity: number; revenue: string }[];
}

describe('the admin routes', () => {
  it('are closed without the key', async () => {
    const routes = [
      ['POST', '/admin/products'],
      ['PATCH', '/admin/products/1'],
      ['PUT', '/admin/products/1/tags'],
      ['POST', '/admin/categories'],
      ['DELETE', '/admin/categories/1'],
      ['GET', '/admin/orders?status=paid'],
      ['POST', '/admin/orders/1/status'],
      ['GET', '/admin/reports/sales-by-day?from=2024-01-01&to=2024-01-02'],
      ['GET', '/admin/reports/products-sold?ids=1'],
      ['GET', '/admin/nothing'],
    ] as const;
    for (const [method, path] of routes) {
      assert.equal((await send(method, path)).status, 401, path);
      assert.equal((await send(method, path, undefined, { 'x-admin-key': 'wrong' })).status, 401, path);
    }
    assert.equal((await admin('GET', '/nothing')).status, 404);
  });
});

describe('all orders of a status', () => {
  it('come the oldest first, with how many there are', async () => {
    const reply = await admin<OrderPage>('GET', '/orders?status=shipped&pageSize=50');
    assert.equal(reply.status, 200);
    const { orders, total, page, pageSize } = reply.body;
    assert.deepEqual([page, pageSize], [1, 50]);
    assert.ok(total >= orders.length);
    assert.ok(orders.every((order) => order.status === 'shipped'));
    const keys = orders.map((order) => `${order.placedAt} ${order.id.padStart(20, '0')}`);
    assert.deepEqual(keys, [...keys].sort());
  });

  it('end with the one placed last', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    const id = await placeOrder(customerId, [[productId, 1]]);
    // Others place orders at the same time: look at the last pages until it's there.
    const { total } = (await admin<OrderPage>('GET', '/orders?status=pending&pageSize=1')).body;
    const found: Order[] = [];
    for (let page = Math.max(1, Math.floor(total / 100)); page <= Math.ceil(total / 100) + 1; page += 1) {
      found.push(...(await admin<OrderPage>('GET', `/orders?status=pending&pageSize=100&page=${page}`)).body.orders);
    }
    const order = found.find((each) => each.id === id);
    assert.equal(order?.customerId, customerId);
    assert.equal(order.total, '10.00');
    await post(`/orders/${id}/cancel`);
  });

  it('are counted', async () => {
    const id = await placeOrder(await makeCustomer(), [[await makeProduct(), 1]]);
    await post(`/orders/${id}/cancel`);
    const { total, orders } = (await admin<OrderPage>('GET', '/orders?status=cancelled&pageSize=1')).body;
    assert.ok(total >= 1);
    assert.equal(orders.length, 1);
    const beyond = await admin<OrderPage>('GET', '/orders?status=cancelled&pageSize=100&page=1000000');
    assert.deepEqual(beyond.body.orders, []);
    assert.ok(beyond.body.total >= total);
  });

  it('need a status that exists', async () => {
    assert.equal((await admin('GET', '/orders')).status, 400);
    assert.equal((await admin('GET', '/orders?status=lost')).status, 400);
  });
});

describe('the sales by day', () => {
  const report = (from: string, to: string) => admin<Sales>('GET', `/reports/sales-by-day?from=${from}&to=${to}`);

  it('hold the orders of the day, without the cancelled ones', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ price: '1000000.01', stock: 100 });
    const id = await placeOrder(customerId, [[productId, 1]]);
    const day = (await get<OrderDetail>(`/orders/${id}`)).body.placedAt.slice(0, 10);
    const [row, ...rest] = (await report(day, day)).body.days;
    assert.deepEqual(rest, []);
    assert.equal(row?.day, day);
    assert.ok(row.orders >= 1);
    assert.match(row.revenue, /^\d+\.\d\d$/);
    assert.ok(Number(row.revenue) >= 1000000.01);
  });

  it('are in the order of the days, both ends included', async () => {
    const { days } = (await report('2024-01-01', '2025-12-31')).body;
    const names = days.map((row) => row.day);
    assert.deepEqual(names, [...new Set(names)].sort());
    const [first, last] = [names[0], names.at(-1)];
    if (first === undefined || last === undefined) return;
    assert.deepEqual((await report(first, last)).body.days, days);
    assert.deepEqual((await report(first, first)).body.days, days.slice(0, 1));
  });

  it('are none where nothing was sold', async () => {
    assert.deepEqual((await report('1000-01-01', '1000-12-31')).body, { days: [] });
  });

  it('need two days in their order', async () => {
    for (const [from, to] of [
      ['2024-01-02', '2024-01-01'],
      ['2024-02-30', '2024-03-01'],
      ['x', '2024-03-01'],
    ] as const) {
      assert.equal((await report(from, to)).status, 400);
    }
    assert.equal((await admin('GET', '/reports/sales-by-day')).status, 400);
  });
});

describe('the sales by product', () => {
  it('are exact, by product id, for those asked for', async () => {
    const customerId = await makeCustomer();
    const a = await makeProduct({ price: '0.10', stock: 100 });
    const b = await makeProduct({ price: '33.33', stock: 100 });
    const unsold = await makeProduct();
    await placeOrder(customerId, [
      [b, 3],
      [a, 1],
    ]);
    await admin('PATCH', `/products/${a}`, { price: '0.20' });
    await placeOrder(await makeCustomer(), [[a, 5]]);
    const reply = await admin<Sold>('GET', `/reports/products-sold?ids=${b},${unsold},${NO_INT_ID},${a}`);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body.products, [
      { id: a, quantity: 6, revenue: '1.10' },
      { id: b, quantity: 3, revenue: '99.99' },
    ]);
  });

  it('need a proper list', async () => {
    assert.equal((await admin('GET', '/reports/products-sold')).status, 400);
    assert.equal((await admin('GET', '/reports/products-sold?ids=1;2')).status, 400);
  });
});
