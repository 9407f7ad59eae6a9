import {
  BatchWriteItemCommand,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { ContractTable, MigrationContract, PatternService } from '../../contract/types.ts';
import { itemBytes } from './item-bytes.ts';
import { getUnits, rangeUnits } from './pricing.ts';
import type { Item } from './proof-sample.ts';

/** One key access of a pattern, as it was executed. */
export interface ProvenAccess {
  readonly pattern: string;
  readonly access: string;
  /** Null when no row of the source has the key, so that there was nothing to find. */
  readonly found: boolean | null;
  readonly items: number;
  readonly consumed: number;
  readonly computed: number;
}

/** A key access without its pattern: patterns that share one are proved by one request. */
type Access = Pick<ProvenAccess, 'found' | 'items' | 'consumed' | 'computed'>;

const BATCH = 25;

/** Writes the sampled items; what DynamoDB leaves over is written again. */
export async function putSamples(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    let open = items.slice(start, start + BATCH).map((item) => ({ PutRequest: { Item: item } }));
    while (open.length > 0) {
      signal.throwIfAborted();
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: open } }));
      open = (answer.UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest: put }) =>
        put?.Item ? [{ PutRequest: { Item: put.Item } }] : [],
      );
    }
  }
}

/** Executes every key access that the contract names for a pattern, with the key of a sampled item. */
export async function proveAccesses(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
  samples: ReadonlyMap<string, readonly Item[]>,
): Promise<ProvenAccess[]> {
  const tables = new Map(contract.tables.map((table) => [table.table, table]));
  const done = new Map<string, Access>();
  const proven: ProvenAccess[] = [];
  for (const service of contract.access_patterns) {
    for (const entry of service.served_by) {
      const table = tables.get(entry.table);
      if (!table || entry.operation === 'write') continue;
      const access = `${entry.operation} ${entry.table}${entry.index === null ? '' : `/${entry.index}`}`;
      const result = done.get(access) ?? (await proveAccess(client, entry, table, prefix, samples));
      done.set(access, result);
      proven.push({ pattern: service.id, access, ...result });
    }
  }
  return proven;
}

async function proveAccess(
  client: DynamoDBClient,
  entry: PatternService['served_by'][number],
  table: ContractTable,
  prefix: string,
  samples: ReadonlyMap<string, readonly Item[]>,
): Promise<Access> {
  const name = prefix + table.table;
  const items = table.entities.flatMap((entity) => samples.get(entity.source_table) ?? []);
  const index = table.gsis.find((candidate) => candidate.index_name === entry.index);
  const keys = index ?? table;
  const has = (item: Item) =>
    item[keys.pk.name] !== undefined && (keys.sk === null || item[keys.sk.name] !== undefined);
  const wanted = items.find(has);
  if (!wanted) return { found: null, items: 0, consumed: 0, computed: 0 };
  const same = (item: Item) =>
    [table.pk, ...(table.sk ? [table.sk] : [])].every((key) => equal(item[key.name], wanted[key.name]));

  if (entry.operation === 'get' || entry.operation === 'batch-get') {
    const key = Object.fromEntries(
      [table.pk, ...(table.sk ? [table.sk] : [])].map((part) => [part.name, wanted[part.name]]),
    ) as Item;
    const answer = await client.send(
      new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }),
    );
    const found = answer.Item !== undefined && same(answer.Item);
    const consumed = answer.ConsumedCapacity?.CapacityUnits ?? 0;
    return { found, items: found ? 1 : 0, consumed, computed: getUnits(itemBytes(wanted)) };
  }
  const request =
    entry.operation === 'scan'
      ? new ScanCommand({ TableName: name, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' })
      : new QueryCommand({
          TableName: name,
          ...(index ? { IndexName: index.index_name } : { ConsistentRead: true }),
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': keys.pk.name },
          ExpressionAttributeValues: { ':pk': wanted[keys.pk.name] ?? { NULL: true } },
          ReturnConsumedCapacity: 'TOTAL',
        });
  const answer = await client.send(request);
  const read = answer.Items ?? [];
  const expected =
    entry.operation === 'scan'
      ? items
      : items.filter((item) => has(item) && equal(item[keys.pk.name], wanted[keys.pk.name]));
  const mean = expected.reduce((sum, item) => sum + itemBytes(item), 0) / expected.length;
  return {
    found: read.some(same) && read.length === expected.length,
    items: read.length,
    consumed: answer.ConsumedCapacity?.CapacityUnits ?? 0,
    computed: rangeUnits(expected.length, mean, index ? 'eventual' : 'strong'),
  };
}

/** Key values of one type, compared as DynamoDB does; numbers by value, since it prints them its own way. */
function equal(a: Item[string] | undefined, b: Item[string] | undefined): boolean {
  if (a?.B !== undefined && b?.B !== undefined) return Buffer.compare(a.B, b.B) === 0;
  if (a?.N !== undefined && b?.N !== undefined)
    return a.N === b.N || (Number(a.N) === Number(b.N) && Number.isSafeInteger(Number(a.N)));
  return a?.S !== undefined && a.S === b?.S;
}
