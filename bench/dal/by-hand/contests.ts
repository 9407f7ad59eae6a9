import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Contest } from '../contest.ts';
import type { OpenLayer } from '../methods.ts';
import { ShopByHand } from './shop.ts';

/** Statements of the shop, one of each kind that DynamoDB has a call for. */
export async function shopContests(dal: OpenLayer, client: DynamoDBClient, prefix: string): Promise<Contest[]> {
  const shop = new ShopByHand(client, prefix);
  const customers = await numbers(client, `${prefix}customers`, 'id');
  const orders = await numbers(client, `${prefix}order_lines`, 'order_id');
  // The shop has a product with all the stock that the column can hold.
  const products = await numbers(client, `${prefix}products`, 'id', (item) => Number(item['stock']?.N) < 1_000_000);
  const some = (list: readonly string[], call: number): string => list[call % list.length] ?? '';
  const method = (aggregate: string, name: string) => {
    const found = dal[aggregate]?.[name];
    if (found === undefined) throw new Error(`The layer has no ${aggregate}.${name}.`);
    return found;
  };
  const ids = (call: number): number[] => [0, 3, 7, 11, 17].map((step) => Number(some(products, call + step)));
  const customer = (call: number, who: string) => ({
    email: `bench-${who}-${call}@example.com`,
    name: 'Bénédicte Test',
    phone: '+45 1234',
    birthDate: '1990-02-28',
    contactBy: 'email',
    loyaltyPoints: '42',
    isActive: 1,
  });
  const sameCounts = (one: unknown, other: unknown): boolean =>
    (one as { affectedRows: number }).affectedRows === (other as { affectedRows: number }).affectedRows;
  return [
    {
      method: 'customers.findById',
      calls: 'GetItem',
      compiled: (call) => method('customers', 'findById')({ id: some(customers, call) }),
      byHand: (call) => shop.findCustomerById(some(customers, call)),
    },
    {
      method: 'orders.listOrderLinesByOrderIdForCancelOrder',
      calls: 'Query of a partition',
      compiled: (call) => method('orders', 'listOrderLinesByOrderIdForCancelOrder')({ orderId: some(orders, call) }),
      byHand: (call) => shop.listOrderLines(some(orders, call)),
    },
    {
      method: 'products.listByIds',
      calls: 'BatchGetItem of 5 keys',
      compiled: (call) => method('products', 'listByIds')({ ids: ids(call) }),
      byHand: (call) => shop.listProductsByIds(ids(call)),
    },
    {
      method: 'reviews.listByProductId',
      calls: 'Query of an index, then BatchGetItem',
      compiled: (call) =>
        method('reviews', 'listByProductId')({ productId: Number(some(products, call)), limit: 5, offset: 0 }),
      byHand: (call) => shop.listReviews(Number(some(products, call)), 5, 0),
    },
    {
      method: 'customers.insert',
      calls: 'UpdateItem of the id counter, TransactWriteItems with a guard',
      compiled: (call) => method('customers', 'insert')(customer(call, 'compiled')),
      byHand: (call) => shop.insertCustomer(customer(call, 'hand')),
      same: sameCounts,
    },
    {
      method: 'products.updateStockById, three in a unit of work',
      calls: '3 GetItem, TransactWriteItems of 3',
      compiled: (call) => threeUpdates(dal, ids(call).slice(0, 3)),
      byHand: (call) => shop.addToStock(ids(call).slice(0, 3), 1),
    },
  ];
}

/** As the cancellation of an order does it: each statement reads its row, and all are written together. */
async function threeUpdates(dal: OpenLayer, ids: readonly number[]): Promise<boolean> {
  const unit = await dal.begin();
  try {
    await unit.begin();
    for (const productId of ids) {
      await dal['products']?.['updateStockById']?.({ quantity: 1, productId }, unit);
    }
    await unit.commit();
    return true;
  } finally {
    unit.release();
  }
}

/** The values of a numeric attribute of all items, each once, in order. */
async function numbers(
  client: DynamoDBClient,
  table: string,
  attribute: string,
  take: (item: Record<string, AttributeValue>) => boolean = () => true,
): Promise<string[]> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName: table }));
  return [...new Set(items.filter(take).flatMap((item) => item[attribute]?.N ?? []))].sort(
    (a, b) => Number(a) - Number(b),
  );
}
