import type { Client, Json } from './client.js';
import { Random } from './random.js';

const NO_INT_ID = 4294967295;
const NO_BIG_ID = '18446744073709551615';

/** A list of objects in an answer; empty when there is none. */
export function objects(body: Json, name: string): Json[] {
  const value = body[name];
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** What the generator knows of the shop, all of it learnt from the shop's own answers. */
export class World {
  readonly random: Random;
  readonly categories: number[] = [];
  readonly products: number[] = [];
  readonly customers: string[] = [];
  readonly orders: string[] = [];
  readonly emails: string[] = [];
  readonly skus: string[] = [];
  readonly tags: string[] = [];
  readonly tokens: string[] = [];
  /** Pairs of customer and address. */
  readonly addresses: [string, number][] = [];
  private counter = 0;

  constructor(
    readonly client: Client,
    private readonly seed: number,
  ) {
    this.random = new Random(seed);
  }

  /** A name that no other run with another seed gives. */
  unique(prefix: string): string {
    this.counter += 1;
    return `${prefix}-${this.seed}-${this.counter}`;
  }

  /** Mostly one of the newest twenty, so that stories go on; sometimes any; now and then one that does not exist. */
  some<T>(list: readonly T[], none: T): T {
    if (list.length === 0 || this.random.chance(0.03)) return none;
    return this.random.pick(this.random.chance(0.6) ? list.slice(-20) : list);
  }

  customer = (): string => this.some(this.customers, NO_BIG_ID);
  product = (): number => this.some(this.products, NO_INT_ID);
  category = (): number => this.some(this.categories, NO_INT_ID);
  order = (): string => this.some(this.orders, NO_BIG_ID);

  productIds(): string {
    return Array.from({ length: this.random.between(1, 6) }, () => this.product()).join(',');
  }

  page(): string {
    return `page=${this.random.between(1, 3)}&pageSize=${this.random.between(1, 20)}`;
  }

  /** Looks around: what is there before the first request of its own. */
  async discover(): Promise<void> {
    const { client } = this;
    const categories = await client.send({ method: 'GET', path: '/categories', route: '/categories' });
    this.categories.push(...objects(categories.body, 'categories').map((row) => Number(row['id'])));
    for (const page of [1, 2]) {
      const path = `/products?page=${page}&pageSize=50`;
      const products = await client.send({ method: 'GET', path, route: '/products' });
      for (const row of objects(products.body, 'products')) {
        this.products.push(Number(row['id']));
        this.skus.push(String(row['sku']));
      }
    }
    for (const status of ['pending', 'paid', 'shipped', 'cancelled']) {
      const path = `/admin/orders?status=${status}&pageSize=50`;
      const orders = await client.send({ method: 'GET', path, route: '/admin/orders', key: 'right' });
      for (const row of objects(orders.body, 'orders')) {
        this.orders.push(String(row['id']));
        const customer = String(row['customerId']);
        if (!this.customers.includes(customer)) this.customers.push(customer);
      }
    }
  }
}
