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
  return [
    ...table.columns.flatMap((column) => [
      ...dateChecks(column),
      ...numberChecks(column),
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
