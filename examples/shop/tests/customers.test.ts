import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { del, get, patch, post, put } from './support/client.js';
import {
  ADDRESS,
  fillCart,
  makeCustomer,
  makeProduct,
  NO_BIG_ID,
  placeOrder,
  readCustomer,
  unique,
} from './support/fixtures.js';
import type { Cart, Customer, Devices, Failure, Notifications, Reviews } from './support/types.js';

describe('a customer', () => {
  it('needs no more than an e-mail address and a name', async () => {
    const email = `${unique('Mail')}@Example.com`;
    const id = await makeCustomer({ email, name: 'Ólafur 🦊' });
    const { createdAt, ...customer } = await readCustomer(id);
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(customer, {
      id,
      email,
      name: 'Ólafur 🦊',
      phone: null,
      birthDate: null,
      contactBy: [],
      loyaltyPoints: '0',
      isActive: true,
      addresses: [],
    });
  });

  it('is read back as registered, with the first address as the default', async () => {
    const fields = {
      email: `${unique('mail')}@example.com`,
      name: "O'Brien",
      phone: '+45 123',
      birthDate: '2000-02-29',
      contactBy: ['email', 'phone'],
      loyaltyPoints: '42',
      isActive: false,
    };
    const addresses = [
      { ...ADDRESS, label: 'Home', line2: '' },
      { ...ADDRESS, city: 'São Paulo', country: 'BR' },
    ];
    const id = await makeCustomer({ ...fields, addresses });
    const { createdAt, ...customer } = await readCustomer(id);
    assert.ok(createdAt);
    assert.deepEqual(customer, {
      ...fields,
      id,
      addresses: [
        { ...addresses[0], id: customer.addresses[0]?.id, isDefault: true },
        { ...addresses[1], id: customer.addresses[1]?.id, label: '', line2: null, isDefault: false },
      ],
    });
  });

  it('is welcomed', async () => {
    const id = await makeCustomer({ name: 'Wei' });
    const reply = await get<Notifications>(`/customers/${id}/notifications`);
    assert.deepEqual(
      reply.body.notifications.map(({ kind, message, isRead }) => ({ kind, message, isRead })),
      [{ kind: 'welcome', message: 'Welcome, Wei!', isRead: false }],
    );
  });

  it('has an e-mail address of their own, in any case and with any accents', async () => {
    const name = unique('cafe');
    const id = await makeCustomer({ email: `${name}@example.com` });
    for (const email of [
      `${name}@example.com`,
      `${name.toUpperCase()}@EXAMPLE.com`,
      `${name.replace('e', 'é')}@example.com`,
    ]) {
      const reply = await post<Failure>('/customers', { email, name: 'Other', addresses: [ADDRESS] });
      assert.equal(reply.status, 409, email);
      assert.match(reply.body.error, /taken/);
    }
    assert.equal((await readCustomer(id)).name, 'Test Customer');
  });

  it('gets the address only once when many ask at the same time', async () => {
    const email = `${unique('race')}@example.com`;
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        post('/customers', { email: index % 2 === 0 ? email : email.toUpperCase(), name: 'Racer' }),
      ),
    );
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('is found by e-mail address, in any case', async () => {
    const email = `${unique('Find')}@example.com`;
    const id = await makeCustomer({ email });
    const found = await get<Customer>(`/customers?email=${encodeURIComponent(email.toUpperCase())}`);
    assert.equal(found.status, 200);
    assert.equal(found.body.id, id);
    assert.equal(found.body.email, email);
    assert.equal((await get(`/customers?email=${unique('none')}@example.com`)).status, 404);
    assert.equal((await get('/customers')).status, 400);
  });

  for (const loyaltyPoints of ['0', '9007199254740993', '9223372036854775808', '18446744073709551615']) {
    it(`may have ${loyaltyPoints} points, exactly`, async () => {
      const id = await makeCustomer({ loyaltyPoints });
      assert.equal((await readCustomer(id)).loyaltyPoints, loyaltyPoints);
      const changed = await patch<Customer>(`/customers/${await makeCustomer()}`, { loyaltyPoints });
      assert.equal(changed.body.loyaltyPoints, loyaltyPoints);
    });
  }

  for (const birthDate of ['1000-01-01', '1900-02-28', '1969-12-31', '2000-02-29', '9999-12-31']) {
    it(`may be born on ${birthDate}`, async () => {
      assert.equal((await readCustomer(await makeCustomer({ birthDate }))).birthDate, birthDate);
    });
  }

  it('tells no telephone from an empty one', async () => {
    const id = await makeCustomer({ phone: '' });
    assert.equal((await readCustomer(id)).phone, '');
    assert.equal((await patch<Customer>(`/customers/${id}`, { phone: null })).body.phone, null);
    assert.equal((await patch<Customer>(`/customers/${id}`, { phone: '' })).body.phone, '');
  });

  it('is refused when a field is wrong', async () => {
    const wrong: Record<string, unknown>[] = [
      { email: undefined },
      { email: 'x' },
      { email: `${'x'.repeat(190)}@example.com` },
      { name: '  ' },
      { name: 'x'.repeat(121) },
      { phone: 1 },
      { birthDate: '2023-02-29' },
      { birthDate: '0999-12-31' },
      { birthDate: 'soon' },
      { contactBy: ['pigeon'] },
      { contactBy: 'email' },
      { loyaltyPoints: 1 },
      { loyaltyPoints: '-1' },
      { loyaltyPoints: '18446744073709551616' },
      { isActive: 1 },
      { addresses: {} },
      { addresses: [{ ...ADDRESS, country: 'nl' }] },
      { addresses: [{ ...ADDRESS, city: '' }] },
    ];
    for (const fields of wrong) {
      const reply = await post('/customers', { email: `${unique('bad')}@example.com`, name: 'x', ...fields });
      assert.equal(reply.status, 400, JSON.stringify(fields));
    }
  });

  it('is not found when there is none', async () => {
    assert.equal((await get(`/customers/${NO_BIG_ID}`)).status, 404);
    assert.equal((await patch(`/customers/${NO_BIG_ID}`, { name: 'x' })).status, 404);
    assert.equal((await patch(`/customers/${NO_BIG_ID}`, {})).status, 404);
    assert.equal((await del(`/customers/${NO_BIG_ID}`)).status, 404);
    for (const id of ['0', 'x', '18446744073709551616']) assert.equal((await get(`/customers/${id}`)).status, 400, id);
  });
});

describe('changing a customer', () => {
  it('changes what is given and nothing else', async () => {
    const id = await makeCustomer({ phone: '1', birthDate: '1990-01-01', contactBy: ['sms'] });
    const before = await readCustomer(id);
    assert.equal((await patch(`/customers/${id}`, { name: 'New name' })).status, 200);
    assert.deepEqual(await readCustomer(id), { ...before, name: 'New name' });
  });

  it('changes everything at once', async () => {
    const id = await makeCustomer();
    const changes = {
      email: `${unique('new')}@example.com`,
      name: 'Ny',
      phone: '2',
      birthDate: '1980-12-31',
      contactBy: ['sms', 'post'],
      loyaltyPoints: '7',
      isActive: false,
    };
    const reply = await patch<Customer>(`/customers/${id}`, changes);
    assert.equal(reply.status, 200);
    assert.deepEqual(await readCustomer(id), { ...changes, id, createdAt: reply.body.createdAt, addresses: [] });
  });

  it('shows the ways of contact in one fixed order', async () => {
    const id = await makeCustomer();
    const reply = await patch<Customer>(`/customers/${id}`, { contactBy: ['phone', 'email', 'phone'] });
    assert.deepEqual(reply.body.contactBy, ['email', 'phone']);
    assert.deepEqual((await patch<Customer>(`/customers/${id}`, { contactBy: [] })).body.contactBy, []);
  });

  it("can't take the e-mail address of another, but may respell its own", async () => {
    const [mine, other] = [`${unique('mine')}@example.com`, `${unique('other')}@example.com`];
    const id = await makeCustomer({ email: mine });
    await makeCustomer({ email: other });
    assert.equal((await patch(`/customers/${id}`, { email: other.toUpperCase(), name: 'lost' })).status, 409);
    assert.equal((await readCustomer(id)).name, 'Test Customer');
    const respelt = await patch<Customer>(`/customers/${id}`, { email: mine.toUpperCase() });
    assert.equal(respelt.status, 200);
    assert.equal(respelt.body.email, mine.toUpperCase());
  });

  it('gives an e-mail address free', async () => {
    const email = `${unique('free')}@example.com`;
    const id = await makeCustomer({ email });
    await patch(`/customers/${id}`, { email: `${unique('moved')}@example.com` });
    assert.notEqual(await makeCustomer({ email }), id);
  });
});

describe('deleting a customer', () => {
  it('takes along the cart, the addresses, the devices and the notifications', async () => {
    const id = await makeCustomer({ addresses: [ADDRESS] });
    await fillCart(id, await makeProduct());
    await put(`/customers/${id}/devices/${Buffer.from(unique()).toString('hex')}`, {
      platform: 'web',
      expiresAt: '2100-01-01T00:00:00Z',
    });
    assert.equal((await del(`/customers/${id}`)).status, 204);
    assert.equal((await get(`/customers/${id}`)).status, 404);
    assert.deepEqual((await get<Cart>(`/customers/${id}/cart`)).body.items, []);
    assert.deepEqual((await get<Devices>(`/customers/${id}/devices`)).body.devices, []);
    assert.deepEqual((await get<Notifications>(`/customers/${id}/notifications`)).body, {
      notifications: [],
      unread: 0,
    });
    assert.equal((await del(`/customers/${id}`)).status, 404);
  });

  it('leaves the reviews, without their author', async () => {
    const productId = await makeProduct();
    const id = await makeCustomer({ name: 'Rosa' });
    await post(`/products/${productId}/reviews`, { customerId: id, rating: 4, body: 'kept' });
    assert.equal((await get<Reviews>(`/products/${productId}/reviews`)).body.reviews[0]?.author, 'Rosa');
    await del(`/customers/${id}`);
    const { reviews, total } = (await get<Reviews>(`/products/${productId}/reviews`)).body;
    assert.equal(total, 1);
    assert.equal(reviews[0]?.author, 'Former customer');
    assert.equal(reviews[0]?.body, 'kept');
  });

  it('is refused when there are orders', async () => {
    const id = await makeCustomer({ addresses: [ADDRESS] });
    await placeOrder(id, [[await makeProduct(), 1]]);
    assert.equal((await del(`/customers/${id}`)).status, 409);
    assert.equal((await readCustomer(id)).addresses.length, 1);
  });

  it('gives the e-mail address free', async () => {
    const email = `${unique('again')}@example.com`;
    await del(`/customers/${await makeCustomer({ email })}`);
    assert.ok(await makeCustomer({ email: email.toUpperCase() }));
  });
});
