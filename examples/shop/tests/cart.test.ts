import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, del, get, post, put } from './support/client.js';
import { fillCart, makeCategory, makeCustomer, makeProduct, NO_BIG_ID, NO_INT_ID, unique } from './support/fixtures.js';
import type { Cart } from './support/types.js';

async function read(customerId: string): Promise<Cart> {
  const reply = await get<Cart>(`/customers/${customerId}/cart`);
  assert.equal(reply.status, 200);
  return reply.body;
}

describe('a cart', () => {
  it('is empty at first', async () => {
    assert.deepEqual(await read(await makeCustomer()), { items: [], total: '0.00' });
    assert.deepEqual(await read(NO_BIG_ID), { items: [], total: '0.00' });
  });

  it('shows what is in it by product id, with an exact total', async () => {
    const customerId = await makeCustomer();
    const categoryId = await makeCategory();
    const sku = unique('sku');
    const a = await makeProduct({ categoryId, name: 'A', sku, price: '0.10' });
    const b = await makeProduct({ categoryId, price: '99999999.99' });
    await fillCart(customerId, b, 3);
    const reply = await post<Cart>(`/customers/${customerId}/cart/items`, { productId: a, quantity: 3 });
    assert.equal(reply.status, 201);
    assert.deepEqual(reply.body, await read(customerId));
    assert.deepEqual(reply.body.items[0], {
      productId: a,
      sku,
      name: 'A',
      price: '0.10',
      quantity: 3,
      inStock: true,
    });
    assert.equal(reply.body.items[1]?.productId, b);
    assert.equal(reply.body.total, '300000000.27');
  });

  it('adds up the same product', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ price: '1.10' });
    await fillCart(customerId, productId, 2);
    await fillCart(customerId, productId, 5);
    const cart = await read(customerId);
    assert.deepEqual(
      cart.items.map((item) => item.quantity),
      [7],
    );
    assert.equal(cart.total, '7.70');
  });

  it('loses nothing that is added at the same time', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    await Promise.all(Array.from({ length: 10 }, () => fillCart(customerId, productId)));
    assert.deepEqual(
      (await read(customerId)).items.map((item) => item.quantity),
      [10],
    );
  });

  it("says what can't be had at once, and follows the prices", async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ stock: 1 });
    await fillCart(customerId, productId, 2);
    assert.equal((await read(customerId)).items[0]?.inStock, false);
    await admin('PATCH', `/products/${productId}`, { stock: 2, price: '0.05' });
    const cart = await read(customerId);
    assert.equal(cart.items[0]?.inStock, true);
    assert.equal(cart.total, '0.10');
  });

  it('has its quantities set', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    await fillCart(customerId, productId, 2);
    for (const quantity of [9, 9, 1]) {
      const reply = await put<Cart>(`/customers/${customerId}/cart/items/${productId}`, { quantity });
      assert.equal(reply.status, 200);
      assert.equal(reply.body.items[0]?.quantity, quantity);
    }
  });

  it('has its items taken out', async () => {
    const customerId = await makeCustomer();
    const [a, b] = [await makeProduct(), await makeProduct()];
    await fillCart(customerId, a);
    await fillCart(customerId, b);
    assert.equal((await del(`/customers/${customerId}/cart/items/${a}`)).status, 204);
    assert.deepEqual(
      (await read(customerId)).items.map((item) => item.productId),
      [b],
    );
    assert.equal((await del(`/customers/${customerId}/cart/items/${a}`)).status, 404);
  });

  it("is nobody else's business", async () => {
    const [mine, other] = [await makeCustomer(), await makeCustomer()];
    const productId = await makeProduct();
    await fillCart(mine, productId, 2);
    await fillCart(other, productId, 3);
    await put(`/customers/${other}/cart/items/${productId}`, { quantity: 5 });
    await del(`/customers/${other}/cart/items/${productId}`);
    assert.equal((await read(mine)).items[0]?.quantity, 2);
  });

  it('needs a customer and a product that exist', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    const noProduct = await post(`/customers/${customerId}/cart/items`, { productId: NO_INT_ID, quantity: 1 });
    assert.equal(noProduct.status, 404);
    assert.equal((await post(`/customers/${NO_BIG_ID}/cart/items`, { productId, quantity: 1 })).status, 404);
    assert.equal((await put(`/customers/${customerId}/cart/items/${productId}`, { quantity: 1 })).status, 404);
    assert.equal(
      (await put(`/customers/${await makeCustomer()}/cart/items/${productId}`, { quantity: 1 })).status,
      404,
    );
    assert.equal((await del(`/customers/${await makeCustomer()}/cart/items/${productId}`)).status, 404);
  });

  it('refuses impossible quantities', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    for (const quantity of [0, -1, 1.5, '2', 1001, undefined]) {
      assert.equal((await post(`/customers/${customerId}/cart/items`, { productId, quantity })).status, 400);
    }
    assert.deepEqual((await read(customerId)).items, []);
  });
});
