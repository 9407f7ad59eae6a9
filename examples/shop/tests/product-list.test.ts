import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { get } from './support/client.js';
import { makeCategory, makeProduct, unique } from './support/fixtures.js';
import type { ProductPage } from './support/types.js';

const word = unique('word').replaceAll('-', '');

describe('the list of products', () => {
  let categoryId = 0;
  /** Ids by short name. */
  const ids = new Map<string, number>();

  before(async () => {
    categoryId = await makeCategory();
    const products: [string, string, string][] = [
      ['d', '10.00', 'active'],
      ['b', '9.99', 'active'],
      ['c', '100.00', 'active'],
      ['a', '10.00', 'active'],
      ['e', '0.50', 'active'],
      ['draft', '1.00', 'draft'],
      ['retired', '1.00', 'retired'],
    ];
    for (const [name, price, status] of products) {
      ids.set(name, await makeProduct({ categoryId, name: `${name} ${word}`, price, status }));
    }
  });

  async function names(query: string): Promise<string> {
    const reply = await get<ProductPage>(`/products?category=${categoryId}${query}`);
    assert.equal(reply.status, 200);
    return reply.body.products.map((product) => product.name.split(' ')[0]).join('');
  }

  it('is in the order of the names, and shows only what is on sale', async () => {
    assert.equal(await names(''), 'abcde');
    assert.equal(await names('&sort=name'), 'abcde');
  });

  it('can be in the order of the prices, which are numbers; then of the ids', async () => {
    assert.equal(await names('&sort=cheapest'), 'ebdac');
    assert.equal(await names('&sort=dearest'), 'cadbe');
  });

  it('can show the newest first', async () => {
    assert.equal(await names('&sort=newest'), 'eacbd');
  });

  it('can be limited to a range of prices, both ends included', async () => {
    assert.equal(await names('&minPrice=9.99&maxPrice=10.00'), 'abd');
    assert.equal(await names('&minPrice=10.01'), 'c');
    assert.equal(await names('&maxPrice=9.98'), 'e');
    assert.equal(await names('&minPrice=100.01'), '');
  });

  it('comes in pages that neither repeat nor skip', async () => {
    const seen: number[] = [];
    for (const page of [1, 2, 3]) {
      const reply = await get<ProductPage>(`/products?category=${categoryId}&sort=cheapest&page=${page}&pageSize=2`);
      assert.equal(reply.body.total, 5);
      assert.equal(reply.body.page, page);
      assert.equal(reply.body.pageSize, 2);
      seen.push(...reply.body.products.map((product) => product.id));
    }
    assert.deepEqual(
      seen,
      ['e', 'b', 'd', 'a', 'c'].map((name) => ids.get(name)),
    );
  });

  it('is empty after its last page, and still says how many there are', async () => {
    const reply = await get<ProductPage>(`/products?category=${categoryId}&page=4&pageSize=2`);
    assert.deepEqual(reply.body.products, []);
    assert.equal(reply.body.total, 5);
  });

  it('can be searched by a part of the name, in any case', async () => {
    const reply = await get<ProductPage>(`/products?q=${word.slice(1).toUpperCase()}&maxPrice=50.00`);
    assert.deepEqual(
      reply.body.products.map((product) => product.id),
      ['a', 'b', 'd', 'e'].map((name) => ids.get(name)),
    );
    assert.equal(reply.body.total, 4);
  });

  it('can be searched without minding accents', async () => {
    const category = await makeCategory();
    const id = await makeProduct({ categoryId: category, name: 'Café Brûlée 🍮' });
    const reply = await get<ProductPage>(`/products?category=${category}&q=brulee`);
    assert.deepEqual(
      reply.body.products.map((product) => product.id),
      [id],
    );
  });

  it('takes % and _ and \\ of a search as they are', async () => {
    const category = await makeCategory();
    await makeProduct({ categoryId: category, name: '100 cotton' });
    const percent = await makeProduct({ categoryId: category, name: '100% cot_ton' });
    const slash = await makeProduct({ categoryId: category, name: 'back\\slash' });
    for (const [term, id] of [
      ['0% c', percent],
      ['t_t', percent],
      ['k\\s', slash],
    ] as const) {
      const reply = await get<ProductPage>(`/products?category=${category}&q=${encodeURIComponent(term)}`);
      assert.deepEqual(
        reply.body.products.map((product) => product.id),
        [id],
        term,
      );
    }
  });

  it('combines all its conditions', async () => {
    assert.equal(await names(`&q=${word}&minPrice=9.00&maxPrice=20.00&sort=dearest&pageSize=2`), 'ad');
  });

  it('refuses what it does not understand', async () => {
    const queries = ['sort=id', 'page=0', 'page=x', 'pageSize=101', 'pageSize=0', 'minPrice=1', 'category=x'];
    for (const query of queries) assert.equal((await get(`/products?${query}`)).status, 400, query);
  });
});
