import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { quoted } from '../source.ts';
import type { Check } from './checks.ts';
import { sampling } from './statistics.ts';

/** A check that needs a statement of its own, giving `n`. */
export interface TextCheck extends Omit<Check, 'condition'> {
  readonly sql: string;
}

/** Rows looked at to tell whether a column's text holds JSON. */
const JSON_SAMPLE = 2_000;

/** Checks of what a collation makes equal and bytes do not; pure. */
export function textChecks(table: TableFacts): TextCheck[] {
  return [...uniqueKeyChecks(table), ...splitChecks(table)];
}

/** True when the collation finds strings equal whose bytes differ. */
export function isFolding(column: ColumnFacts): boolean {
  return column.collation !== null && !/_bin$/.test(column.collation) && column.collation !== 'binary';
}

/** A unique key of text keeps out values that DynamoDB, comparing bytes, would let in. */
function* uniqueKeyChecks(table: TableFacts): Generator<TextCheck> {
  for (const index of table.indexes.filter((one) => one.unique)) {
    for (const column of foldingColumns(table, index.parts)) {
      yield {
        severity: 'warn',
        columns: [column.name],
        sql: `SELECT COUNT(*) AS n FROM ${quoted(table.name)} WHERE ${quoted(column.name)} IS NOT NULL`,
        finding: `The unique key ${index.name} compares by ${column.collation}, without regard to case${
          /_ci$/.test(column.collation ?? '') && !/_as_/.test(column.collation ?? '') ? ' and accents' : ''
        }; DynamoDB compares bytes, so the key's values must be folded to stay unique.`,
      };
    }
  }
}

/** Values of an index that the collation calls equal and bytes tell apart: groups and look-ups would split. */
function* splitChecks(table: TableFacts): Generator<TextCheck> {
  const columns = new Map(
    table.indexes.flatMap((index) => foldingColumns(table, index.parts)).map((column) => [column.name, column]),
  );
  for (const column of columns.values()) {
    if (column.dataType === 'enum' || column.dataType === 'set') continue;
    const name = quoted(column.name);
    yield {
      severity: 'warn',
      columns: [column.name],
      sql: `SELECT COUNT(DISTINCT CAST(${name} AS BINARY)) - COUNT(DISTINCT ${name}) AS n FROM ${quoted(table.name)}`,
      finding: `Values equal by ${column.collation} that differ in bytes (case, accents, trailing spaces): a look-up in DynamoDB finds only one spelling.`,
    };
  }
}

/** One statement for all columns of a table: which of them hold text that looks like JSON, in a sample. */
export function jsonCheck(
  table: TableFacts,
): { readonly sql: string; readonly columns: readonly string[]; readonly every: number } | undefined {
  const every = Math.max(1, Math.ceil(table.statistics.rows / JSON_SAMPLE));
  const columns = table.columns.filter(
    (column) => column.characterSet !== null && (column.maxLength ?? 0) >= 64 && column.labels === undefined,
  );
  if (columns.length === 0) return undefined;
  const counts = columns.map((column, index) => `SUM(${looksLikeJson(quoted(column.name))}) AS n${index}`);
  return {
    sql: `SELECT ${counts.join(', ')} FROM ${quoted(table.name)}${sampling(table, every)}`,
    columns: columns.map((column) => column.name),
    every,
  };
}

/** By its ends: neither JSON_VALID, which MySQL 5.6 lacks, nor a regular expression, which gives up on long text. */
function looksLikeJson(name: string): string {
  const bare = ['\\n', '\\r', '\\t'].reduce((text, blank) => `TRIM(BOTH '${blank}' FROM ${text})`, `TRIM(${name})`);
  return `(${bare} LIKE '{%:%}' OR ${bare} = '{}' OR ${bare} LIKE '[%]')`;
}

function foldingColumns(table: TableFacts, parts: readonly { readonly column: string | null }[]): ColumnFacts[] {
  return parts
    .map((part) => table.columns.find((column) => column.name === part.column))
    .filter((column) => column !== undefined)
    .filter((column) => isFolding(column) && column.labels === undefined);
}
