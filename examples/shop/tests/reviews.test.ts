import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { get, post } from './support/client.js';
import { makeCustomer, makeProduct, NO_BIG_ID, NO_INT_ID, placeOrder, readProduct } from './support/fixtures.js';
import type { Reviews } from './support/types.js';

async function review(productId: number, customerId: unknown, rating: unknown, body?: unknown) {
  return post<{ id: number; isVerified: boolean }>(`/products/${productId}/reviews`, { customerId, rating, body });
}

async function list(productId: number, query = ''): Promise<Reviews> {
  const reply = await get<Reviews>(`/products/${productId}/reviews${query}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

describe('reviews', () => {
  it('are written and read', async () => {
    const productId = await makeProduct();
    const body = 'Très bien 😍\n"really"';
    const made = await review(productId, await makeCustomer({ name: 'Chloé' }), 5, body);
    assert.equal(made.status, 201);
    assert.equal(made.body.isVerified, false);
    const { reviews, total } = await list(productId);
    assert.equal(total, 1);
    const createdAt = reviews[0]?.createdAt;
    assert.deepEqual(reviews, [{ id: made.body.id, author: 'Chloé', rating: 5, body, isVerified: false, createdAt }]);
  });

  it('tell no words from empty ones', async () => {
    const productId = await makeProduct();
    await review(productId, await makeCustomer(), 1, '');
    await review(productId, await makeCustomer(), 1);
    assert.deepEqual(
      (await list(productId)).reviews.map((each) => each.body),
      ['', null],
    );
  });

  it('are verified when the product was bought and the order not cancelled', async () => {
    const [productId, cancelled] = [await makeProduct(), await makeProduct()];
    const customerId = await makeCustomer();
    await placeOrder(customerId, [[productId, 1]]);
    const orderId = await placeOrder(customerId, [[cancelled, 1]]);
    await post(`/orders/${orderId}/cancel`);
    assert.equal((await review(productId, customerId, 5)).body.isVerified, true);
    assert.equal((await review(cancelled, customerId, 5)).body.isVerified, false);
    assert.equal((await list(productId)).reviews[0]?.isVerified, true);
  });

  it('come the best first, then by id, in pages', async () => {
    const productId = await makeProduct();
    const ids = [];
    for (const rating of [3, 5, 3, 1, 5]) {
      ids.push((await review(productId, await makeCustomer(), rating)).body.id);
    }
    const seen: number[] = [];
    for (const page of [1, 2, 3]) {
      const { reviews, total } = await list(productId, `?page=${page}&pageSize=2`);
      assert.equal(total, 5);
      seen.push(...reviews.map((each) => each.id));
    }
    assert.deepEqual(seen, [ids[1], ids[4], ids[0], ids[2], ids[3]]);
  });

  it("make the product's average", async () => {
    const productId = await makeProduct();
    for (const rating of [5, 4, 4]) await review(productId, await makeCustomer(), rating);
    assert.deepEqual((await readProduct(productId)).rating, { count: 3, average: '4.33' });
  });

  it('are one for each customer and product', async () => {
    const productId = await makeProduct();
    const customerId = await makeCustomer();
    assert.equal((await review(productId, customerId, 5)).status, 201);
    assert.equal((await review(productId, customerId, 1)).status, 409);
    assert.equal((await review(await makeProduct(), customerId, 1)).status, 201);
    assert.deepEqual((await readProduct(productId)).rating, { count: 1, average: '5.00' });
  });

  it('need a product and a customer that exist, and a proper rating', async () => {
    const [productId, customerId] = [await makeProduct(), await makeCustomer()];
    assert.equal((await review(NO_INT_ID, customerId, 5)).status, 404);
    assert.equal((await get(`/products/${NO_INT_ID}/reviews`)).status, 404);
    assert.equal((await review(productId, NO_BIG_ID, 5)).status, 400);
    assert.equal((await review(productId, 'x', 5)).status, 400);
    for (const rating of [0, 6, 4.5, '5', undefined]) {
      assert.equal((await review(productId, customerId, rating)).status, 400);
    }
    assert.equal((await list(productId)).total, 0);
  });
});
