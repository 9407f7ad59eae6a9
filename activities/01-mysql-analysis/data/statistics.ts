import type { ColumnFacts, TableFacts, TableStatistics } from '../../../core/analysis.ts';
import type { TableStructure } from '../schema/assemble.ts';
import { quoted, type SourceReader } from '../source.ts';
import { valueBytes } from './sizes.ts';

/** Rows measured of a table; a bigger table is sampled by a hash of its key, so that every age has its share. */
const SAMPLE_ROWS = 5_000;
/** Tables counted in one statement. */
const COUNT_BATCH = 50;

/** Exact row counts, in one statement for fifty tables. */
export async function countRows(reader: SourceReader, tables: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let at = 0; at < tables.length; at += COUNT_BATCH) {
    const batch = tables.slice(at, at + COUNT_BATCH);
    const selects = batch.map((name, index) => `SELECT ${index} AS i, COUNT(*) AS n FROM ${quoted(name)}`);
    for (const row of await reader.query(selects.join(' UNION ALL '))) {
      counts.set(batch[Number(row['i'])] ?? '', Number(row['n']));
    }
  }
  return counts;
}

/** Measures the values of a sample; gives the table with its statistics. */
export async function measureTable(reader: SourceReader, table: TableStructure, rows: number): Promise<TableFacts> {
  const { sizes, ...structure } = table;
  const sample = rows === 0 ? [] : await sampleBytes(reader, table, rows);
  const totals = sample.map((row) => row.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0)).sort((a, b) => a - b);
  const statistics: TableStatistics = {
    rows,
    ...sizes,
    rowBytes: {
      p50: percentile(totals, 0.5),
      p99: percentile(totals, 0.99),
      max: totals.at(-1) ?? 0,
      sampled: totals.length,
    },
  };
  return {
    ...structure,
    columns: structure.columns.map((column, index) => withBytes(column, index, sample)),
    statistics,
  };
}

/** The smallest value that at least the given share of sorted values does not exceed. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function withBytes(column: ColumnFacts, index: number, sample: readonly (readonly (number | null)[])[]): ColumnFacts {
  if (sample.length === 0) return column;
  const present = sample.map((row) => row[index] ?? null).filter((bytes) => bytes !== null);
  const sum = present.reduce((total, bytes) => total + bytes, 0);
  return {
    ...column,
    valueBytes: {
      mean: present.length === 0 ? 0 : Math.round((sum / present.length) * 10) / 10,
      max: present.reduce((max, bytes) => Math.max(max, bytes), 0),
      nullShare: Math.round((1 - present.length / sample.length) * 1e4) / 1e4,
    },
  };
}

async function sampleBytes(reader: SourceReader, table: TableStructure, rows: number): Promise<(number | null)[][]> {
  const columns = table.columns.map(
    (column, index) => `IF(${quoted(column.name)} IS NULL, NULL, ${valueBytes(column)}) AS c${index}`,
  );
  const every = Math.ceil(rows / SAMPLE_ROWS);
  const found = await reader.query(`SELECT ${columns.join(', ')} FROM ${quoted(table.name)}${sampling(table, every)}`);
  return found.map((row) =>
    table.columns.map((_, index) => {
      const bytes = row[`c${index}`];
      return bytes === null || bytes === undefined ? null : Number(bytes);
    }),
  );
}

/** Deterministic: the same rows give the same sample. Without a key, a seeded generator along the scan. */
export function sampling(table: Pick<TableStructure, 'primaryKey'>, every: number): string {
  if (every <= 1) return '';
  if (table.primaryKey.length === 0) return ` WHERE RAND(1) < ${(1 / every).toFixed(6)}`;
  return ` WHERE CRC32(CONCAT_WS('#', ${table.primaryKey.map(quoted).join(', ')})) % ${every} = 0`;
}
