import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get } from './support/client.js';
import { makeCategory, makeProduct, NO_INT_ID, readProduct, unique } from './support/fixtures.js';
import type { ProductPage } from './support/types.js';

async function tag(productId: number, tags: unknown) {
  return admin<{ tags: string[] }>('PUT', `/products/${productId}/tags`, { tags });
}

async function tagged(name: string): Promise<number[]> {
  const reply = await get<ProductPage>(`/tags/${encodeURIComponent(name)}/products`);
  assert.equal(reply.status, 200);
  return reply.body.products.map((product) => product.id);
}

describe('the tags of a product', () => {
  it('are given and shown', async () => {
    const id = await makeProduct();
    const [first, second] = [unique('tag'), unique('🎁')];
    const reply = await tag(id, [first, second]);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.body.tags, [first, second]);
    assert.deepEqual((await readProduct(id)).tags, [first, second]);
    assert.deepEqual(await tagged(second), [id]);
  });

  it('are replaced as a whole', async () => {
    const id = await makeProduct();
    const [old, kept, added] = [unique('tag'), unique('tag'), unique('tag')];
    await tag(id, [old, kept]);
    assert.deepEqual((await tag(id, [added, kept])).body.tags.sort(), [kept, added].sort());
    assert.deepEqual(await tagged(old), []);
    assert.deepEqual(await tagged(added), [id]);
  });

  it('can all be taken away', async () => {
    const id = await makeProduct();
    await tag(id, [unique('tag')]);
    assert.deepEqual((await tag(id, [])).body.tags, []);
    assert.deepEqual((await readProduct(id)).tags, []);
  });

  it('are the same in any case, and keep the first spelling', async () => {
    const name = unique('Tag');
    const [a, b] = [await makeProduct(), await makeProduct()];
    await tag(a, [name]);
    assert.deepEqual((await tag(b, [name.toUpperCase(), name.toLowerCase()])).body.tags, [name]);
    assert.deepEqual(await tagged(name.toLowerCase()), [a, b]);
  });

  it('find the products by id, without the retired ones', async () => {
    const name = unique('tag');
    const categoryId = await makeCategory();
    const made = [];
    for (const status of ['active', 'retired', 'draft']) made.push(await makeProduct({ categoryId, status }));
    for (const id of [...made].reverse()) await tag(id, [name]);
    assert.deepEqual(await tagged(name), [made[0], made[2]]);
  });

  it('find nothing when no one has them', async () => {
    assert.deepEqual(await tagged(unique('tag')), []);
  });

  it('are refused when wrong, and change nothing then', async () => {
    const id = await makeProduct();
    const name = unique('tag');
    await tag(id, [name]);
    for (const tags of ['x', [''], [1], ['x'.repeat(61)], Array.from({ length: 21 }, () => 'x'), undefined]) {
      assert.equal((await tag(id, tags)).status, 400);
    }
    assert.equal((await tag(NO_INT_ID, [name])).status, 404);
    assert.deepEqual((await readProduct(id)).tags, [name]);
  });
});
