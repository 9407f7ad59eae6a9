import type { Connection } from 'mysql2/promise';
import { Loader } from './loader.js';
import { microsecond, second } from './moments.js';
import { Random } from './random.js';
import type { Sizes } from './sizes.js';
import { CATEGORY_NAMES, MATERIALS, SUFFIXES, TAG_NAMES, THINGS } from './words.js';

/** The first products hold the extremes of every column, and are never in a generated order. */
export const EXTREME_PRODUCTS = 3;

const LONG_TEXT = 'A long story about a small thing. 📦 '.repeat(100);

function description(random: Random): string | null {
  return random.pick([
    null,
    '',
    'Simple and good.',
    'Says "hello"; costs 5% less.\nTwo lines \\ one slash.',
    '🪵🔥',
    LONG_TEXT,
  ]);
}

function attributes(random: Random): string | null {
  if (random.chance(0.2)) return null;
  if (random.chance(0.1)) return '{}';
  return JSON.stringify({
    colour: random.pick(['red', 'grün', 'blanc', '⬛']),
    weight: random.between(1, 90000) / 1000,
    parts: Array.from({ length: random.between(0, 3) }, () => random.between(-5, 500)),
    care: random.chance(0.5) ? null : { wash: random.chance(0.5), note: random.pick(['', '30 °C', 'by hand']) },
  });
}

async function loadCategories(connection: Connection, seed: string, count: number): Promise<void> {
  const random = new Random(`${seed}:categories`);
  const categories = new Loader(connection, 'categories', ['id', 'parent_id', 'name', 'position']);
  for (let id = 1; id <= count; id += 1) {
    const isRoot = id <= Math.min(CATEGORY_NAMES.length, count);
    const name = isRoot ? random.pick(CATEGORY_NAMES) : `${random.pick(MATERIALS)} ${random.pick(THINGS)}s`;
    const parentId = isRoot ? null : random.between(Math.max(1, Math.floor(id / 4)), Math.floor(id / 2));
    // Positions tie on purpose: nobody keeps them tidy.
    await categories.add(id, parentId, name, random.between(-1, 3));
  }
  await categories.flush();
}

async function loadProducts(connection: Connection, seed: string, sizes: Sizes): Promise<string[]> {
  const random = new Random(`${seed}:products`);
  const columns = ['id', 'sku', 'category_id', 'name', 'description', 'price', 'stock', 'status', 'attributes'];
  const products = new Loader(connection, 'products', [...columns, 'image_checksum', 'created_at', 'updated_at']);
  await products.add(1, 'EXTREME-MAX', 1, '🐘'.repeat(160), LONG_TEXT, '99999999.99', 4294967295, 'retired',
    '{"max":9007199254740991,"min":-9007199254740991,"tiny":1e-7,"ключ":"значение","nested":{"a":[[],{}]}}',
    Buffer.alloc(32, 0xff), '2038-01-19 03:14:07', '9999-12-31 23:59:59.999999'); // prettier-ignore
  await products.add(2, 'EXTREME-MIN', 1, 'x', '', '0.00', 0, 'draft', '{}', Buffer.alloc(0), '1970-01-01 00:00:01', '1000-01-01 00:00:00.000000'); // prettier-ignore
  await products.add(3, 'EXTREME-NULL', 1, 'Nothing known', null, '0.01', 1, 'draft', null, null, '2024-01-01 00:00:00', '2024-01-01 00:00:00.000001'); // prettier-ignore

  const prices = ['', '99999999.99', '0.00', '0.01'];
  for (let id = EXTREME_PRODUCTS + 1; id <= sizes.products; id += 1) {
    const price = (random.between(1, random.chance(0.1) ? 250_000 : 9_999) / 100).toFixed(2);
    const sku = `${random.pick(['SKU', 'Art', 'kit'])}-${String(id).padStart(6, '0')}`;
    const name = `${random.pick(MATERIALS)} ${random.pick(THINGS)}${random.pick(SUFFIXES)}`;
    const createdAt = random.between(-30_000_000, 0);
    prices.push(price);
    await products.add(
      id,
      sku,
      random.between(1, sizes.categories),
      name,
      description(random),
      price,
      random.chance(0.1) ? 0 : random.between(1, 5000),
      random.chance(0.85) ? 'active' : random.pick(['draft', 'retired']),
      attributes(random),
      random.chance(0.3) ? null : random.bytes(32),
      second(createdAt),
      microsecond(createdAt + random.between(0, 30_000_000), random.between(0, 999_999)),
    );
  }
  await products.flush();
  return prices;
}

async function loadTags(connection: Connection, seed: string, sizes: Sizes): Promise<void> {
  const random = new Random(`${seed}:tags`);
  const tags = new Loader(connection, 'tags', ['id', 'name']);
  for (let id = 1; id <= sizes.tags; id += 1) await tags.add(id, TAG_NAMES[id - 1] ?? `range ${id}`);
  const links = new Loader(connection, 'product_tags', ['product_id', 'tag_id'], tags);
  for (let productId = 1; productId <= sizes.products; productId += 1) {
    const chosen = new Set(Array.from({ length: random.between(0, 4) }, () => random.between(1, sizes.tags)));
    for (const tagId of chosen) await links.add(productId, tagId);
  }
  await links.flush();
}

/** Loads categories, products and tags. Gives the price of every product by its id. */
export async function loadCatalogue(connection: Connection, seed: string, sizes: Sizes): Promise<string[]> {
  await loadCategories(connection, seed, sizes.categories);
  const prices = await loadProducts(connection, seed, sizes);
  await loadTags(connection, seed, sizes);
  return prices;
}
