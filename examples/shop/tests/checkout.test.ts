import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get, post } from './support/client.js';
import {
  fillCart,
  makeCategory,
  makeCustomer,
  makeProduct,
  NO_BIG_ID,
  placeOrder,
  readProduct,
  unique,
} from './support/fixtures.js';
import type { Cart, Failure, OrderDetail, OrderPage } from './support/types.js';

const checkout = (customerId: string) => post<{ orderId: string } & Failure>(`/customers/${customerId}/checkout`);

async function ordersOf(customerId: string): Promise<OrderPage> {
  return (await get<OrderPage>(`/customers/${customerId}/orders`)).body;
}

async function cartOf(customerId: string): Promise<Cart> {
  return (await get<Cart>(`/customers/${customerId}/cart`)).body;
}

describe('a checkout', () => {
  it('turns the cart into an order', async () => {
    const customerId = await makeCustomer({ name: 'Priya' });
    const category = unique('category');
    const categoryId = await makeCategory({ name: category });
    const a = await makeProduct({ categoryId, name: 'A', price: '0.10', stock: 5 });
    const b = await makeProduct({ categoryId, name: 'B 🎈', price: '19.99', stock: 2 });
    await fillCart(customerId, b, 2);
    await fillCart(customerId, a, 3);
    const reply = await post<{ orderId: string }>(`/customers/${customerId}/checkout`, { note: 'Ring twice 🔔' });
    assert.equal(reply.status, 201);
    const id = reply.body.orderId;
    assert.match(id, /^\d+$/);
    const { placedAt, ...order } = (await get<OrderDetail>(`/orders/${id}`)).body;
    assert.match(placedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.deepEqual(order, {
      id,
      customerId,
      customer: 'Priya',
      addressId: null,
      shipTo: null,
      status: 'pending',
      total: '40.28',
      note: 'Ring twice 🔔',
      cancelledAt: null,
      lines: [
        { lineNo: 1, productId: a, product: 'A', category, unitPrice: '0.10', quantity: 3, total: '0.30' },
        { lineNo: 2, productId: b, product: 'B 🎈', category, unitPrice: '19.99', quantity: 2, total: '39.98' },
      ],
    });
    assert.deepEqual(await cartOf(customerId), { items: [], total: '0.00' });
    assert.equal((await readProduct(a)).stock, 2);
    assert.equal((await readProduct(b)).stock, 0);
  });

  it('happens now', async () => {
    const orderId = await placeOrder(await makeCustomer(), [[await makeProduct(), 1]]);
    const { placedAt } = (await get<OrderDetail>(`/orders/${orderId}`)).body;
    assert.ok(Math.abs(Date.parse(placedAt) - Date.now()) < 60_000, placedAt);
  });

  it('adds up large amounts exactly', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ price: '99999999.99', stock: 1000 });
    const orderId = await placeOrder(customerId, [[productId, 999]]);
    const order = (await get<OrderDetail>(`/orders/${orderId}`)).body;
    assert.equal(order.total, '99899999990.01');
    assert.equal(order.lines[0]?.total, '99899999990.01');
  });

  it('tells no note from an empty one', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct();
    for (const note of [null, '', 'x']) {
      const orderId = await placeOrder(customerId, [[productId, 1]], note);
      assert.equal((await get<OrderDetail>(`/orders/${orderId}`)).body.note, note);
    }
  });

  it('keeps the prices of its day', async () => {
    const productId = await makeProduct({ price: '5.00' });
    const orderId = await placeOrder(await makeCustomer(), [[productId, 2]]);
    await admin('PATCH', `/products/${productId}`, { price: '6.00', name: 'Renamed' });
    const order = (await get<OrderDetail>(`/orders/${orderId}`)).body;
    assert.equal(order.total, '10.00');
    assert.equal(order.lines[0]?.unitPrice, '5.00');
    assert.equal(order.lines[0].product, 'Renamed');
  });

  it('needs something in the cart', async () => {
    assert.equal((await checkout(await makeCustomer())).status, 400);
    assert.equal((await checkout(NO_BIG_ID)).status, 400);
  });

  it('changes nothing when one product is short', async () => {
    const customerId = await makeCustomer();
    const [plenty, short] = [await makeProduct({ stock: 10 }), await makeProduct({ stock: 1 })];
    await fillCart(customerId, plenty, 4);
    await fillCart(customerId, short, 2);
    const reply = await checkout(customerId);
    assert.equal(reply.status, 409);
    assert.match(reply.body.error, /only 1 left/);
    assert.equal((await readProduct(plenty)).stock, 10);
    assert.equal((await readProduct(short)).stock, 1);
    assert.equal((await cartOf(customerId)).items.length, 2);
    assert.equal((await ordersOf(customerId)).total, 0);
  });

  it('sells only what is on sale', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ status: 'retired' });
    await fillCart(customerId, productId);
    assert.equal((await checkout(customerId)).status, 409);
    assert.equal((await readProduct(productId)).stock, 10);
  });

  it('never sells more than there is: ten customers, three pieces', async () => {
    const productId = await makeProduct({ stock: 3 });
    const customers = await Promise.all(Array.from({ length: 10 }, () => makeCustomer()));
    for (const customerId of customers) await fillCart(customerId, productId);
    const replies = await Promise.all(customers.map(checkout));
    const statuses = replies.map((reply) => reply.status).sort();
    assert.deepEqual(statuses, [201, 201, 201, 409, 409, 409, 409, 409, 409, 409]);
    assert.equal((await readProduct(productId)).stock, 0);
    for (const [index, customerId] of customers.entries()) {
      const bought = replies[index]?.status === 201;
      assert.equal((await ordersOf(customerId)).total, bought ? 1 : 0);
      assert.equal((await cartOf(customerId)).items.length, bought ? 0 : 1);
    }
  });

  it('sells all there is to carts that hold the same products', async () => {
    const products = [await makeProduct({ stock: 8 }), await makeProduct({ stock: 8 })];
    const customers = await Promise.all(Array.from({ length: 8 }, () => makeCustomer()));
    for (const [index, customerId] of customers.entries()) {
      for (const productId of index % 2 === 0 ? products : [...products].reverse())
        await fillCart(customerId, productId);
    }
    const replies = await Promise.all(customers.map(checkout));
    assert.ok(replies.every((reply) => reply.status === 201));
    for (const productId of products) assert.equal((await readProduct(productId)).stock, 0);
  });

  it('turns a cart into one order only, however often it is asked for', async () => {
    const customerId = await makeCustomer();
    const productId = await makeProduct({ stock: 100 });
    await fillCart(customerId, productId, 3);
    const replies = await Promise.all(Array.from({ length: 6 }, () => checkout(customerId)));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 400, 400, 400, 400, 400]);
    assert.equal((await readProduct(productId)).stock, 97);
    assert.equal((await ordersOf(customerId)).total, 1);
  });
});
