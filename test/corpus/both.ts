import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { columnType } from '../../activities/04-dynamodb-implementation/compile/result-type.ts';
import { guardKeys, type Item, ownerOf, sharesTable, storedValuesOf, TYPE } from '../../runtime/store/codec.ts';
import { rowOfItem } from '../../runtime/store/record.ts';
import type { Value } from '../../runtime/store/value.ts';
import { boundSql, type Statement } from './statements.ts';
import type { World } from './world.ts';

/** What a statement came to: rows, counts or an error, in a form that both stores share. */
export type Outcome =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly affectedRows: number; readonly insertId: number; readonly changedRows: number | null }
  | { readonly code: string; readonly errno: number; readonly message: string };

/** All rows of all tables, by table, in an order of their own. */
export type Contents = Readonly<Record<string, readonly string[]>>;

type Values = Readonly<Record<string, unknown>>;

/** Both stores' tables as they are before any statement. */
export class Both {
  private readonly world: World;
  private readonly ids = new Map<string, number>();
  private seed = new Map<string, Map<string, Item>>();

  constructor(world: World) {
    this.world = world;
  }

  async remember(): Promise<void> {
    const { connection, database, model } = this.world;
    this.seed = await this.items();
    await connection.query('SET SESSION information_schema_stats_expiry = 0');
    for (const entity of Object.values(model.entities)) {
      if (!Object.values(entity.columns).some(({ autoIncrement }) => autoIncrement === true)) continue;
      const [[facts]] = await connection.query<RowDataPacket[]>(
        'SELECT AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
        [database, entity.sourceTable],
      );
      this.ids.set(entity.sourceTable, Number(facts?.['next'] ?? 1));
    }
  }

  async readMysql(statement: Statement, values: Values): Promise<Outcome> {
    const { text, values: bound } = boundSql(statement.sql, values);
    return outcomeOf(async () => (await this.world.connection.query(text, bound))[0], text);
  }

  async runStore(statement: Statement, values: Values): Promise<Outcome> {
    const runnable = this.world.compiled.get(statement.id);
    return outcomeOf(async () => runnable?.run(this.world.store, values), statement.sql);
  }

  /** Runs a write in MySQL, gives what came of it, and takes it back. */
  async writeMysql(statement: Statement, values: Values): Promise<{ outcome: Outcome; contents: Contents }> {
    const { connection } = this.world;
    await connection.query('START TRANSACTION');
    try {
      const outcome = await this.readMysql(statement, values);
      return { outcome, contents: await this.mysqlContents() };
    } finally {
      await connection.query('ROLLBACK');
      // An id that was given out is not given back by it.
      if (/^\s*(insert|replace)/i.test(statement.sql)) {
        for (const [table, next] of this.ids)
          await connection.query(`ALTER TABLE ?? AUTO_INCREMENT = ${next}`, [table]);
      }
    }
  }

  /** Runs a write in DynamoDB, gives what came of it, and puts the items back. */
  async writeStore(
    statement: Statement,
    values: Values,
  ): Promise<{ outcome: Outcome; contents: Contents; guards: readonly string[]; ownedGuards: readonly string[] }> {
    const outcome = await this.runStore(statement, values);
    const items = await this.items();
    try {
      return { outcome, contents: this.storeContents(items), ...this.guards(items) };
    } finally {
      await this.putBack(items);
    }
  }

  private async mysqlContents(): Promise<Contents> {
    const contents: Record<string, string[]> = {};
    for (const table of Object.keys(this.world.model.entities)) {
      const [rows] = await this.world.connection.query<RowDataPacket[]>('SELECT * FROM ??', [table]);
      contents[table] = rows.map(canonical).sort();
    }
    return contents;
  }

  private storeContents(items: Map<string, Map<string, Item>>): Contents {
    const { model, store } = this.world;
    const present = (row: Values, columns: (typeof model)['entities'][string]['columns']): Values =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => {
          const type = columnType(column);
          const value = row[name] as Value;
          return [name, 'digits' in type ? store.out[type.kind](value, type.digits) : store.out[type.kind](value)];
        }),
      );
    return Object.fromEntries(
      Object.entries(model.entities).map(([table, entity]) => {
        const own = this.itemsOf(items, table);
        return [table, own.map((item) => canonical(present(rowOfItem(model, entity, item), entity.columns))).sort()];
      }),
    );
  }

  /** The uniqueness guards that are there, and those that the rows as they are should have. */
  private guards(items: Map<string, Map<string, Item>>): { guards: string[]; ownedGuards: string[] } {
    const { model } = this.world;
    const support = model.tables[model.supportTable];
    const all = support === undefined ? [] : [...(items.get(support.name)?.values() ?? [])];
    const text = (key: string, owner: string | undefined): string => `${key} of ${owner ?? ''}`;
    const guards = all
      .filter((item) => item['owner'] !== undefined)
      .map((item) => text(item[support?.pk.attribute ?? '']?.S ?? '', item['owner']?.S));
    const ownedGuards = Object.entries(model.entities).flatMap(([table, entity]) =>
      this.itemsOf(items, table).flatMap((item) => {
        const stored = storedValuesOf(entity, item);
        return guardKeys(entity, stored).map(({ key }) => text(key, ownerOf(entity, stored)));
      }),
    );
    return { guards: guards.sort(), ownedGuards: ownedGuards.sort() };
  }

  private itemsOf(items: Map<string, Map<string, Item>>, table: string): Item[] {
    const { model } = this.world;
    const entity = model.entities[table];
    if (entity === undefined) return [];
    const all = [...(items.get(model.tables[entity.table]?.name ?? '')?.values() ?? [])];
    return all.filter((item) => !sharesTable(model, entity) || item[TYPE]?.S === entity.entityType);
  }

  private async items(): Promise<Map<string, Map<string, Item>>> {
    const { client, model } = this.world;
    const tables = Object.values(model.tables).map(async (table) => {
      const items = new Map<string, Item>();
      let from: Item | undefined;
      do {
        const page = await client.send(new ScanCommand({ TableName: table.name, ExclusiveStartKey: from, ConsistentRead: true })); // prettier-ignore
        for (const item of page.Items ?? []) items.set(JSON.stringify(this.keyOf(table.name, item)), item);
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return [table.name, items] as const;
    });
    return new Map(await Promise.all(tables));
  }

  private keyOf(name: string, item: Item): Item {
    const table = Object.values(this.world.model.tables).find((each) => each.name === name);
    const attributes = [table?.pk.attribute, table?.sk?.attribute].filter((each) => each !== undefined);
    return Object.fromEntries(attributes.map((each) => [each, item[each] as AttributeValue]));
  }

  private async putBack(items: Map<string, Map<string, Item>>): Promise<void> {
    for (const [table, before] of this.seed) {
      const after = items.get(table) ?? new Map<string, Item>();
      const requests = [
        ...[...after]
          .filter(([key]) => !before.has(key))
          .map(([, item]) => ({ DeleteRequest: { Key: this.keyOf(table, item) } })),
        ...[...before]
          .filter(([key, item]) => JSON.stringify(after.get(key)) !== JSON.stringify(item))
          .map(([, item]) => ({ PutRequest: { Item: item } })),
      ];
      for (let at = 0; at < requests.length; at += 25) {
        const RequestItems = { [table]: requests.slice(at, at + 25) };
        const { UnprocessedItems } = await this.world.client.send(new BatchWriteItemCommand({ RequestItems }));
        if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('The emulator left items unprocessed.');
      }
    }
  }
}

async function outcomeOf(work: () => Promise<unknown>, sql: string): Promise<Outcome> {
  try {
    const answer = await work();
    if (Array.isArray(answer)) return { rows: answer.map((row) => ({ ...(row as Values) })) };
    const { affectedRows, insertId, changedRows } = answer as ResultSetHeader;
    return { affectedRows, insertId, changedRows: /^\s*update/i.test(sql) ? changedRows : null };
  } catch (error) {
    const { code, errno, message } = error as { code?: string; errno?: number; message: string };
    // What is no error of MySQL's is a defect of ours.
    if (code === undefined || errno === undefined) throw error;
    // MySQL quotes the expression in its words; the store has no text of it.
    return { code, errno, message: code === 'ER_DATA_OUT_OF_RANGE' ? '' : message };
  }
}

/** One text for a row, whatever its values. */
export function canonical(row: Values): string {
  return JSON.stringify(row, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
    const bytes = value as { type?: string; data?: number[] } | null;
    return bytes?.type === 'Buffer' && Array.isArray(bytes.data) ? { hex: Buffer.from(bytes.data).toString('hex') } : value; // prettier-ignore
  });
}

/** The rows as they are to be compared: in order, or without one, or without one among ties. */
export function comparable(statement: Statement, outcome: Outcome): unknown {
  if (!('rows' in outcome)) return outcome;
  if (!/\border\s+by\b(?![^(]*\))/i.test(statement.sql)) return outcome.rows.map(canonical).sort();
  const { ties } = statement;
  if (ties === undefined) return outcome.rows.map(canonical);
  const groups: { key: string; rows: string[] }[] = [];
  for (const row of outcome.rows) {
    const key = canonical(Object.fromEntries(ties.map((name) => [name, row[name]])));
    const last = groups.at(-1);
    if (last?.key === key) last.rows.push(canonical(row));
    else groups.push({ key, rows: [canonical(row)] });
  }
  return groups.map(({ key, rows }) => ({ key, rows: rows.sort() }));
}
