import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { del, get, put } from './support/client.js';
import { makeCustomer, NO_BIG_ID, unique } from './support/fixtures.js';
import type { Devices } from './support/types.js';

const token = (suffix = ''): string => Buffer.from(unique('t')).toString('hex') + suffix;
const FUTURE = '2100-01-01T00:00:00.000000Z';

async function register(customerId: string, pushToken: string, expiresAt = FUTURE, platform = 'ios'): Promise<void> {
  const reply = await put(`/customers/${customerId}/devices/${pushToken}`, { platform, expiresAt });
  assert.equal(reply.status, 204);
}

async function devices(customerId: string): Promise<Devices['devices']> {
  const reply = await get<Devices>(`/customers/${customerId}/devices`);
  assert.equal(reply.status, 200);
  return reply.body.devices;
}

describe('a device', () => {
  it('keeps its token of any bytes, and its moment to the microsecond', async () => {
    const customerId = await makeCustomer();
    const moments = ['9999-12-31T23:59:59.999999Z', '2024-02-29T00:00:00.000001Z', '1000-01-01T00:00:00.000000Z'];
    for (const [index, moment] of moments.entries()) {
      const pushToken = token('00ff00'.repeat(index));
      await register(customerId, pushToken, moment, 'android');
      const found = (await devices(customerId)).find((device) => device.pushToken === pushToken);
      assert.equal(found?.expiresAt, moment);
      assert.equal(found.platform, 'android');
    }
  });

  it('is listed by its end, the last first, then by the bytes of its token', async () => {
    const customerId = await makeCustomer();
    const [stem, late, early] = [token(), token(), token()];
    await register(customerId, early, '2090-01-01T00:00:00Z');
    await register(customerId, `${stem}ff`);
    await register(customerId, `${stem}0a`);
    await register(customerId, stem);
    await register(customerId, late, '2200-01-01T00:00:00Z');
    assert.deepEqual(
      (await devices(customerId)).map((device) => device.pushToken),
      [late, stem, `${stem}0a`, `${stem}ff`, early],
    );
  });

  it('is changed when registered again', async () => {
    const customerId = await makeCustomer();
    const pushToken = token();
    await register(customerId, pushToken, FUTURE, 'ios');
    const [before] = await devices(customerId);
    await register(customerId, pushToken, '2101-01-01T00:00:00.500000Z', 'web');
    const [after, ...rest] = await devices(customerId);
    assert.deepEqual(rest, []);
    assert.deepEqual(after, { ...before, platform: 'web', expiresAt: '2101-01-01T00:00:00.500000Z' });
  });

  it('may change hands', async () => {
    const [first, second] = [await makeCustomer(), await makeCustomer()];
    const pushToken = token();
    await register(first, pushToken);
    await register(second, pushToken);
    assert.deepEqual(await devices(first), []);
    assert.equal((await devices(second)).length, 1);
  });

  it('is deleted once it expired, for one customer', async () => {
    const [customerId, other] = [await makeCustomer(), await makeCustomer()];
    const kept = token();
    await register(customerId, token(), '2020-01-01T00:00:00Z');
    await register(customerId, token(), '1000-01-01T00:00:00Z');
    await register(customerId, kept);
    await register(other, token(), '2020-01-01T00:00:00Z');
    const reply = await del<{ deleted: number }>(`/customers/${customerId}/devices/expired`);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body, { deleted: 2 });
    assert.deepEqual(
      (await devices(customerId)).map((device) => device.pushToken),
      [kept],
    );
    assert.equal((await devices(other)).length, 1);
    assert.deepEqual((await del(`/customers/${customerId}/devices/expired`)).body, { deleted: 0 });
  });

  it('is refused when it is wrong or has no customer', async () => {
    const customerId = await makeCustomer();
    const good = { platform: 'ios', expiresAt: FUTURE };
    for (const pushToken of ['xyz', 'abc', 'ab'.repeat(65)]) {
      assert.equal((await put(`/customers/${customerId}/devices/${pushToken}`, good)).status, 400);
    }
    for (const fields of [{ platform: 'fax' }, { expiresAt: '2024-02-30T00:00:00Z' }, { expiresAt: 'soon' }]) {
      assert.equal((await put(`/customers/${customerId}/devices/${token()}`, { ...good, ...fields })).status, 400);
    }
    assert.equal((await put(`/customers/${NO_BIG_ID}/devices/${token()}`, good)).status, 404);
    assert.deepEqual(await devices(customerId), []);
  });
});
