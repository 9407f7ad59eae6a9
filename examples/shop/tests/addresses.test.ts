import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { del, get, post } from './support/client.js';
import {
  ADDRESS,
  makeCustomer,
  makeProduct,
  NO_BIG_ID,
  NO_INT_ID,
  placeOrder,
  readCustomer,
} from './support/fixtures.js';
import type { OrderDetail } from './support/types.js';

async function add(customerId: string, fields: Record<string, unknown> = {}): Promise<number> {
  const reply = await post<{ id: number }>(`/customers/${customerId}/addresses`, { ...ADDRESS, ...fields });
  assert.equal(reply.status, 201);
  return reply.body.id;
}

describe('an address', () => {
  it('is added to those of its customer', async () => {
    const customerId = await makeCustomer();
    const id = await add(customerId, { label: 'Work 🏢', line2: '2nd floor' });
    assert.deepEqual((await readCustomer(customerId)).addresses, [
      { ...ADDRESS, id, label: 'Work 🏢', line2: '2nd floor', isDefault: false },
    ]);
  });

  it('comes first when it is the default, and there is only one default', async () => {
    const customerId = await makeCustomer({ addresses: [ADDRESS, ADDRESS] });
    const [first, second] = (await readCustomer(customerId)).addresses.map((address) => address.id);
    const third = await add(customerId, { isDefault: true });
    const { addresses } = await readCustomer(customerId);
    assert.deepEqual(
      addresses.map(({ id, isDefault }) => [id, isDefault]),
      [
        [third, true],
        [first, false],
        [second, false],
      ],
    );
  });

  it("leaves other customers' defaults alone", async () => {
    const other = await makeCustomer({ addresses: [ADDRESS] });
    await add(await makeCustomer(), { isDefault: true });
    assert.equal((await readCustomer(other)).addresses[0]?.isDefault, true);
  });

  it('is deleted only by its own customer', async () => {
    const customerId = await makeCustomer();
    const id = await add(customerId);
    assert.equal((await del(`/customers/${await makeCustomer()}/addresses/${id}`)).status, 404);
    assert.equal((await del(`/customers/${customerId}/addresses/${id}`)).status, 204);
    assert.equal((await del(`/customers/${customerId}/addresses/${id}`)).status, 404);
    assert.deepEqual((await readCustomer(customerId)).addresses, []);
  });

  it('is where the orders go, the default one before the others', async () => {
    const customerId = await makeCustomer();
    await add(customerId, { line1: 'first' });
    const id = await add(customerId, { line1: 'default', isDefault: true });
    const orderId = await placeOrder(customerId, [[await makeProduct(), 1]]);
    const order = (await get<OrderDetail>(`/orders/${orderId}`)).body;
    assert.equal(order.addressId, id);
    assert.equal(order.shipTo, 'default, 2611 Delft');
  });

  it('can be deleted when orders went there; they stay', async () => {
    const customerId = await makeCustomer();
    const id = await add(customerId);
    const orderId = await placeOrder(customerId, [[await makeProduct(), 1]]);
    assert.equal((await del(`/customers/${customerId}/addresses/${id}`)).status, 204);
    const order = (await get<OrderDetail>(`/orders/${orderId}`)).body;
    assert.equal(order.addressId, null);
    assert.equal(order.shipTo, null);
    assert.equal(order.lines.length, 1);
  });

  it('is refused when it is wrong or has no customer', async () => {
    const customerId = await makeCustomer();
    for (const fields of [
      { line1: '' },
      { city: null },
      { country: 'NLD' },
      { postcode: 'x'.repeat(17) },
      { line2: 5 },
    ]) {
      assert.equal((await post(`/customers/${customerId}/addresses`, { ...ADDRESS, ...fields })).status, 400);
    }
    assert.equal((await post(`/customers/${NO_BIG_ID}/addresses`, ADDRESS)).status, 404);
    assert.equal((await del(`/customers/${customerId}/addresses/${NO_INT_ID}`)).status, 404);
  });
});
