import { parseArgs } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { loadCatalogue } from './seeding/catalogue.js';
import { loadCustomers } from './seeding/customers.js';
import { loadCarts, loadOrders } from './seeding/orders.js';
import { loadReviews } from './seeding/reviews.js';
import { ensureDatabase, resetSchema } from './seeding/schema.js';
import { sizesFor } from './seeding/sizes.js';

const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    reset: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const databaseUrl =
  process.env['DATABASE_URL'] ?? fail('DATABASE_URL must be set, such as mysql://user@127.0.0.1:3306/shop');
const orders = Number(options.orders);
if (!Number.isInteger(orders) || orders < 0) fail('--orders must be a whole number');

const started = performance.now();
if (options.reset) await ensureDatabase(databaseUrl);
const connection = await createConnection({ uri: databaseUrl, charset: 'utf8mb4_0900_ai_ci', timezone: 'Z' });
try {
  await connection.query("SET time_zone = '+00:00'");
  if (options.reset) await resetSchema(connection);
  const [existing] = await connection.query<RowDataPacket[]>('SELECT id FROM categories LIMIT 1');
  if (existing.length > 0) fail('the database is not empty; --reset empties it first');

  const sizes = sizesFor(orders);
  await connection.beginTransaction();
  const prices = await loadCatalogue(connection, options.seed, sizes);
  const book = await loadCustomers(connection, options.seed, sizes);
  await loadOrders(connection, options.seed, sizes, prices, book);
  await loadCarts(connection, options.seed, sizes);
  await loadReviews(connection, options.seed, sizes);
  await connection.commit();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`seeded ${orders} orders, ${sizes.customers} customers, ${sizes.products} products in ${seconds} s`);
} finally {
  await connection.end();
}
