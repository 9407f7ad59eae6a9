import fc from 'fast-check';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { identifier } from '../../mysql.ts';
import { type Cell, cellsOf, holdsBytes } from './cells.ts';
import { seedFor } from './seeds.ts';

type CellRow = Readonly<Record<string, Cell>>;

/** The rows of each table, as MySQL gives them back. */
export type Content = ReadonlyMap<string, readonly CellRow[]>;

/** `table.column` of what is a key of DynamoDB as it stands: no such key may be empty, so no value of it is. */
export type KeyColumns = ReadonlySet<string>;

/** Whether DynamoDB could not hold the value. */
export function isEmptyKey(keys: KeyColumns, table: string, column: string, cell: Cell): boolean {
  return cell !== null && cell.length === 0 && keys.has(`${table}.${column}`);
}

/** What became of the rows that were offered to a table. */
export interface Filled {
  readonly table: string;
  readonly rows: number;
  /** Rows that MySQL refused, by the code of its error. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Rows that are offered to a table, and rows of the prepared state that are looked at for their values. */
const OFFERED = 40;
const SAMPLED = 40;
/** Parents that half of the children have. */
const POPULAR = 3;

/** Empties the tables and fills them with generated rows. MySQL is the judge: what it refuses is left out. */
export async function fillTables(
  connection: Connection,
  tables: readonly TableFacts[],
  seed: number,
  keys: KeyColumns,
): Promise<{ readonly content: Content; readonly filled: readonly Filled[] }> {
  const samples = new Map<string, CellRow[]>();
  for (const table of tables) samples.set(table.name, await rowsOf(connection, table, SAMPLED));
  await connection.query('SET SESSION foreign_key_checks = 0');
  for (const { name } of tables) await connection.query(`DELETE FROM ${identifier(name)}`);
  await connection.query('SET SESSION foreign_key_checks = 1');
  const content = new Map<string, CellRow[]>();
  const filled: Filled[] = [];
  for (const table of parentsFirst(tables)) {
    const rows = rowsFor(table, samples.get(table.name) ?? [], content).filter((row) =>
      Object.entries(row).every(([name, cell]) => !isEmptyKey(keys, table.name, name, cell)),
    );
    const refused: Record<string, number> = {};
    for (const row of fc.sample(rows, { seed: seedFor(seed, table.name), numRuns: OFFERED })) {
      const code = await insert(connection, table, row);
      if (code !== undefined) refused[code] = (refused[code] ?? 0) + 1;
    }
    const accepted = await rowsOf(connection, table);
    content.set(table.name, accepted);
    filled.push({ table: table.name, rows: accepted.length, refused });
  }
  return { content, filled };
}

/** Rows to offer: each column from the values of the prepared state, or of its type, or, of a reference, from its parents. */
function rowsFor(table: TableFacts, samples: readonly CellRow[], content: Content): fc.Arbitrary<CellRow> {
  const columns = writable(table);
  const free = fc.record(Object.fromEntries(columns.map((column) => [column.name, cellFor(column, samples)])));
  const base: fc.Arbitrary<CellRow> =
    samples.length === 0
      ? free
      : // Like a row that is there but for some columns: what CHECKs and formats ask of several columns holds more often.
        fc.oneof(
          free,
          fc
            .tuple(fc.constantFrom(...samples), free, fc.subarray(columns.map(({ name }) => name)))
            .map(([row, other, taken]) => ({
              ...Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])),
              ...Object.fromEntries(taken.map((name) => [name, other[name] ?? null])),
            })),
        );
  return table.foreignKeys.reduce((rows, { columns: from, referencedTable, referencedColumns }) => {
    const parents = content.get(referencedTable) ?? [];
    const nullable = from.every((name) => columns.find((column) => column.name === name)?.nullable === true);
    const nothing = Object.fromEntries(from.map((name) => [name, null]));
    const keys = parents.map((parent) =>
      Object.fromEntries(from.map((name, at) => [name, parent[referencedColumns[at] ?? ''] ?? null])),
    );
    const choices = [...(nullable ? [nothing] : []), ...keys];
    if (choices.length === 0) return rows;
    // Some parents get many children: an order among two is seen only where there are two.
    const choice = fc.oneof(fc.constantFrom(...choices), fc.constantFrom(...choices.slice(0, POPULAR)));
    return fc.tuple(rows, choice).map(([row, key]): CellRow => ({ ...row, ...key }));
  }, base);
}

function cellFor(column: ColumnFacts, samples: readonly CellRow[]): fc.Arbitrary<Cell> {
  const generated = cellsOf(column);
  const known = samples.map((row) => row[column.name] ?? null);
  const choices: fc.WeightedArbitrary<Cell>[] = [
    ...(generated === undefined ? [] : [{ weight: 3, arbitrary: generated }]),
    ...(known.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom(...known) }]),
    ...(column.nullable ? [{ weight: 1, arbitrary: fc.constant(null) }] : []),
  ];
  return choices.length === 0 ? fc.constant(null) : fc.oneof(...choices);
}

/** The code of MySQL's refusal; undefined when the row is in. */
async function insert(connection: Connection, table: TableFacts, row: CellRow): Promise<string | undefined> {
  const names = Object.keys(row);
  const sql = `INSERT INTO ${identifier(table.name)} (${names.map(identifier).join(', ')}) VALUES (?)`;
  try {
    await connection.query(sql, [names.map((name) => row[name] ?? null)]);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'sqlState' in error)) throw error;
    return String(error.code);
  }
}

async function rowsOf(connection: Connection, table: TableFacts, most?: number): Promise<CellRow[]> {
  const columns = writable(table);
  const list = columns.map(({ name }) => identifier(name)).join(', ');
  const order = (table.primaryKey.length > 0 ? table.primaryKey : columns.map(({ name }) => name)).map(identifier);
  const [rows] = await connection.query<RowDataPacket[]>({
    sql: `SELECT ${list} FROM ${identifier(table.name)} ORDER BY ${order.join(', ')}${most === undefined ? '' : ` LIMIT ${most}`}`,
    typeCast: (field) => field.buffer(),
  });
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const bytes = row[column.name] as Buffer | null;
        return [column.name, bytes === null || holdsBytes(column) ? bytes : bytes.toString('utf8')];
      }),
    ),
  );
}

function writable({ columns }: TableFacts): ColumnFacts[] {
  return columns.filter(({ generated }) => generated === undefined);
}

/** Referenced tables first, as far as references run in no circle. */
function parentsFirst(tables: readonly TableFacts[]): TableFacts[] {
  const ordered: TableFacts[] = [];
  const visited = new Set<string>();
  const visit = (table: TableFacts): void => {
    if (visited.has(table.name)) return;
    visited.add(table.name);
    for (const { referencedTable } of table.foreignKeys) {
      const parent = tables.find(({ name }) => name === referencedTable);
      if (parent !== undefined) visit(parent);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}
