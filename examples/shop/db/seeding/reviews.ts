import type { Connection } from 'mysql2/promise';
import { Loader } from './loader.js';
import { second } from './moments.js';
import { Random } from './random.js';
import type { Sizes } from './sizes.js';
import { REMARKS } from './words.js';

export async function loadReviews(connection: Connection, seed: string, sizes: Sizes): Promise<void> {
  const random = new Random(`${seed}:reviews`);
  const columns = ['id', 'product_id', 'customer_id', 'rating', 'body', 'is_verified', 'created_at'];
  const reviews = new Loader(connection, 'reviews', columns);
  const written = new Set<string>();
  for (let attempt = 0; attempt < sizes.reviews; attempt += 1) {
    const productId = 1 + Math.floor(random.next() ** 2 * sizes.products);
    // Who wrote it may be forgotten; who is known writes once.
    const customerId = random.chance(0.1) ? null : random.between(1, sizes.customers);
    const key = `${productId}:${customerId}`;
    if (customerId !== null && written.has(key)) continue;
    written.add(key);
    const body = random.chance(0.2) ? null : random.pick(REMARKS);
    const isVerified = random.chance(0.6) ? 1 : 0;
    const createdAt = second(random.between(0, 63_000_000));
    await reviews.add(reviews.count + 1, productId, customerId, random.between(1, 5), body, isVerified, createdAt);
  }
  await reviews.flush();
}
