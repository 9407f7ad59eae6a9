import type { WeightedActions } from './actions.js';
import type { World } from './world.js';

const WORDS = ['lamp', 'TABLE', 'oak', 'é', '✨', '%', '_', 'no such thing', "12''", 'Mini'];

const read = (world: World, route: string, path: string) => world.client.send({ method: 'GET', path, route });

function listPath(world: World): string {
  const { random } = world;
  const parts = [world.page()];
  if (random.chance(0.5)) parts.push(`category=${world.category()}`);
  if (random.chance(0.3)) parts.push(`minPrice=${random.between(0, 40)}.50`);
  if (random.chance(0.3)) parts.push(`maxPrice=${random.between(20, 90)}.00`);
  if (random.chance(0.3)) parts.push(`q=${encodeURIComponent(random.pick(WORDS))}`);
  if (random.chance(0.6)) parts.push(`sort=${random.pick(['name', 'cheapest', 'dearest', 'newest', 'oddest'])}`);
  return `/products?${parts.join('&')}`;
}

export const CATALOGUE_ACTIONS: WeightedActions = [
  [1, (world) => read(world, '/health', '/health')],
  [10, (world) => read(world, '/products', listPath(world))],
  [10, (world) => read(world, '/products/:id', `/products/${world.product()}`)],
  [3, (world) => read(world, '/products/batch', `/products/batch?ids=${world.productIds()}`)],
  [
    3,
    (world) => {
      const sku = world.some(world.skus, 'no-such-sku');
      const spelling = world.random.pick([sku, sku.toUpperCase(), sku.toLowerCase()]);
      return read(world, '/products/by-sku/:sku', `/products/by-sku/${encodeURIComponent(spelling)}`);
    },
  ],
  [4, (world) => read(world, '/products/:id/reviews', `/products/${world.product()}/reviews?${world.page()}`)],
  [
    4,
    (world) =>
      world.client.send({
        method: 'POST',
        route: '/products/:id/reviews',
        path: `/products/${world.product()}/reviews`,
        body: {
          customerId: world.customer(),
          rating: world.random.between(0, 5),
          body: world.random.pick([null, '', 'Good', '😍 très bien', 'x\ny']),
        },
      }),
  ],
  [
    3,
    (world) => {
      const tag = world.some(world.tags, world.random.pick(['sale', 'Café', '🎁', 'no such tag']));
      return read(world, '/tags/:name/products', `/tags/${encodeURIComponent(tag)}/products`);
    },
  ],
  [1, (world) => read(world, '/categories', world.random.pick(['/categories', '/categories?roots=true']))],
  [4, (world) => read(world, '/categories/:id', `/categories/${world.category()}`)],
  [0.5, (world) => read(world, '(none)', `/${world.unique('nowhere')}`)],
];
