import type { WeightedActions } from './actions.js';
import { objects, type World } from './world.js';

async function addToCart(world: World, customer: string): Promise<void> {
  await world.client.send({
    method: 'POST',
    route: '/customers/:id/cart/items',
    path: `/customers/${customer}/cart/items`,
    body: { productId: world.product(), quantity: world.random.pick([1, 1, 1, 1, 2, 2, 2, 3, 3, 0, 1000]) },
  });
}

async function lookIntoCart(world: World, customer: string): Promise<number[]> {
  const path = `/customers/${customer}/cart`;
  const answer = await world.client.send({ method: 'GET', route: '/customers/:id/cart', path });
  return objects(answer.body, 'items').map((item) => Number(item['productId']));
}

async function setQuantity(world: World): Promise<void> {
  const customer = world.customer();
  const productId = world.some(await lookIntoCart(world, customer), world.product());
  await world.client.send({
    method: 'PUT',
    route: '/customers/:id/cart/items/:productId',
    path: `/customers/${customer}/cart/items/${productId}`,
    body: { quantity: world.random.between(0, 4) },
  });
}

async function takeOut(world: World): Promise<void> {
  const customer = world.customer();
  const productId = world.some(await lookIntoCart(world, customer), world.product());
  const path = `/customers/${customer}/cart/items/${productId}`;
  await world.client.send({ method: 'DELETE', route: '/customers/:id/cart/items/:productId', path });
}

async function checkout(world: World, customer: string): Promise<void> {
  const answer = await world.client.send({
    method: 'POST',
    route: '/customers/:id/checkout',
    path: `/customers/${customer}/checkout`,
    body: { note: world.random.pick([null, '', 'Ring twice 🔔']) },
  });
  if (answer.status === 201) world.orders.push(String(answer.body['orderId']));
}

/** Somebody who means it: fills the cart and buys it. */
async function shop(world: World): Promise<void> {
  const customer = world.customer();
  for (let left = world.random.between(1, 3); left > 0; left -= 1) await addToCart(world, customer);
  await lookIntoCart(world, customer);
  await checkout(world, customer);
}

function visit(world: World, rest: string, query = ''): Promise<unknown> {
  const path = `/customers/${world.customer()}${rest}${query}`;
  return world.client.send({ method: 'GET', route: `/customers/:id${rest}`, path });
}

export const ORDER_ACTIONS: WeightedActions = [
  [5, (world) => addToCart(world, world.customer())],
  [3, (world) => lookIntoCart(world, world.customer())],
  [1.5, setQuantity],
  [1.5, takeOut],
  [2, (world) => checkout(world, world.customer())],
  [5, shop],
  [5, (world) => visit(world, '/orders', world.random.pick(['', `?${world.page()}`]))],
  [2, (world) => visit(world, '/purchases')],
  [6, (world) => world.client.send({ method: 'GET', route: '/orders/:id', path: `/orders/${world.order()}` })],
  [
    2,
    (world) =>
      world.client.send({ method: 'POST', route: '/orders/:id/cancel', path: `/orders/${world.order()}/cancel` }),
  ],
];
