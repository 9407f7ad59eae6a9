import type { Connection } from 'mysql2/promise';
import { fromCents, toCents } from '../../src/lib/money.js';
import { EXTREME_PRODUCTS } from './catalogue.js';
import type { AddressBook } from './customers.js';
import { Loader } from './loader.js';
import { microsecond } from './moments.js';
import { Random } from './random.js';
import type { Sizes } from './sizes.js';

const TWO_YEARS = 63_072_000;

/** Few customers order much, many order little. */
function someCustomer(random: Random, sizes: Sizes): number {
  return 1 + Math.floor(random.next() ** 2 * sizes.customers);
}

function someProducts(random: Random, sizes: Sizes, most: number): number[] {
  const ids = Array.from({ length: random.between(1, most) }, () =>
    random.between(EXTREME_PRODUCTS + 1, sizes.products),
  );
  return [...new Set(ids)];
}

export async function loadOrders(
  connection: Connection,
  seed: string,
  sizes: Sizes,
  prices: string[],
  book: AddressBook,
): Promise<void> {
  const random = new Random(`${seed}:orders`);
  const columns = ['id', 'customer_id', 'address_id', 'status', 'total', 'note', 'placed_at', 'cancelled_at'];
  const orders = new Loader(connection, 'orders', columns);
  const lines = new Loader(
    connection,
    'order_lines',
    ['order_id', 'line_no', 'product_id', 'unit_price', 'quantity'],
    orders,
  );
  const notifications = new Loader(connection, 'notifications', [
    'id',
    'customer_id',
    'kind',
    'message',
    'is_read',
    'created_at',
  ]);
  let [seconds, micros] = [0, 0];
  for (let id = 1; id <= sizes.orders; id += 1) {
    // Now and then two orders are placed in the very same microsecond.
    if (!random.chance(0.02)) {
      seconds = Math.floor((TWO_YEARS / sizes.orders) * (id - 1 + random.next() * 0.9));
      micros = random.between(0, 999_999);
    }
    const placedAt = microsecond(seconds, micros);
    const customerId = someCustomer(random, sizes);
    const status = random.pick(['pending', 'paid', 'paid', 'shipped', 'shipped', 'shipped', 'shipped', 'cancelled']);
    const cancelledAt = status === 'cancelled' ? microsecond(seconds + random.between(60, 86_400), micros) : null;
    const addressIds = book[customerId] ?? [];
    const addressId = addressIds.length === 0 || random.chance(0.05) ? null : random.pick(addressIds);
    const items = someProducts(random, sizes, 4).map((productId) => ({
      productId,
      price: random.chance(0.1) ? (random.between(1, 9_999) / 100).toFixed(2) : (prices[productId] ?? '1.00'),
      quantity: random.chance(0.8) ? random.between(1, 3) : random.between(4, 40),
    }));
    const total = items.reduce((sum, item) => sum + toCents(item.price) * BigInt(item.quantity), 0n);
    const note = random.chance(0.7)
      ? null
      : random.pick(['', 'Please ring twice 🔔', 'Leave it at the "back" door.\n']);
    await orders.add(id, customerId, addressId, status, fromCents(total), note, placedAt, cancelledAt);
    for (const [index, item] of items.entries()) {
      await lines.add(id, index + 1, item.productId, item.price, item.quantity);
    }
    if (random.chance(0.5)) {
      const message = `Your order ${id} of ${fromCents(total)} is placed.`;
      const isRead = random.chance(0.7) ? 1 : 0;
      await notifications.add(notifications.count + 1, customerId, 'order_placed', message, isRead, placedAt);
    }
  }
  await lines.flush();
  await notifications.flush();
}

export async function loadCarts(connection: Connection, seed: string, sizes: Sizes): Promise<void> {
  const random = new Random(`${seed}:carts`);
  const carts = new Loader(connection, 'carts', ['id', 'customer_id', 'updated_at']);
  const items = new Loader(connection, 'cart_items', ['cart_id', 'product_id', 'quantity'], carts);
  for (let customerId = 1; customerId <= sizes.customers; customerId += 1) {
    if (!random.chance(0.25)) continue;
    const cartId = carts.count + 1;
    await carts.add(cartId, customerId, microsecond(random.between(0, TWO_YEARS), random.between(0, 999_999)));
    if (random.chance(0.2)) continue;
    for (const productId of someProducts(random, sizes, 5)) await items.add(cartId, productId, random.between(1, 4));
  }
  await items.flush();
}
