import type { WeightedActions } from './actions.js';
import type { Call, Json } from './client.js';
import { objects, type World } from './world.js';

/** Nearly always with the right key. */
function send(world: World, method: Call['method'], route: string, path: string, body?: unknown) {
  const key = world.random.chance(0.97) ? 'right' : 'wrong';
  return world.client.send({ method, route: `/admin${route}`, path: `/admin${path}`, body, key });
}

function productFields(world: World): Json {
  const { random } = world;
  return {
    name: `${random.pick(['Lamp', 'Table ✨', 'Café cup', '灯'])} ${random.between(1, 50)}`,
    description: random.pick([null, '', 'Plain', 'Says "hello"\n100% 🔥']),
    price: random.pick(['0.00', '0.10', '9.99', '10.00', '129.90', '99999999.99', '1.234']),
    stock: random.pick([0, 1, 3, 10, 500]),
    status: random.pick(['active', 'active', 'active', 'draft', 'retired']),
    attributes: random.pick([null, {}, { colour: 'grün', parts: [1, 2.5], care: { wash: null } }]),
    categoryId: world.category(),
  };
}

async function addProduct(world: World): Promise<void> {
  const fresh = world.skus.length === 0 || world.random.chance(0.85);
  const sku = fresh ? world.unique('Sku') : world.random.pick(world.skus).toLowerCase();
  const imageChecksum = world.random.pick([null, '', 'AP8Q', Buffer.from(sku).toString('base64')]);
  const body = { ...productFields(world), sku, imageChecksum };
  const answer = await send(world, 'POST', '/products', '/products', body);
  if (answer.status !== 201) return;
  world.products.push(Number(answer.body['id']));
  world.skus.push(sku);
}

async function changeProduct(world: World): Promise<void> {
  const all = Object.entries(productFields(world));
  const body = Object.fromEntries(all.filter(() => world.random.chance(0.3)));
  await send(world, 'PATCH', '/products/:id', `/products/${world.product()}`, body);
}

async function tagProduct(world: World): Promise<void> {
  const { random } = world;
  const tags = Array.from({ length: random.between(0, 4) }, () =>
    random.chance(0.3) ? world.unique('Tag') : world.some(world.tags, random.pick(['SALE', 'cafe', '🎁'])),
  );
  const path = `/products/${world.product()}/tags`;
  const answer = await send(world, 'PUT', '/products/:id/tags', path, { tags });
  if (answer.status === 200) world.tags.push(...tags.filter((tag) => !world.tags.includes(tag)));
}

async function addCategory(world: World): Promise<void> {
  const answer = await send(world, 'POST', '/categories', '/categories', {
    name: world.random.pick([world.unique('category'), 'Küche', '']),
    parentId: world.random.chance(0.7) ? world.category() : null,
    position: world.random.between(-1, 3),
  });
  if (answer.status === 201) world.categories.push(Number(answer.body['id']));
}

async function listOrders(world: World): Promise<void> {
  const status = world.random.pick(['pending', 'paid', 'shipped', 'cancelled', 'lost']);
  const answer = await send(world, 'GET', '/orders', `/orders?status=${status}&${world.page()}`);
  for (const order of objects(answer.body, 'orders')) {
    const customer = String(order['customerId']);
    if (!world.customers.includes(customer)) world.customers.push(customer);
  }
}

/** Only days gone by, so that the answer does not depend on today. */
function salesByDay(world: World): Promise<unknown> {
  const { random } = world;
  const month = () => `${random.pick(['2024', '2025'])}-${String(random.between(1, 12)).padStart(2, '0')}`;
  const path = `/reports/sales-by-day?from=${month()}-01&to=${month()}-28`;
  return send(world, 'GET', '/reports/sales-by-day', path);
}

export const ADMIN_ACTIONS: WeightedActions = [
  [4, addProduct],
  [4, changeProduct],
  [3, tagProduct],
  [2, addCategory],
  [1, (world) => send(world, 'DELETE', '/categories/:id', `/categories/${world.category()}`)],
  [2, listOrders],
  [
    3,
    (world) =>
      send(world, 'POST', '/orders/:id/status', `/orders/${world.order()}/status`, {
        status: world.random.pick(['paid', 'paid', 'shipped', 'lost']),
      }),
  ],
  [1, salesByDay],
  [2, (world) => send(world, 'GET', '/reports/products-sold', `/reports/products-sold?ids=${world.productIds()}`)],
];
