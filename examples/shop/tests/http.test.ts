import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { get, post } from './support/client.js';

describe('the server', () => {
  it('is well', async () => {
    assert.deepEqual(await get('/health'), { status: 200, body: { status: 'ok' } });
  });

  it('says in JSON that a route does not exist', async () => {
    assert.deepEqual(await get('/nowhere'), { status: 404, body: { error: 'no such route' } });
  });

  it('refuses what is not JSON, and what is not an object', async () => {
    for (const body of ['{', '[]', '"x"', '1']) assert.equal((await post('/customers', body)).status, 400, body);
  });

  it('refuses a path that is not properly encoded', async () => {
    assert.equal((await get('/products/by-sku/%E0%A4%A')).status, 400);
  });
});
