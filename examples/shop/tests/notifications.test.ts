import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { get, post } from './support/client.js';
import { makeCustomer, makeProduct, NO_BIG_ID, placeOrder } from './support/fixtures.js';
import type { Notifications } from './support/types.js';

async function read(customerId: string, query = ''): Promise<Notifications> {
  const reply = await get<Notifications>(`/customers/${customerId}/notifications${query}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

describe('notifications', () => {
  it('come the newest first, in pages', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ price: '0.10' });
    const orders = [];
    for (const quantity of [1, 2, 3]) orders.push(await placeOrder(customerId, [[productId, quantity]]));
    const expected = [
      `Your order ${orders[2]} of 0.30 is placed.`,
      `Your order ${orders[1]} of 0.20 is placed.`,
      `Your order ${orders[0]} of 0.10 is placed.`,
      'Welcome, Test Customer!',
    ];
    const all = await read(customerId);
    assert.deepEqual(
      all.notifications.map((notification) => notification.message),
      expected,
    );
    assert.equal(all.unread, 4);
    const paged = [];
    for (const page of [1, 2, 3]) {
      paged.push(...(await read(customerId, `?page=${page}&pageSize=2`)).notifications);
    }
    assert.deepEqual(paged, all.notifications);
  });

  it('are all marked as read at once, for one customer', async () => {
    const [customerId, other] = [await makeCustomer(), await makeCustomer()];
    await placeOrder(customerId, [[await makeProduct(), 1]]);
    assert.deepEqual((await post(`/customers/${customerId}/notifications/read`)).body, { marked: 2 });
    const after = await read(customerId);
    assert.equal(after.unread, 0);
    assert.ok(after.notifications.every((notification) => notification.isRead));
    assert.equal((await read(other)).unread, 1);
    assert.deepEqual((await post(`/customers/${customerId}/notifications/read`)).body, { marked: 0 });
  });

  it('can be limited to those not read yet', async () => {
    const customerId = await makeCustomer();
    await post(`/customers/${customerId}/notifications/read`);
    await placeOrder(customerId, [[await makeProduct(), 1]]);
    const unread = await read(customerId, '?unread=true');
    assert.deepEqual(
      unread.notifications.map((notification) => notification.kind),
      ['order_placed'],
    );
    assert.equal(unread.unread, 1);
    assert.equal((await read(customerId)).notifications.length, 2);
  });

  it('are none for nobody', async () => {
    assert.deepEqual(await read(NO_BIG_ID), { notifications: [], unread: 0 });
    assert.deepEqual((await post(`/customers/${NO_BIG_ID}/notifications/read`)).body, { marked: 0 });
    assert.equal((await get('/customers/x/notifications')).status, 400);
  });
});
