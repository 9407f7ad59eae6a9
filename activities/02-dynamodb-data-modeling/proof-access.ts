import { GetItemCommand, QueryCommand, ScanCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ContractTable } from '../../contract/types.ts';
import { itemKey, storedValues, type Item, type SourceRow } from '../../runtime/store/codec.ts';
import { encodeKey } from '../../runtime/store/key-encoding.ts';
import type { EntityModel, StoreModel } from '../../runtime/store/model.ts';
import { itemBytes } from './item-bytes.ts';
import { getUnits, rangeUnits } from './pricing.ts';

/** How a lookup is made on the contract's tables. */
export interface Way {
  readonly operation: 'get' | 'batch-get' | 'query' | 'scan';
  /** Name of the index in the contract; null for the table itself. */
  readonly index: string | null;
}

/** One request that was made, with what it found and what it should have cost. */
export interface Access {
  readonly items: readonly Item[];
  readonly consumed: number;
  readonly computed: number;
}

/** Executes key accesses on the proof's tables; the same request is made once and counted as often as it is asked. */
export class AccessProver {
  readonly #client: DynamoDBClient;
  readonly #model: StoreModel;
  readonly #stored: ReadonlyMap<string, readonly Item[]>;
  readonly #done = new Map<string, Promise<Access>>();

  /** `stored` are all items that were written, by table of the contract. */
  constructor(client: DynamoDBClient, model: StoreModel, stored: ReadonlyMap<string, readonly Item[]>) {
    this.#client = client;
    this.#model = model;
    this.#stored = stored;
  }

  /** The access by a path with these values of its key's columns; undefined where a value is NULL and no key has it. */
  access(
    table: ContractTable,
    entity: EntityModel,
    way: Way,
    by: SourceRow,
    descending: boolean,
  ): Promise<Access> | undefined {
    const key = this.#keyOf(table, entity, way, by);
    if (key === null) return undefined;
    const name = JSON.stringify([table.table, way.operation, way.index, key, descending], (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    );
    const made = this.#done.get(name) ?? this.#make(table, way, key, descending);
    this.#done.set(name, made);
    return made;
  }

  #keyOf(table: ContractTable, entity: EntityModel, way: Way, by: SourceRow): Item | null {
    if (way.operation === 'scan') return {};
    if (way.operation !== 'query') {
      return Object.values(by).includes(null) ? null : itemKey(this.#model, entity, by);
    }
    const template = way.index === null ? entity.pk : entity.indexes[way.index]?.pk;
    const attribute = (table.gsis.find(({ index_name }) => index_name === way.index) ?? table).pk;
    const value = template === undefined ? null : encodeKey(entity, template, storedValues(entity, by));
    return value === null
      ? null
      : { [attribute.name]: typeof value === 'string' ? text(attribute.type, value) : { B: value } };
  }

  async #make(table: ContractTable, way: Way, key: Item, descending: boolean): Promise<Access> {
    const TableName = this.#model.tables[table.table]?.name ?? table.table;
    const stored = this.#stored.get(table.table) ?? [];
    if (way.operation === 'get' || way.operation === 'batch-get') {
      const answer = await this.#client.send(
        new GetItemCommand({ TableName, Key: key, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }),
      );
      const own = stored.find((item) => holds(item, key));
      return {
        items: answer.Item ? [answer.Item] : [],
        consumed: answer.ConsumedCapacity?.CapacityUnits ?? 0,
        computed: getUnits(own ? itemBytes(own) : 1),
      };
    }
    const index = table.gsis.find(({ index_name }) => index_name === way.index);
    const keys = index ?? table;
    const items: Item[] = [];
    let consumed = 0;
    let pages = 0;
    let start: Item | undefined;
    do {
      const page = { TableName, ReturnConsumedCapacity: 'TOTAL' as const, ExclusiveStartKey: start };
      const answer = await this.#client.send(
        way.operation === 'scan'
          ? new ScanCommand({ ...page, ConsistentRead: true })
          : new QueryCommand({
              ...page,
              ...(index ? { IndexName: index.index_name } : { ConsistentRead: true }),
              KeyConditionExpression: '#pk = :pk',
              ExpressionAttributeNames: { '#pk': keys.pk.name },
              ExpressionAttributeValues: { ':pk': key[keys.pk.name] ?? { NULL: true } },
              ScanIndexForward: !descending,
            }),
      );
      items.push(...(answer.Items ?? []));
      consumed += answer.ConsumedCapacity?.CapacityUnits ?? 0;
      pages += 1;
      start = answer.LastEvaluatedKey;
    } while (start !== undefined);
    const inIndex = (item: Item) => [keys.pk, keys.sk].every((one) => one === null || item[one.name] !== undefined);
    const expected = stored.filter((item) => inIndex(item) && holds(item, key));
    const bytes = expected.reduce((sum, item) => sum + itemBytes(item), 0);
    const consistency = index ? 'eventual' : 'strong';
    // Each page is rounded up by itself.
    const computed = rangeUnits(expected.length, bytes / Math.max(1, expected.length), consistency);
    return { items, consumed, computed: computed + (pages - 1) * (index ? 0.5 : 1) };
  }
}

function text(type: 'S' | 'N' | 'B', value: string): Item[string] {
  return type === 'N' ? { N: value } : { S: value };
}

function holds(item: Item, key: Item): boolean {
  return Object.entries(key).every(([name, value]) => equal(item[name], value));
}

/** Key values of one type, compared as DynamoDB does; numbers by value, since it prints them its own way. */
function equal(a: Item[string] | undefined, b: Item[string] | undefined): boolean {
  if (a?.B !== undefined && b?.B !== undefined) return Buffer.compare(a.B, b.B) === 0;
  if (a?.N !== undefined && b?.N !== undefined)
    return a.N === b.N || (Number(a.N) === Number(b.N) && Number.isSafeInteger(Number(a.N)));
  return a?.S !== undefined && a.S === b?.S;
}
