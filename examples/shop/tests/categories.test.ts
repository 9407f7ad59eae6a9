import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, get } from './support/client.js';
import { makeCategory, makeProduct, NO_INT_ID, unique } from './support/fixtures.js';
import type { Category, CategoryDetail } from './support/types.js';

async function read(id: number): Promise<CategoryDetail> {
  const reply = await get<CategoryDetail>(`/categories/${id}`);
  assert.equal(reply.status, 200);
  return reply.body;
}

async function list(query = ''): Promise<Category[]> {
  const reply = await get<{ categories: Category[] }>(`/categories${query}`);
  assert.equal(reply.status, 200);
  return reply.body.categories;
}

describe('a category', () => {
  it('knows its way from the root', async () => {
    const [root, middle, leaf] = [unique('root'), unique('middle 🌿'), unique('leaf')];
    const rootId = await makeCategory({ name: root });
    const middleId = await makeCategory({ name: middle, parentId: rootId });
    const leafId = await makeCategory({ name: leaf, parentId: middleId, position: -5 });
    assert.deepEqual(await read(leafId), {
      id: leafId,
      parentId: middleId,
      name: leaf,
      position: -5,
      path: [root, middle, leaf],
      children: [],
      productCount: 0,
    });
    assert.deepEqual((await read(rootId)).path, [root]);
  });

  it('shows its children by position, then id', async () => {
    const parentId = await makeCategory();
    const ids = [];
    for (const position of [2, 1, 2, -1, 1]) ids.push(await makeCategory({ parentId, position }));
    const expected = [ids[3], ids[1], ids[4], ids[0], ids[2]];
    const { children } = await read(parentId);
    assert.deepEqual(
      children.map((child) => child.id),
      expected,
    );
  });

  it('counts its own products on sale', async () => {
    const categoryId = await makeCategory();
    const childId = await makeCategory({ parentId: categoryId });
    for (const status of ['active', 'draft', 'active', 'retired']) await makeProduct({ categoryId, status });
    await makeProduct({ categoryId: childId });
    assert.equal((await read(categoryId)).productCount, 2);
  });

  it('is in the list of all, by name', async () => {
    const stem = unique('list');
    const last = await makeCategory({ name: `${stem} b` });
    const first = await makeCategory({ name: `${stem} A`, parentId: last });
    const own = (await list()).filter((category) => category.name.startsWith(stem));
    assert.deepEqual(
      own.map((category) => category.id),
      [first, last],
    );
  });

  it('is in the list of roots when it is one, by position', async () => {
    const later = await makeCategory({ position: 2147483647 });
    const sooner = await makeCategory({ position: -2147483648 });
    const child = await makeCategory({ parentId: later });
    const roots = (await list('?roots=true')).map((category) => category.id);
    assert.ok(roots.includes(later) && roots.includes(sooner));
    assert.ok(roots.indexOf(sooner) < roots.indexOf(later));
    assert.ok(!roots.includes(child));
  });

  it('is refused when a field is wrong', async () => {
    for (const fields of [{}, { name: '' }, { name: 'x', position: 1.5 }, { name: 'x'.repeat(81) }]) {
      assert.equal((await admin('POST', '/categories', fields)).status, 400);
    }
    assert.equal((await admin('POST', '/categories', { name: 'x', parentId: NO_INT_ID })).status, 400);
  });

  it('is not found when there is none', async () => {
    assert.equal((await get(`/categories/${NO_INT_ID}`)).status, 404);
    assert.equal((await get('/categories/x')).status, 400);
  });
});

describe('deleting a category', () => {
  it('takes it away', async () => {
    const id = await makeCategory();
    assert.equal((await admin('DELETE', `/categories/${id}`)).status, 204);
    assert.equal((await get(`/categories/${id}`)).status, 404);
    assert.equal((await admin('DELETE', `/categories/${id}`)).status, 404);
  });

  it('is refused while it has products', async () => {
    const categoryId = await makeCategory();
    await makeProduct({ categoryId, status: 'retired' });
    assert.equal((await admin('DELETE', `/categories/${categoryId}`)).status, 409);
    assert.equal((await get(`/categories/${categoryId}`)).status, 200);
  });

  it('is refused while it has children', async () => {
    const parentId = await makeCategory();
    const childId = await makeCategory({ parentId });
    assert.equal((await admin('DELETE', `/categories/${parentId}`)).status, 409);
    assert.equal((await admin('DELETE', `/categories/${childId}`)).status, 204);
    assert.equal((await admin('DELETE', `/categories/${parentId}`)).status, 204);
  });
});
