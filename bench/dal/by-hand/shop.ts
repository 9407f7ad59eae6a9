import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** What an engineer writes for some statements of the shop, on the tables of its migration, without a layer below. */
export class ShopByHand {
  private readonly client: DynamoDBClient;
  private readonly prefix: string;

  constructor(client: DynamoDBClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  async findCustomerById(id: string) {
    const { Item: item } = await this.client.send(
      new GetItemCommand({ TableName: `${this.prefix}customers`, Key: { id: { N: id } }, ConsistentRead: true }),
    );
    if (item === undefined) return [];
    return [
      {
        id: text(item['id']),
        email: text(item['email']),
        name: text(item['name']),
        phone: text(item['phone']),
        birth_date: text(item['birth_date']),
        contact_by: text(item['contact_by']),
        loyalty_points: text(item['loyalty_points']),
        is_active: number(item['is_active']),
        created_at: timestamp(item['created_at']),
      },
    ];
  }

  /** Lines of an order, as its cancellation puts them back: in the order of the products. */
  async listOrderLines(orderId: string) {
    const items = await this.queryAll({
      TableName: `${this.prefix}order_lines`,
      KeyConditionExpression: 'order_id = :order',
      ExpressionAttributeValues: { ':order': { N: orderId } },
      ConsistentRead: true,
    });
    return items
      .map((item) => ({ product_id: number(item['product_id']) ?? 0, quantity: number(item['quantity']) }))
      .sort((a, b) => a.product_id - b.product_id);
  }

  async listProductsByIds(ids: readonly number[]) {
    const items = await this.batchGet(
      `${this.prefix}products`,
      [...new Set(ids)].map((id) => ({ id: { N: String(id) } })),
    );
    return items.map(productOf).sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  }

  /** Reviews of a product, the best first, with their authors' names. */
  async listReviews(productId: number, limit: number, offset: number) {
    const reviews = await this.queryAll({
      TableName: `${this.prefix}reviews`,
      IndexName: 'reviews_by_product_id',
      KeyConditionExpression: 'product_id = :product',
      ExpressionAttributeValues: { ':product': { N: String(productId) } },
    });
    const page = reviews
      .sort(
        (a, b) =>
          (number(b['rating']) ?? 0) - (number(a['rating']) ?? 0) || (number(a['id']) ?? 0) - (number(b['id']) ?? 0),
      )
      .slice(offset, offset + limit);
    const customers = [...new Set(page.flatMap((item) => text(item['customer_id']) ?? []))];
    const authors = new Map(
      (await this.batchGet(`${this.prefix}customers`, customers.map((id) => ({ id: { N: id } })))).map((item) => [text(item['id']), text(item['name'])]), // prettier-ignore
    );
    return page.map((item) => ({
      id: number(item['id']),
      rating: number(item['rating']),
      body: text(item['body']),
      is_verified: number(item['is_verified']),
      created_at: timestamp(item['created_at']),
      author: authors.get(text(item['customer_id'])) ?? 'Former customer',
    }));
  }

  /** A customer with an id from the counter and an e-mail address that nobody else has. */
  async insertCustomer(customer: {
    readonly email: string;
    readonly name: string;
    readonly phone: string | null;
    readonly birthDate: string | null;
    readonly contactBy: string;
    readonly loyaltyPoints: string;
    readonly isActive: number;
  }): Promise<{ insertId: number; affectedRows: number; changedRows: number }> {
    const support = `${this.prefix}support`;
    const counter = await this.client.send(
      new UpdateItemCommand({
        TableName: support,
        Key: { pk: { S: 'COUNTER#customers' } },
        UpdateExpression: 'ADD #value :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    const id = text(counter.Attributes?.['value']) ?? '0';
    const folded = customer.email.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const item: Item = {
      id: { N: id },
      email: { S: customer.email },
      name: { S: customer.name },
      ...(customer.phone === null ? {} : { phone: { S: customer.phone } }),
      ...(customer.birthDate === null ? {} : { birth_date: { S: customer.birthDate } }),
      contact_by: { S: customer.contactBy },
      loyalty_points: { N: customer.loyaltyPoints },
      is_active: { N: String(customer.isActive) },
      created_at: { S: `${new Date().toISOString().slice(0, 19)}Z` },
      customers_by_email_pk: { S: `email#${folded}` },
      _v: { N: String(Date.now()) },
    };
    try {
      await this.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Put: {
                TableName: `${this.prefix}customers`,
                Item: item,
                ConditionExpression: 'attribute_not_exists(id)',
              },
            },
            {
              Put: {
                TableName: support,
                Item: { pk: { S: `UNIQUE#customers#customers_email#${folded}` }, owner: { S: id } },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
          ],
        }),
      );
    } catch (error) {
      const taken =
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.[1]?.Code === 'ConditionalCheckFailed';
      if (taken) throw new Error(`The address ${customer.email} is taken.`, { cause: error });
      throw error;
    }
    return { insertId: Number(id), affectedRows: 1, changedRows: 0 };
  }

  /** Adds pieces to the stock of several products, of all or of none; false when one of them is not there. */
  async addToStock(productIds: readonly number[], quantity: number): Promise<boolean> {
    const TableName = `${this.prefix}products`;
    const changes = [];
    for (const productId of productIds) {
      const Key = { id: { N: String(productId) } };
      const { Item: item } = await this.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      if (item === undefined) return false;
      const version = text(item['_v']) ?? '0';
      changes.push({
        Update: {
          TableName,
          Key,
          UpdateExpression: 'SET stock = :stock, #version = :next',
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#version': '_v' },
          ExpressionAttributeValues: {
            ':stock': { N: String((number(item['stock']) ?? 0) + quantity) },
            ':version': { N: version },
            ':next': { N: String(BigInt(version) + 1n) },
          },
        },
      });
    }
    await this.client.send(new TransactWriteItemsCommand({ TransactItems: changes }));
    return true;
  }

  private async queryAll(request: ConstructorParameters<typeof QueryCommand>[0]): Promise<Item[]> {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const answer = await this.client.send(new QueryCommand({ ...request, ExclusiveStartKey: from }));
      items.push(...(answer.Items ?? []));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined);
    return items;
  }

  private async batchGet(table: string, keys: readonly Item[]): Promise<Item[]> {
    const items: Item[] = [];
    for (let start = 0; start < keys.length; start += 100) {
      let open: Item[] = keys.slice(start, start + 100);
      for (let attempt = 0; open.length > 0; attempt += 1) {
        if (attempt > 0) await delay(Math.random() * 20 * 2 ** attempt);
        const answer = await this.client.send(
          new BatchGetItemCommand({ RequestItems: { [table]: { Keys: open, ConsistentRead: true } } }),
        );
        items.push(...(answer.Responses?.[table] ?? []));
        open = answer.UnprocessedKeys?.[table]?.Keys ?? [];
      }
    }
    return items;
  }
}

function productOf(item: Item) {
  const attributes = text(item['attributes']);
  const checksum = item['image_checksum']?.B;
  return {
    id: number(item['id']),
    sku: text(item['sku']),
    category_id: number(item['category_id']),
    name: text(item['name']),
    description: text(item['description']),
    price: Number(text(item['price'])).toFixed(2),
    stock: number(item['stock']),
    status: text(item['status']),
    attributes: attributes === null ? null : (JSON.parse(attributes) as unknown),
    image_checksum: checksum === undefined ? null : Buffer.from(checksum),
    created_at: timestamp(item['created_at']),
    updated_at: text(item['updated_at']),
  };
}

function text(value: AttributeValue | undefined): string | null {
  return value?.S ?? value?.N ?? null;
}

function number(value: AttributeValue | undefined): number | null {
  return value?.N === undefined ? null : Number(value.N);
}

function timestamp(value: AttributeValue | undefined): string | null {
  return value?.S === undefined ? null : value.S.slice(0, 19).replace('T', ' ');
}
