import { ADMIN_ACTIONS } from './admin-actions.js';
import { CATALOGUE_ACTIONS } from './catalogue-actions.js';
import { CUSTOMER_ACTIONS } from './customer-actions.js';
import { ORDER_ACTIONS } from './order-actions.js';
import type { World } from './world.js';

/** One thing that somebody does in the shop: mostly one request. */
export type Action = (world: World) => Promise<unknown>;

/** How often each is done, relative to the others. */
export type WeightedActions = [number, Action][];

const ACTIONS: WeightedActions = [...CATALOGUE_ACTIONS, ...CUSTOMER_ACTIONS, ...ORDER_ACTIONS, ...ADMIN_ACTIONS];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

export function pickAction(world: World): Action {
  let left = world.random.next() * TOTAL;
  for (const [weight, action] of ACTIONS) {
    left -= weight;
    if (left < 0) return action;
  }
  throw new Error('no action');
}
