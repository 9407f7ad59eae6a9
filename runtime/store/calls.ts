import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { DELETED, type Item } from './codec.ts';
import { storeLimit } from './sql-error.ts';

const BATCH = 100;
const ATTEMPTS = 12;

/** Exponential, with full jitter. */
export async function backOff(attempt: number, base = 20, most = 2000): Promise<void> {
  await delay(Math.random() * Math.min(most, base * 2 ** attempt));
}

/** Tombstones of deleted rows are no items to anybody but the relay. */
function alive(item: Item): boolean {
  return item[DELETED] === undefined;
}

export async function getItem(client: DynamoDBClient, table: string, key: Item): Promise<Item | undefined> {
  const { Item: item } = await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return item !== undefined && alive(item) ? item : undefined;
}

/** Items of many keys, in no order; keys must differ. What DynamoDB leaves over is asked for again. */
export async function batchGet(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<Item[]> {
  const found: Item[] = [];
  for (let start = 0; start < keys.length; start += BATCH) {
    let open = keys.slice(start, start + BATCH);
    for (let attempt = 0; open.length > 0; attempt += 1) {
      if (attempt >= ATTEMPTS) throw storeLimit('STORE_THROTTLED', `${table} gave no answer in ${ATTEMPTS} attempts.`);
      if (attempt > 0) await backOff(attempt);
      const request = { RequestItems: { [table]: { Keys: open, ConsistentRead: true } } };
      const answer = await client.send(new BatchGetItemCommand(request));
      found.push(...(answer.Responses?.[table] ?? []));
      open = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found.filter(alive);
}

/** All pages of a query, up to `limit` items. */
export async function queryAll(
  client: DynamoDBClient,
  request: QueryCommandInput,
  limit = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const page = Number.isFinite(limit) ? { Limit: limit - found.length } : {};
    const answer = await client.send(new QueryCommand({ ...request, ...page, ExclusiveStartKey: from }));
    found.push(...(answer.Items ?? []).filter(alive));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined && found.length < limit);
  return found;
}

/** All items of a table, or an error when there are more than the budget: never a silent cost. */
export async function scanAll(client: DynamoDBClient, table: string, budget: number): Promise<Item[]> {
  const found: Item[] = [];
  let read = 0;
  let from: Item | undefined;
  do {
    const request = { TableName: table, ConsistentRead: true, Limit: budget + 1 - read, ExclusiveStartKey: from };
    const answer = await client.send(new ScanCommand(request));
    read += answer.ScannedCount ?? answer.Items?.length ?? 0;
    if (read > budget) {
      const message = `${table} holds more than the ${budget} items that this statement may read.`;
      throw storeLimit('STORE_SCAN_BUDGET', message);
    }
    found.push(...(answer.Items ?? []).filter(alive));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}
