import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';

/** What 50 customers found who wanted one of the last pieces each, and what was left. */
export interface Outcome {
  readonly sold: number;
  readonly refused: number;
  /** Answers that are neither, by status: none is expected. */
  readonly other: Readonly<Record<string, number>>;
  /** Checkouts that were tried again, because the store asked for it (5xx after the application's own attempts). */
  readonly again: number;
  readonly stock: number;
  readonly orders: number;
  /** Customers whose order, cart and answer do not belong together. */
  readonly torn: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const ADMIN = { 'x-admin-key': 'demo-admin' };
const ATTEMPTS = 6;

/** A product with few pieces left, and customers who each have one of it in their cart. */
export async function prepareCheckouts(
  url: string,
  amounts: { readonly pieces: number; readonly customers: number },
): Promise<{ readonly product: number; readonly customers: readonly string[] }> {
  const categories = await call(url, 'GET', '/categories');
  const [, category] = /"id":(\d+)/.exec(JSON.stringify(categories.body)) ?? [];
  const product = {
    sku: `LAST-${amounts.pieces}`,
    categoryId: Number(category),
    name: 'The last pieces',
    price: '12.50',
  };
  const made = await call(
    url,
    'POST',
    '/admin/products',
    { ...product, stock: amounts.pieces, status: 'active' },
    ADMIN,
  );
  if (made.status !== 201) throw new Error(`The product was not made: ${JSON.stringify(made)}`);
  const id = Number(made.body['id']);
  const customers: string[] = [];
  for (let number = 1; number <= amounts.customers; number += 1) {
    const customer = await call(url, 'POST', '/customers', {
      email: `last-${number}@example.com`,
      name: `Last ${number}`,
    });
    const own = String(customer.body['id']);
    const added = await call(url, 'POST', `/customers/${own}/cart/items`, { productId: id, quantity: 1 });
    if (added.status !== 201) throw new Error(`The cart was not filled: ${JSON.stringify(added)}`);
    customers.push(own);
  }
  return { product: id, customers };
}

/** All check out at once, at several instances of the application; then everything is looked at. */
export async function checkOutAtOnce(
  urls: readonly string[],
  { product, customers }: { readonly product: number; readonly customers: readonly string[] },
): Promise<Outcome> {
  const first = urls[0] ?? '';
  let again = 0;
  const answers = await Promise.all(
    customers.map(async (customer, position) => {
      const url = urls[position % urls.length] ?? first;
      for (let attempt = 1; ; attempt += 1) {
        const { status } = await call(url, 'POST', `/customers/${customer}/checkout`, {});
        if (status < 500 || attempt === ATTEMPTS) return status;
        again += 1;
      }
    }),
  );
  const torn: string[] = [];
  let orders = 0;
  for (const [position, customer] of customers.entries()) {
    const placed = Number((await call(first, 'GET', `/customers/${customer}/orders`)).body['total']);
    const cart = (await call(first, 'GET', `/customers/${customer}/cart`)).body['items'] as readonly unknown[];
    orders += placed;
    const sold = answers[position] === 201;
    if (placed !== (sold ? 1 : 0) || cart.length !== (sold ? 0 : 1)) torn.push(customer);
  }
  const { body } = await call(first, 'GET', `/products/${product}`);
  const other: Record<string, number> = {};
  for (const status of answers) if (status !== 201 && status !== 409) other[status] = (other[status] ?? 0) + 1;
  return {
    sold: answers.filter((status) => status === 201).length,
    refused: answers.filter((status) => status === 409).length,
    other,
    again,
    stock: Number(body['stock']),
    orders,
    torn,
  };
}

async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = request(url + path, { method, agent, headers: { 'content-type': 'application/json', ...headers } });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return { status: response.statusCode ?? 0, body: parsed(text) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
