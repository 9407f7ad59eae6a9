import type { Analysis, TableFacts } from '../../../core/analysis.ts';
import { code, number } from '../report/markdown.ts';
import { quoted, type Row, type SourceReader } from '../source.ts';
import type { Facts } from './index.ts';

/**
 * The counts of execute, again, by SHOW statements and other views than it read. A fact holds when the machine's
 * artifact and the people's artifact both have it.
 */
export async function recountTables(reader: SourceReader, analysis: Analysis, text: string): Promise<Facts> {
  const names = await baseTables(reader);
  return bothWays(
    names,
    analysis.tables.map((table) => table.name),
    (name) => text.includes(`| ${code(name)} |`),
  );
}

export async function recountColumns(reader: SourceReader, analysis: Analysis, text: string): Promise<Facts> {
  const seen: string[] = [];
  for (const table of await baseTables(reader)) {
    for (const row of await show(reader, `SHOW FULL COLUMNS FROM ${quoted(table)}`)) {
      seen.push(`${table}.${field(row, 'Field')} ${field(row, 'Type')} ${field(row, 'Null')}`);
    }
  }
  const told = analysis.tables.flatMap((table) =>
    table.columns.map(
      (column) => `${table.name}.${column.name} ${column.columnType} ${column.nullable ? 'YES' : 'NO'}`,
    ),
  );
  const pages = sections(text);
  const listed = new Set(
    analysis.tables.flatMap((table) => {
      const page = pages.get(code(table.name)) ?? '';
      return table.columns
        .filter((column) => page.includes(`| ${column.position} | ${code(column.name)} | ${code(column.columnType)} |`))
        .map((column) => `${table.name}.${column.name} ${column.columnType} ${column.nullable ? 'YES' : 'NO'}`);
    }),
  );
  return bothWays(seen, told, (name) => listed.has(name));
}

export async function recountIndexes(reader: SourceReader, analysis: Analysis, text: string): Promise<Facts> {
  const seen = new Set<string>();
  for (const table of await baseTables(reader)) {
    for (const row of await show(reader, `SHOW INDEX FROM ${quoted(table)}`)) {
      seen.add(`${table}.${field(row, 'Key_name')}`);
    }
  }
  const told = analysis.tables.flatMap((table) => table.indexes.map((index) => `${table.name}.${index.name}`));
  const pages = sections(text);
  const listed = (table: TableFacts): string[] => {
    const page = pages.get(code(table.name)) ?? '';
    return table.indexes
      .filter((index) => page.includes(`| ${code(index.name)} | ${index.unique ? 'yes' : 'no'} |`))
      .map((index) => `${table.name}.${index.name}`);
  };
  const inText = new Set(analysis.tables.flatMap(listed));
  return bothWays([...seen], told, (name) => inText.has(name));
}

/** Foreign keys that the server shows, against the JSON and the page. */
export function recountForeignKeys(seen: readonly string[], analysis: Analysis, text: string): Facts {
  const told = analysis.tables.flatMap((table) => table.foreignKeys.map((key) => `${table.name}.${key.name}`));
  const listed = new Set(
    analysis.tables.flatMap((table) =>
      table.foreignKeys
        .filter((key) => text.includes(`| ${code(key.name)} | ${code(`${table.name} (${key.columns.join(', ')})`)} |`))
        .map((key) => `${table.name}.${key.name}`),
    ),
  );
  return bothWays(seen, told, (name) => listed.has(name));
}

/** A running application goes on writing between the count and this one. */
const DRIFT_SHARE = 0.1;
const DRIFT_ROWS = 1_000;

export async function recountRows(reader: SourceReader, analysis: Analysis): Promise<Facts> {
  const results: { name: string; holds: boolean }[] = [];
  for (const table of analysis.tables) {
    const key = table.primaryKey[0];
    const counted = key === undefined ? '1' : quoted(key);
    const [row] = await reader.query(`SELECT SUM(${counted} IS NOT NULL) AS n FROM ${quoted(table.name)}`);
    const now = Number(row?.['n'] ?? 0);
    results.push({
      name: `${table.name}: ${number(table.statistics.rows)} in the artifact, ${number(now)} now`,
      holds: Math.abs(now - table.statistics.rows) <= Math.max(DRIFT_ROWS, now * DRIFT_SHARE),
    });
  }
  return results;
}

/** Everything that the server has is told, and nothing is told that the server does not have. */
export function bothWays(seen: readonly string[], told: readonly string[], listed: (name: string) => boolean): Facts {
  const toldSet = new Set(told);
  const seenSet = new Set(seen);
  return [
    ...seen.map((name) => ({ name, holds: toldSet.has(name) && listed(name) })),
    ...told
      .filter((name) => !seenSet.has(name))
      .map((name) => ({ name: `${name} is not on the server`, holds: false })),
  ];
}

/** Tables with rows of their own, as SHOW tells them. */
export async function baseTables(reader: SourceReader): Promise<string[]> {
  const rows = await show(reader, 'SHOW FULL TABLES');
  return rows
    .map((row) => Object.values(row).map(String))
    .filter(([, type]) => type === 'BASE TABLE' || type === 'SYSTEM VERSIONED')
    .map(([name]) => name ?? '');
}

async function show(reader: SourceReader, sql: string): Promise<Row[]> {
  return reader.query(sql);
}

export function field(row: Row | undefined, name: string): string {
  return String(row?.[name] ?? '');
}

/** The parts of a document by their titles; taken apart once, as a document may have thousands. */
export function sections(text: string): Map<string, string> {
  return new Map(
    `\n${text}`
      .split('\n## ')
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part]),
  );
}
