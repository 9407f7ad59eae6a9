import type { Pool, PoolConnection, RowDataPacket } from './source-pool.ts';
import type { SourceRow } from '../store/codec.ts';
import type { ColumnModel, EntityModel, StoreModel } from '../store/model.ts';
import { OUTBOX_TABLE } from './outbox-sql.ts';
import { name, rowKey } from './sql-text.ts';
import type { SourceColumn, SourceTables } from './source-tables.ts';

/** One key of the outbox as it stands in one snapshot of MySQL, with the row that it names. */
export interface KeyState {
  readonly entity: EntityModel;
  /** Outbox rows that this state answers. */
  readonly ids: readonly string[];
  /** The largest of {@link ids}. */
  readonly version: bigint;
  readonly keyColumns: SourceRow;
  /** Values of unique keys that the row had before one of its changes, with the version of that change. */
  readonly hadUniques: readonly { readonly version: bigint; readonly row: SourceRow }[];
  /** Null when there is no such row (any more). */
  readonly row: SourceRow | null;
}

export interface Batch {
  readonly states: readonly KeyState[];
  /** Rows of the outbox that were looked at. */
  readonly size: number;
  /** Largest id of them; null when there were none. */
  readonly last: string | null;
  /** Seconds since the oldest of them was written. */
  readonly age: number;
}

export interface Selection {
  /** Only what this connection of MySQL enqueued. */
  readonly connectionId?: number;
  /** Only rows behind this id. */
  readonly after?: string;
  /** Only rows that are older, so that their own writer has had its time. */
  readonly olderThanSeconds?: number;
}

/** Rows of the outbox that one batch takes; one batch is held in memory, never the outbox. */
const BATCH = 400;
/** Keys asked for by one statement. */
const KEYS_AT_ONCE = 50;

/** Reads a batch of the outbox and the rows that it names, all in one consistent snapshot. */
export async function readBatch(
  pool: Pool,
  model: StoreModel,
  tables: SourceTables,
  selection: Selection,
): Promise<Batch> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const rows = await readOutbox(connection, selection);
    const open = byKey(model, tables, rows);
    const found = new Map<string, SourceRow>();
    for (const [table, keys] of byTable(open)) await readRows(connection, model, tables, table, keys, found);
    await connection.query('COMMIT');
    return {
      size: rows.length,
      last: rows.at(-1)?.id ?? null,
      age: Math.max(0, ...rows.map((row) => Number(row.age))),
      states: [...open].map(([id, { entity, ids, keyColumns, hadUniques }]) => ({
        entity,
        ids,
        version: BigInt(ids.at(-1) ?? 0),
        keyColumns,
        hadUniques,
        row: found.get(id) ?? null,
      })),
    };
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    connection.release();
  }
}

interface OutboxRow extends RowDataPacket {
  readonly id: string;
  readonly source_table: string;
  readonly row_key: string;
  readonly row_uniques: string | null;
  readonly age: string | number;
}

async function readOutbox(connection: PoolConnection, selection: Selection): Promise<OutboxRow[]> {
  const conditions = ['TRUE'];
  const values: (string | number)[] = [];
  if (selection.connectionId !== undefined) {
    conditions.push('connection_id = ?');
    values.push(selection.connectionId);
  }
  if (selection.after !== undefined) {
    conditions.push('id > CAST(? AS UNSIGNED)');
    values.push(selection.after);
  }
  if (selection.olderThanSeconds !== undefined) {
    conditions.push('enqueued_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND');
    values.push(selection.olderThanSeconds);
  }
  // `query`, not `execute`: the binary protocol loses fractions of zero when dates are strings.
  const [rows] = await connection.query<OutboxRow[]>(
    `SELECT id, source_table, CAST(row_key AS CHAR) AS row_key, CAST(row_uniques AS CHAR) AS row_uniques,
       TIMESTAMPDIFF(MICROSECOND, enqueued_at, CURRENT_TIMESTAMP(6)) / 1000000 AS age
     FROM ${name(OUTBOX_TABLE)} WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${BATCH}`,
    values,
  );
  return rows;
}

interface OpenKey {
  readonly table: string;
  readonly entity: EntityModel;
  readonly texts: readonly string[];
  readonly ids: string[];
  readonly keyColumns: SourceRow;
  readonly hadUniques: { version: bigint; row: SourceRow }[];
}

function byKey(model: StoreModel, tables: SourceTables, rows: readonly OutboxRow[]): Map<string, OpenKey> {
  const keys = new Map<string, OpenKey>();
  for (const row of rows) {
    const table = tables[row.source_table];
    const entity = model.entities[row.source_table];
    if (table === undefined || entity === undefined) {
      throw new RangeError(`The outbox names ${row.source_table}, which this build of the application does not know.`);
    }
    const texts = JSON.parse(row.row_key) as string[];
    const id = keyId(row.source_table, texts);
    const open = keys.get(id) ?? {
      table: row.source_table,
      entity,
      texts,
      ids: [],
      keyColumns: columnsOf(table.key, (position) => texts[position] ?? null),
      hadUniques: [],
    };
    open.ids.push(row.id);
    if (row.row_uniques !== null) {
      const had = JSON.parse(row.row_uniques) as Record<string, string | null>;
      const values = columnsOf(table.unique, (position) => had[table.unique[position]?.column ?? ''] ?? null);
      open.hadUniques.push({ version: BigInt(row.id), row: { ...open.keyColumns, ...values } });
    }
    keys.set(id, open);
  }
  return keys;
}

function byTable(keys: ReadonlyMap<string, OpenKey>): Map<string, OpenKey[]> {
  const groups = new Map<string, OpenKey[]>();
  for (const key of keys.values()) groups.set(key.table, [...(groups.get(key.table) ?? []), key]);
  return groups;
}

function columnsOf(columns: readonly SourceColumn[], text: (position: number) => string | null): SourceRow {
  return Object.fromEntries(
    columns.map(({ column, form }, position) => {
      const value = text(position);
      return [column, value !== null && form === 'hex' ? Buffer.from(value, 'hex') : value];
    }),
  );
}

async function readRows(
  connection: PoolConnection,
  model: StoreModel,
  tables: SourceTables,
  table: string,
  keys: readonly OpenKey[],
  found: Map<string, SourceRow>,
): Promise<void> {
  const facts = tables[table];
  const entity = model.entities[table];
  if (facts === undefined || entity === undefined) return;
  const columns = Object.entries(entity.columns).map(([column, type]) => selected(column, type));
  const match = facts.key.map(({ column }) => `${name(column)} = ${placeholder(entity.columns[column])}`).join(' AND ');
  const filter = facts.filter === undefined ? '' : ` AND (${facts.filter})`;
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const part = keys.slice(start, start + KEYS_AT_ONCE);
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT CAST(${rowKey(facts, name(table))} AS CHAR) AS cutover_key, ${columns.join(', ')} FROM ${name(table)} ` +
        `WHERE (${part.map(() => `(${match})`).join(' OR ')})${filter}`,
      part.flatMap(({ keyColumns }) => facts.key.map(({ column }) => keyColumns[column] ?? null)),
    );
    // By the key's own bytes: a collation also finds the row whose key only looks alike.
    for (const { cutover_key: key, ...row } of rows) found.set(keyId(table, JSON.parse(String(key)) as string[]), row);
  }
}

/** Types whose form in the client is not canonical are cast by the server. */
function selected(column: string, type: ColumnModel): string {
  const quoted = name(column);
  if (type.dataType === 'json') return `CAST(${quoted} AS CHAR) AS ${quoted}`;
  if (type.dataType === 'bit') return `CAST(${quoted} AS UNSIGNED) AS ${quoted}`;
  if (type.dataType === 'float') return `CAST(${quoted} AS DOUBLE) AS ${quoted}`;
  if (type.type === 'B' && !/binary|blob/.test(type.dataType)) return `CAST(${quoted} AS BINARY) AS ${quoted}`;
  return quoted;
}

/** Without the cast MySQL compares integers with text as doubles, and neighbours above 2^53 become equal. */
function placeholder(type: ColumnModel | undefined): string {
  if (type === undefined || type.type !== 'N') return '?';
  if (/^(decimal|numeric)$/.test(type.dataType))
    return `CAST(? AS DECIMAL(${type.precision ?? 65}, ${type.scale ?? 0}))`;
  return `CAST(? AS ${type.unsigned === true || type.dataType === 'bit' ? 'UNSIGNED' : 'SIGNED'})`;
}

function keyId(table: string, texts: readonly string[]): string {
  return JSON.stringify([table, ...texts]);
}
