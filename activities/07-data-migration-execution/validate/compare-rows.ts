import type { RowDataPacket } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContractEntity, ContractTable } from '../../../contract/types.ts';
import { identifier } from '../../mysql.ts';
import { type KeyValue, pageQuery, placeholder } from '../paging.ts';
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
import { expectedColumns, expectedGuards } from './expected-sql.ts';
import { keyAttributesOf } from './keys.ts';
import type { EntityValidation, ValidateOptions } from './validate.ts';

/** Rows compared at a time. */
const PAGE = 1000;
/** A difference may be a write between our two reads: look again before it is reported. */
const SECOND_LOOKS = 3;
const SECOND_LOOK_DELAY_MS = 200;

/** Source to target: each row's item must be there and be what the row says. */
export async function compareRows(
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
    for (const { row, difference } of await settled(rows)) {
      total[difference.kind as 'missing' | 'different']++;
      options.onDifference(difference, { entity, rowKey: keyValues(row) });
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

  async function settled(rows: RowDataPacket[]): Promise<{ row: RowDataPacket; difference: Difference }[]> {
    let differences = await compareOnce(rows);
    for (let look = 1; differences.length > 0 && look <= SECOND_LOOKS; look++) {
      await delay(SECOND_LOOK_DELAY_MS * look, undefined, { signal: options.signal });
      const again = await rereadRows(differences.map(({ row }) => row));
      differences = await compareOnce(again);
    }
    return differences;
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
        const guard: Item = { [support.pk.name]: { S: text.slice('S:'.length) } };
        return [{ row, guard }];
      }),
    );
    total.guardsExpected += wanted.length;
    const supportName = options.tableName(support.table);
    const keys = wanted.map(({ guard }) => guard);
    const found = await readItems(options.client, supportName, keys, [support.pk.name], options.signal);
    for (const { row, guard } of wanted) {
      const guardKey = keyText(guard, [support.pk.name]);
      const item = found.get(guardKey);
      // A guard without an owner is the mark of a value that was given up.
      if (item?.['owner'] !== undefined) continue;
      total.guardsMissing++;
      const difference = { table: supportName, source: entity.source_table, key: guardKey, attributes: [] };
      options.onDifference({ kind: 'missing', ...difference }, { entity, rowKey: keyValues(row) });
    }
  }
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
