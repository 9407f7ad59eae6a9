import type mysql from 'mysql2/promise';
import { valueFamily } from '../../contract/attribute-type.ts';
import type { TableFacts } from '../../core/analysis.ts';
import type { SourceRow } from '../../runtime/store/codec.ts';
import { identifier } from '../mysql.ts';
import { among } from './proof-statement.ts';

/** First rows of each source table that are tried; enough for several to share a partition. */
const FIRST_ROWS = 60;
/** Parents of sampled rows are sampled too, and theirs, up to this depth. */
const GENERATIONS = 8;

/** The first rows of every source table, and the rows that they refer to, so that joins find something. */
export async function sampleRows(
  connection: mysql.Connection,
  sources: readonly TableFacts[],
): Promise<ReadonlyMap<string, readonly SourceRow[]>> {
  const tables = sources.map((facts) => ({ facts, rows: new Map<string, SourceRow>() }));
  type Sampled = (typeof tables)[number];
  const byName = new Map(tables.map((table) => [table.facts.name, table]));
  const take = (table: Sampled, rows: readonly SourceRow[]): SourceRow[] =>
    rows.filter((row) => {
      const name = JSON.stringify(table.facts.primaryKey.map((column) => String(row[column])));
      if (table.rows.has(name)) return false;
      table.rows.set(name, row);
      return true;
    });
  let fresh = new Map<Sampled, SourceRow[]>();
  for (const table of tables) {
    const order = table.facts.primaryKey.map(identifier).join(', ');
    fresh.set(table, take(table, await select(connection, table.facts, `ORDER BY ${order} LIMIT ${FIRST_ROWS}`)));
  }
  for (let generation = 0; generation < GENERATIONS && fresh.size > 0; generation += 1) {
    const next = new Map<Sampled, SourceRow[]>();
    for (const [child, rows] of fresh) {
      for (const key of child.facts.foreignKeys) {
        const parent = byName.get(key.referencedTable);
        const wanted = rows.filter((row) => key.columns.every((column) => (row[column] ?? null) !== null));
        if (!parent || wanted.length === 0) continue;
        const keys = wanted.map((row) =>
          Object.fromEntries(key.referencedColumns.map((column, at) => [column, row[key.columns[at] ?? ''] ?? null])),
        );
        const found = take(
          parent,
          await select(connection, parent.facts, `WHERE ${among(key.referencedColumns, keys)}`),
        );
        if (found.length > 0) next.set(parent, [...(next.get(parent) ?? []), ...found]);
      }
    }
    fresh = next;
  }
  return new Map(tables.map(({ facts, rows }) => [facts.name, [...rows.values()]]));
}

/** Values that the driver would parse or round are asked for in the form that the encoding wants. */
function exact(column: string, dataType: string): string {
  if (valueFamily(dataType) === 'spatial') return `CAST(${column} AS BINARY)`;
  if (dataType === 'json') return `CAST(${column} AS CHAR)`;
  if (dataType === 'bit') return `CAST(${column} AS UNSIGNED)`;
  return dataType === 'float' ? `CAST(${column} AS DOUBLE)` : column;
}

async function select(connection: mysql.Connection, facts: TableFacts, rest: string): Promise<SourceRow[]> {
  const columns = facts.columns.map(
    ({ name, dataType }) => `${exact(identifier(name), dataType)} AS ${identifier(name)}`,
  );
  const sql = `SELECT ${columns.join(', ')} FROM ${identifier(facts.name)} ${rest}`;
  const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
  return rows;
}
