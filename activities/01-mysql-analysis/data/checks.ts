import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import { quoted } from '../source.ts';
import { valueBytes } from './sizes.ts';

/** A condition counted over all rows of a table. */
export interface Check {
  readonly severity: 'stop' | 'warn' | 'info';
  readonly columns: readonly string[];
  /** SQL over one row; true for a row that the finding is about. */
  readonly condition: string;
  readonly finding: string;
}

/** DynamoDB's limits that rows can break. */
const ITEM_BYTES = 400 * 1024;
const PARTITION_KEY_BYTES = 2048;
const SORT_KEY_BYTES = 1024;

/** Row-wise checks of a table's columns; pure. */
export function columnChecks(table: TableFacts): Check[] {
  const keys = new Set(table.indexes.flatMap((index) => index.parts.map((part) => part.column)));
  const unique = new Set(
    table.indexes.filter((one) => one.unique).flatMap((one) => one.parts.map((part) => part.column)),
  );
  return [
    ...table.columns.flatMap((column) => [
      ...dateChecks(column),
      ...numberChecks(column),
      ...timeChecks(column),
      ...encodingChecks(column),
      ...(unique.has(column.name) ? nullChecks(column) : []),
      ...(keys.has(column.name) ? keyChecks(column, table.primaryKey.includes(column.name)) : []),
    ]),
    ...rowChecks(table),
  ];
}

function* dateChecks(column: ColumnFacts): Generator<Check> {
  if (!['date', 'datetime', 'timestamp'].includes(column.dataType)) return;
  const text = `CAST(${quoted(column.name)} AS CHAR)`;
  yield {
    severity: 'warn',
    columns: [column.name],
    condition: `${text} LIKE '0000-%' OR ${text} LIKE '%-00%'`,
    finding:
      'Zero dates or dates with a zero month or day: no calendar has them; the contract must say what they become.',
  };
  yield {
    severity: 'warn',
    columns: [column.name],
    condition: `${text} NOT LIKE '0000-%' AND ${text} < '1000'`,
    finding: "Dates before the year 1000: outside MySQL's supported range.",
  };
}

function* numberChecks(column: ColumnFacts): Generator<Check> {
  const name = quoted(column.name);
  if (column.dataType === 'decimal' && (column.precision ?? 0) > 38) {
    yield {
      severity: 'warn',
      columns: [column.name],
      condition: `LENGTH(TRIM(LEADING '0' FROM REPLACE(ABS(${name}), '.', ''))) > 38`,
      finding: 'Numbers of more than 38 digits: DynamoDB has no number that holds them.',
    };
  }
  if (column.dataType === 'double') {
    yield {
      severity: 'stop',
      columns: [column.name],
      condition: `ABS(${name}) > 9.9999999999999999e125 OR (${name} <> 0 AND ABS(${name}) < 1e-130)`,
      finding: "Numbers outside the range of DynamoDB's numbers (1E-130 to 9.99E+125).",
    };
  }
}

/** TIME holds durations of more than a day and negative ones, YEAR a year zero: neither is a time of day or a year. */
function* timeChecks(column: ColumnFacts): Generator<Check> {
  const name = quoted(column.name);
  if (column.dataType === 'time') {
    yield {
      severity: 'info',
      columns: [column.name],
      condition: `${name} < '00:00:00' OR ${name} >= '24:00:00'`,
      finding: 'Times that are negative or 24 hours and more: durations, not times of a day.',
    };
  }
  if (column.dataType === 'year') {
    yield {
      severity: 'warn',
      columns: [column.name],
      condition: `${name} = 0`,
      finding: 'The year 0000: no year at all.',
    };
  }
}

/** SQL that is true when a value's bytes are not valid UTF-8; servers give NULL or put another character in place. */
export function invalidUtf8(name: string): string {
  const bytes = `CAST(${name} AS BINARY)`;
  return `${name} IS NOT NULL AND COALESCE(CAST(CONVERT(${bytes} USING utf8mb4) AS BINARY) <> ${bytes}, 1)`;
}

/** Bytes that are not what their character set says: broken UTF-8, and UTF-8 that was stored as Latin-1. */
function* encodingChecks(column: ColumnFacts): Generator<Check> {
  const name = quoted(column.name);
  if (/^utf8/.test(column.characterSet ?? '') && column.labels === undefined) {
    yield {
      severity: 'stop',
      columns: [column.name],
      condition: invalidUtf8(name),
      finding: 'Text whose bytes are not valid UTF-8: DynamoDB takes no such string.',
    };
  }
  if (/^(latin1|cp1252)$/.test(column.characterSet ?? '') && column.labels === undefined) {
    const read = `CONVERT(CAST(${name} AS BINARY) USING utf8mb4)`;
    yield {
      severity: 'warn',
      columns: [column.name],
      condition: `NOT (${invalidUtf8(name)}) AND CHAR_LENGTH(${read}) <> LENGTH(${name})`,
      finding: `Text in ${column.characterSet} whose bytes are UTF-8: it was probably stored by a connection that said ${column.characterSet}, and reads wrong.`,
    };
  }
}

function* nullChecks(column: ColumnFacts): Generator<Check> {
  if (!column.nullable) return;
  yield {
    severity: 'warn',
    columns: [column.name],
    condition: `${quoted(column.name)} IS NULL`,
    finding: 'NULL in a part of a unique key: MySQL lets any number of such rows in; no key of DynamoDB can hold NULL.',
  };
}

function* keyChecks(column: ColumnFacts, primary: boolean): Generator<Check> {
  const name = quoted(column.name);
  if (column.maxLength === null) return;
  yield {
    severity: primary ? 'stop' : 'warn',
    columns: [column.name],
    condition: `LENGTH(${name}) = 0`,
    finding:
      'Empty key parts: DynamoDB allows no empty string in a key of a table or index, unless a template surrounds it.',
  };
  if (column.collation !== null && column.labels === undefined) {
    yield {
      severity: 'warn',
      columns: [column.name],
      condition: `LENGTH(${name}) <> LENGTH(TRIM(TRAILING ' ' FROM ${name}))`,
      finding:
        'Key parts that end with spaces: collations that pad find them equal to the same text without, bytes do not.',
    };
  }
  const limit = primary ? PARTITION_KEY_BYTES : SORT_KEY_BYTES;
  if (column.maxLength * (column.characterSet === null ? 1 : 4) > limit) {
    yield {
      severity: primary ? 'stop' : 'warn',
      columns: [column.name],
      condition: `LENGTH(${name}) > ${limit}`,
      finding: `Key parts longer than the ${limit} bytes that a DynamoDB key holds.`,
    };
  }
}

/** Only tables whose types allow it are summed up row by row. */
function* rowChecks(table: TableFacts): Generator<Check> {
  const big = table.columns.filter((column) => (column.maxLength ?? 0) > 65_000 || column.dataType === 'json');
  if (big.length === 0) return;
  const bytes = table.columns.map(valueBytes).join(' + ');
  yield {
    severity: 'stop',
    columns: big.map((column) => column.name),
    condition: `${bytes} > ${ITEM_BYTES}`,
    finding: 'Rows bigger than the 400 KB of a DynamoDB item.',
  };
}
