import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContractEntity, ContractTable, MigrationContract } from '../../../contract/types.ts';
import { identifier } from '../../mysql.ts';
import { type KeyColumn, type KeyValue, pageQuery, placeholder } from '../paging.ts';
import { plainNumber } from './canonical.ts';
import {
  differingAttributes,
  type Difference,
  expectedItem,
  type Item,
  keyText,
  readItems,
  selectList,
} from './compare.ts';
import { expectedColumns, expectedGuards, valueSql } from './expected-sql.ts';

/** What the two-way comparison found for one entity. Rows = items and no difference is the promise. */
export interface EntityValidation {
  readonly sourceTable: string;
  readonly table: string;
  readonly rows: number;
  readonly items: number;
  readonly missing: number;
  readonly different: number;
  readonly extra: number;
  readonly guardsExpected: number;
  readonly guardsMissing: number;
}

export interface ValidateOptions {
  readonly connection: Connection;
  readonly client: DynamoDBClient;
  readonly contract: MigrationContract;
  /** Full name in DynamoDB of a table of the contract. */
  tableName(table: string): string;
  /** Primary key of a source table. */
  keyColumns(entity: ContractEntity): readonly KeyColumn[];
  readonly signal: AbortSignal;
  onRows(entity: string, rows: number): void;
  onDifference(difference: Difference): void;
}

/** Rows compared at a time. */
const PAGE = 1000;
/** A difference may be a write between our two reads: look again before it is reported. */
const SECOND_LOOKS = 3;
const SECOND_LOOK_DELAY_MS = 200;

/** Compares every source row with its item, and every item with the source, both by streaming. */
export async function validateAll(options: ValidateOptions): Promise<EntityValidation[]> {
  const support = options.contract.tables.find((table) => table.type === 'support');
  const results: EntityValidation[] = [];
  for (const table of options.contract.tables) {
    if (table.type === 'support') continue;
    const forward = new Map<ContractEntity, Omit<EntityValidation, 'items' | 'extra'>>();
    for (const entity of table.entities) forward.set(entity, await compareRows(options, table, entity, support));
    const backward = await compareItems(options, table);
    for (const [entity, result] of forward) {
      const { items, extra } = backward.get(entity) ?? { items: 0, extra: 0 };
      results.push({ ...result, items, extra });
    }
  }
  return results;
}

/** Source to target: each row's item must be there and be what the row says. */
async function compareRows(
  options: ValidateOptions,
  table: ContractTable,
  entity: ContractEntity,
  support: ContractTable | undefined,
): Promise<Omit<EntityValidation, 'items' | 'extra'>> {
  const columns = expectedColumns(table, entity);
  const guards = expectedGuards(entity);
  const key = options.keyColumns(entity);
  const name = options.tableName(table.table);
  const keyAttributes = keyAttributesOf(table);
  const list = [
    ...key.map(({ name: column }, position) => `${identifier(column)} AS k${position}`),
    ...selectList(columns, 'a'),
    ...guards.flatMap(({ column, absentIfNull }, position) => [
      ...selectList([column], `g${position}_`),
      `(${absentIfNull}) AS g${position}_absent`,
    ]),
  ];
  const from =
    entity.row_filter === undefined
      ? identifier(entity.source_table)
      : `(SELECT * FROM ${identifier(entity.source_table)} WHERE ${entity.row_filter}) AS selected`;
  const total = { rows: 0, missing: 0, different: 0, guardsExpected: 0, guardsMissing: 0 };
  let after: KeyValue[] | undefined;
  for (;;) {
    options.signal.throwIfAborted();
    const { sql, values } = pageQuery({
      from,
      columns: list,
      key,
      ...(after === undefined ? {} : { after }),
      limit: PAGE,
    });
    const [rows] = await options.connection.query<RowDataPacket[]>(sql, values);
    if (rows.length === 0) break;
    for (const difference of await settled(rows)) {
      total[difference.kind as 'missing' | 'different']++;
      options.onDifference(difference);
    }
    await compareGuards(rows);
    total.rows += rows.length;
    options.onRows(entity.source_table, rows.length);
    after = keyValues(rows.at(-1) as RowDataPacket);
    if (rows.length < PAGE) break;
  }
  return { sourceTable: entity.source_table, table: table.table, ...total };

  function keyValues(row: RowDataPacket): KeyValue[] {
    return key.map((_, position) => {
      const value = row[`k${position}`] as unknown;
      return Buffer.isBuffer(value) ? value : String(value);
    });
  }

  async function settled(rows: RowDataPacket[]): Promise<Difference[]> {
    let differences = await compareOnce(rows);
    for (let look = 1; differences.length > 0 && look <= SECOND_LOOKS; look++) {
      await delay(SECOND_LOOK_DELAY_MS * look, undefined, { signal: options.signal });
      const again = await rereadRows(differences.map(({ row }) => row));
      differences = await compareOnce(again);
    }
    return differences.map(({ difference }) => difference);
  }

  async function rereadRows(rows: RowDataPacket[]): Promise<RowDataPacket[]> {
    const where = rows.map(
      () => `(${key.map((column) => `${identifier(column.name)} = ${placeholder(column.type)}`).join(' AND ')})`,
    );
    const sql = `SELECT ${list.join(', ')} FROM ${from} WHERE ${where.join(' OR ')}`;
    const [again] = await options.connection.query<RowDataPacket[]>(sql, rows.flatMap(keyValues));
    return again;
  }

  async function compareOnce(rows: RowDataPacket[]): Promise<{ row: RowDataPacket; difference: Difference }[]> {
    const expected = rows.map((row) => expectedItem(columns, row, 'a'));
    const keys = expected.map((item) => keyOf(item, keyAttributes));
    const items = await readItems(options.client, name, keys, keyAttributes, options.signal);
    return rows.flatMap((row, position) => {
      const wanted = expected[position] as Map<string, string>;
      const item = items.get(keyText(keys[position] as Item, keyAttributes));
      const attributes =
        item === undefined || item['_deleted'] !== undefined ? undefined : differingAttributes(wanted, item);
      if (attributes?.length === 0) return [];
      const found = { table: name, source: entity.source_table, key: keyText(keys[position] as Item, keyAttributes) };
      const difference: Difference =
        attributes === undefined
          ? { kind: 'missing', ...found, attributes: [] }
          : { kind: 'different', ...found, attributes };
      return [{ row, difference }];
    });
  }

  async function compareGuards(rows: RowDataPacket[]): Promise<void> {
    if (support === undefined) return;
    const wanted = rows.flatMap((row) =>
      guards.flatMap(({ column }, position) => {
        if (Number(row[`g${position}_absent`]) === 1) return [];
        const text = expectedItem([column], row, `g${position}_`).get('guard') ?? '';
        return [{ [support.pk.name]: { S: text.slice('S:'.length) } }];
      }),
    );
    total.guardsExpected += wanted.length;
    const supportName = options.tableName(support.table);
    const found = await readItems(options.client, supportName, wanted, [support.pk.name], options.signal);
    for (const guard of wanted) {
      const guardKey = keyText(guard, [support.pk.name]);
      if (found.has(guardKey)) continue;
      total.guardsMissing++;
      options.onDifference({
        kind: 'missing',
        table: supportName,
        source: entity.source_table,
        key: guardKey,
        attributes: [],
      });
    }
  }
}

/** Target to source: each item must have its row. Tombstones are no items. */
async function compareItems(
  options: ValidateOptions,
  table: ContractTable,
): Promise<Map<ContractEntity, { items: number; extra: number }>> {
  const counts = new Map(table.entities.map((entity) => [entity, { items: 0, extra: 0 }]));
  const name = options.tableName(table.table);
  const pages = paginateScan({ client: options.client }, { TableName: name, ConsistentRead: true });
  for await (const page of pages) {
    options.signal.throwIfAborted();
    const byEntity = new Map<ContractEntity, Item[]>();
    for (const item of page.Items ?? []) {
      if (item['_deleted'] !== undefined) continue;
      const entity = entityOf(table, item);
      if (entity === undefined) {
        options.onDifference({
          kind: 'extra',
          table: name,
          source: '',
          key: keyText(item, keyAttributesOf(table)),
          attributes: ['_type'],
        });
        continue;
      }
      byEntity.set(entity, [...(byEntity.get(entity) ?? []), item]);
    }
    for (const [entity, items] of byEntity) {
      const count = counts.get(entity) as { items: number; extra: number };
      count.items += items.length;
      for (const item of await withoutRow(options, entity, items)) {
        count.extra++;
        options.onDifference({
          kind: 'extra',
          table: name,
          source: entity.source_table,
          key: keyText(item, keyAttributesOf(table)),
          attributes: [],
        });
      }
    }
  }
  return counts;
}

/** The items whose primary key no source row has. */
async function withoutRow(options: ValidateOptions, entity: ContractEntity, items: Item[]): Promise<Item[]> {
  const key = options.keyColumns(entity);
  const attributes = key.map(({ name }) => entity.attributes.find((attribute) => attribute.source_column === name));
  const missing: Item[] = [];
  for (let start = 0; start < items.length; start += PAGE) {
    const part = items.slice(start, start + PAGE);
    const values: KeyValue[] = [];
    const conditions = part.map((item) => {
      const terms = key.map((column, position) => {
        const value = item[attributes[position]?.name ?? ''];
        values.push(value?.B !== undefined ? Buffer.from(value.B) : sourceText(column, value?.N ?? value?.S ?? ''));
        return `${identifier(column.name)} = ${placeholder(column.type)}`;
      });
      return `(${terms.join(' AND ')})`;
    });
    const list = key.map(
      ({ name, type }, position) =>
        `${valueSql(identifier(name), type, attributes[position]?.type ?? 'S')} AS k${position}`,
    );
    const sql = `SELECT ${list.join(', ')} FROM ${identifier(entity.source_table)} WHERE ${conditions.join(' OR ')}`;
    const [rows] = await options.connection.query<RowDataPacket[]>(sql, values);
    const present = new Set(rows.map((row) => key.map((_, position) => String(row[`k${position}`])).join('\u0000')));
    for (const item of part) {
      const own = key.map((_, position) => {
        const value = item[attributes[position]?.name ?? ''];
        return value?.B === undefined
          ? (value?.N ?? value?.S ?? '')
          : Buffer.from(value.B).toString('hex').toUpperCase();
      });
      if (!present.has(own.join('\u0000'))) missing.push(item);
    }
  }
  return missing;
}

/** TIMESTAMP's canonical text, back to what MySQL compares in a UTC session. */
function sourceText(column: KeyColumn, text: string): string {
  return column.type.data_type === 'timestamp' ? text.replace('T', ' ').replace('Z', '') : text;
}

function entityOf(table: ContractTable, item: Item): ContractEntity | undefined {
  if (table.entities.length === 1) return table.entities[0];
  return table.entities.find((entity) => entity.entity_type === item['_type']?.S);
}

function keyAttributesOf(table: ContractTable): string[] {
  return table.sk === null ? [table.pk.name] : [table.pk.name, table.sk.name];
}

function keyOf(expected: ReadonlyMap<string, string>, keyAttributes: readonly string[]): Item {
  const key: Item = {};
  for (const name of keyAttributes) {
    const value = expected.get(name) ?? '';
    key[name] = attributeOf(value.slice(0, 1), value.slice(2));
  }
  return key;
}

function attributeOf(type: string, text: string): Item[string] {
  if (type === 'N') return { N: plainNumber(text) };
  return type === 'B' ? { B: Buffer.from(text, 'hex') } : { S: text };
}
