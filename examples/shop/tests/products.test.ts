import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get } from './support/client.js';
import { makeCategory, makeProduct, NO_INT_ID, readProduct, unique } from './support/fixtures.js';
import type { Failure, Product, ProductPage } from './support/types.js';

describe('a product', () => {
  it('is read back as it was made', async () => {
    const name = unique('category');
    const categoryId = await makeCategory({ name });
    const made = {
      sku: unique('SKU'),
      categoryId,
      name: 'Oak table',
      description: 'Two lines\n"quoted" \\ 5%',
      price: '129.90',
      stock: 7,
      status: 'active',
      attributes: { colour: 'red', parts: [1, 2.5, -3], care: { wash: false, note: null } },
      imageChecksum: Buffer.from([0, 255, 16, 0]).toString('base64'),
    };
    const product = await readProduct(await makeProduct(made));
    const { id, createdAt, updatedAt, ...rest } = product;
    assert.ok(Number.isInteger(id));
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.deepEqual(rest, {
      ...made,
      category: name,
      availability: 'available',
      tags: [],
      rating: { count: 0, average: '0.00' },
    });
  });

  for (const price of ['0.00', '0.01', '0.10', '10.00', '99999999.99']) {
    it(`keeps the price ${price} exact`, async () => {
      assert.equal((await readProduct(await makeProduct({ price }))).price, price);
    });
  }

  it('tells no description from an empty one', async () => {
    assert.equal((await readProduct(await makeProduct({ description: '' }))).description, '');
    assert.equal((await readProduct(await makeProduct({ description: null }))).description, null);
    assert.equal((await readProduct(await makeProduct())).description, null);
  });

  it('tells no attributes from none of them', async () => {
    assert.deepEqual((await readProduct(await makeProduct({ attributes: {} }))).attributes, {});
    assert.equal((await readProduct(await makeProduct({ attributes: null }))).attributes, null);
  });

  it('keeps attributes of every JSON type', async () => {
    const attributes = {
      s: 'ü "x" 🎈',
      i: 9007199254740991,
      f: -0.125,
      t: true,
      n: null,
      a: [[], {}],
      o: { o: { o: '' } },
    };
    assert.deepEqual((await readProduct(await makeProduct({ attributes }))).attributes, attributes);
  });

  it('keeps emoji and every script', async () => {
    const name = 'Lamp 💡👩🏽‍🚀🏳️‍🌈 лампа 灯 𝓐';
    const description = '🪵'.repeat(1000);
    const product = await readProduct(await makeProduct({ name, description }));
    assert.equal(product.name, name);
    assert.equal(product.description, description);
  });

  it('keeps the bytes of its checksum', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(32, 0xff), Buffer.from([0, 0, 0])]) {
      const imageChecksum = bytes.toString('base64');
      assert.equal((await readProduct(await makeProduct({ imageChecksum }))).imageChecksum, imageChecksum);
    }
    assert.equal((await readProduct(await makeProduct())).imageChecksum, null);
  });

  it('may have the largest stock', async () => {
    assert.equal((await readProduct(await makeProduct({ stock: 4294967295 }))).stock, 4294967295);
  });

  it('says how available it is', async () => {
    const expected = { 0: 'sold_out', 1: 'low', 4: 'low', 5: 'available' };
    for (const [stock, availability] of Object.entries(expected)) {
      assert.equal((await readProduct(await makeProduct({ stock: Number(stock) }))).availability, availability);
    }
  });

  it('is found by its SKU, in any case', async () => {
    const sku = unique('Sku');
    const id = await makeProduct({ sku });
    const found = await get<Product>(`/products/by-sku/${sku.toUpperCase()}`);
    assert.equal(found.status, 200);
    assert.equal(found.body.id, id);
    assert.equal(found.body.sku, sku);
    assert.equal((await get(`/products/by-sku/${unique('none')}`)).status, 404);
  });

  it("can't take the SKU of another, in any case", async () => {
    const sku = unique('sku');
    const categoryId = await makeCategory();
    await makeProduct({ sku, categoryId });
    for (const taken of [sku, sku.toUpperCase()]) {
      const reply = await admin<Failure>('POST', '/products', { sku: taken, categoryId, name: 'x', price: '1.00' });
      assert.equal(reply.status, 409);
      assert.match(reply.body.error, /taken/);
    }
  });

  it('needs a category that exists', async () => {
    const fields = { sku: unique('sku'), name: 'x', price: '1.00', categoryId: NO_INT_ID };
    assert.equal((await admin('POST', '/products', fields)).status, 400);
    assert.equal((await get(`/products/by-sku/${fields.sku}`)).status, 404);
  });

  it('is refused when a field is wrong', async () => {
    const categoryId = await makeCategory();
    const good = { sku: unique('sku'), name: 'x', price: '1.00', categoryId };
    const wrong: Record<string, unknown>[] = [
      { sku: '' },
      { sku: 'x'.repeat(41) },
      { name: undefined },
      { name: '🐘'.repeat(161) },
      { price: 1 },
      { price: '1' },
      { price: '1.001' },
      { price: '-1.00' },
      { price: '100000000.00' },
      { stock: -1 },
      { stock: 1.5 },
      { stock: 4294967296 },
      { status: 'sold' },
      { attributes: [] },
      { attributes: 'x' },
      { imageChecksum: '!' },
      { imageChecksum: Buffer.alloc(33).toString('base64') },
      { categoryId: '-1' },
    ];
    for (const fields of wrong) {
      const reply = await admin<Failure>('POST', '/products', { ...good, ...fields });
      assert.equal(reply.status, 400, JSON.stringify(fields));
      assert.equal(typeof reply.body.error, 'string');
    }
    assert.equal((await get(`/products/by-sku/${good.sku}`)).status, 404);
  });

  it('is not found when there is none', async () => {
    assert.equal((await get(`/products/${NO_INT_ID}`)).status, 404);
    for (const id of ['0', '-1', 'x', '1.5', '4294967296'])
      assert.equal((await get(`/products/${id}`)).status, 400, id);
  });
});

describe('changing a product', () => {
  it('changes what is given and nothing else', async () => {
    const id = await makeProduct({ description: 'old', attributes: { a: 1 }, price: '5.00' });
    const before = await readProduct(id);
    assert.equal((await admin('PATCH', `/products/${id}`, { price: '5.01' })).status, 204);
    const after = await readProduct(id);
    assert.ok(after.updatedAt > before.updatedAt);
    assert.deepEqual(after, { ...before, price: '5.01', updatedAt: after.updatedAt });
  });

  it('changes everything at once', async () => {
    const id = await makeProduct();
    const name = unique('category');
    const changes = {
      categoryId: await makeCategory({ name }),
      name: 'New 🎉',
      description: '',
      price: '0.01',
      stock: 0,
      status: 'retired',
      attributes: { z: [null] },
    };
    assert.equal((await admin('PATCH', `/products/${id}`, changes)).status, 204);
    const { sku, createdAt, imageChecksum } = await readProduct(id);
    const after = await readProduct(id);
    assert.deepEqual(after, {
      ...changes,
      id,
      sku,
      createdAt,
      imageChecksum,
      updatedAt: after.updatedAt,
      category: name,
      availability: 'sold_out',
      tags: [],
      rating: { count: 0, average: '0.00' },
    });
  });

  it('can take values away', async () => {
    const id = await makeProduct({ description: 'x', attributes: { a: 1 } });
    assert.equal((await admin('PATCH', `/products/${id}`, { description: null, attributes: null })).status, 204);
    const after = await readProduct(id);
    assert.equal(after.description, null);
    assert.equal(after.attributes, null);
  });

  it('is fine with no change, and with the same values', async () => {
    const id = await makeProduct({ name: 'same' });
    assert.equal((await admin('PATCH', `/products/${id}`, {})).status, 204);
    assert.equal((await admin('PATCH', `/products/${id}`, { name: 'same' })).status, 204);
  });

  it('needs a product and a category that exist', async () => {
    assert.equal((await admin('PATCH', `/products/${NO_INT_ID}`, { name: 'x' })).status, 404);
    const id = await makeProduct({ name: 'kept' });
    assert.equal((await admin('PATCH', `/products/${id}`, { name: 'lost', categoryId: NO_INT_ID })).status, 400);
    assert.equal((await readProduct(id)).name, 'kept');
    assert.equal((await admin('PATCH', `/products/${id}`, { price: 'cheap' })).status, 400);
  });
});

describe('several products by id', () => {
  it('come once each, by id, without the unknown ones', async () => {
    const categoryId = await makeCategory();
    const a = await makeProduct({ categoryId });
    const b = await makeProduct({ categoryId, status: 'draft' });
    const reply = await get<ProductPage>(`/products/batch?ids=${b},${NO_INT_ID},${a},${b}`);
    assert.equal(reply.status, 200);
    assert.deepEqual(
      reply.body.products.map((product) => product.id),
      [a, b],
    );
  });

  it('need a proper list', async () => {
    for (const ids of ['', 'x', '1,,2', Array.from({ length: 51 }, (_, index) => index + 1).join()]) {
      assert.equal((await get(`/products/batch?ids=${ids}`)).status, 400);
    }
    assert.equal((await get('/products/batch')).status, 400);
  });
});
