import { Decimal } from './decimal.ts';
import type { ColumnModel } from './model.ts';
import { Moment } from './moment.ts';
import { plainDigits } from './source-value.ts';
import { SqlError } from './sql-error.ts';

/** Text of a column, with what decides how it compares; `rank` is the position of an ENUM label or the bits of a SET. */
export class Text {
  readonly text: string;
  readonly collation: string;
  readonly rank: bigint | null;

  constructor(text: string, collation: string, rank: bigint | null = null) {
    this.text = text;
    this.collation = collation;
    this.rank = rank;
  }
}

/** A JSON document, as text. */
export class Json {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value of SQL. `bigint` is any integer type, `number` is DOUBLE, `string` is text without a collation of its own (a
 * literal or a parameter), `boolean` is the 1 or 0 of a condition, and null as well as undefined is NULL.
 */
export type Value = null | undefined | boolean | bigint | number | string | Decimal | Text | Uint8Array | Moment | Json;

/** The outcome of a condition: MySQL's three truth values. */
export type Truth = boolean | null;

/** The columns of one row. */
export type Row<Column extends string = string> = { readonly [Name in Column]?: Value };

/** What stands in the place of the missing row of an outer join: every column is NULL. */
export const NO_ROW: Row = {};

/** A parameter of the application, as the driver would have bound it. */
export function arg(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return Moment.fromDate(value, 6);
  return JSON.stringify(value);
}

/** The members of a list parameter (`IN (?)`); an empty one is as wrong here as in MySQL. */
export function args(values: readonly unknown[]): Value[] {
  if (values.length > 0) return values.map(arg);
  const message =
    "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near ')'";
  throw new SqlError('ER_PARSE_ERROR', 1064, '42000', message);
}

/** The rows of a `VALUES ?` parameter, by the columns of the INSERT. */
export function namedRows(rows: readonly (readonly unknown[])[], columns: readonly string[]): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, position) => [column, arg(row[position])])));
}

function fromNumber(value: number): Value {
  if (Number.isSafeInteger(value)) return BigInt(value);
  return Number.isFinite(value) && Math.abs(value) < 1e15 && Math.abs(value) >= 1e-6
    ? Decimal.parse(String(value))
    : value;
}

/** The value of a column's stored form. */
export function fromStored(column: ColumnModel, stored: string | Uint8Array | null): Value {
  if (stored === null) return null;
  if (typeof stored !== 'string') return stored;
  switch (column.dataType) {
    case 'decimal':
    case 'numeric':
      return Decimal.parse(stored).round(column.scale ?? 0);
    case 'float':
    case 'double':
      return Number(stored);
    case 'date':
    case 'time':
      return new Moment(column.dataType, stored);
    case 'datetime':
      return new Moment('datetime', stored);
    case 'timestamp':
      return new Moment('datetime', stored.replace('T', ' ').replace(/Z$/, ''));
    case 'json':
      return new Json(stored);
    case 'enum':
      return new Text(stored, collationOf(column), BigInt((column.labels ?? []).indexOf(stored) + 1));
    case 'set':
      return new Text(stored, collationOf(column), setBits(column, stored));
    default:
      return column.type === 'N' ? BigInt(plainDigits(stored)) : new Text(stored, collationOf(column));
  }
}

export function collationOf(column: ColumnModel): string {
  return column.collation ?? 'utf8mb4_0900_ai_ci';
}

function setBits(column: ColumnModel, stored: string): bigint {
  const chosen = new Set(stored.split(','));
  return (column.labels ?? []).reduce(
    (bits, label, bit) => (chosen.has(label) ? bits | (1n << BigInt(bit)) : bits),
    0n,
  );
}

/** The text that MySQL prints for a value, and works with where it wants text. Null for NULL. */
export function textOf(value: Value): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Text || value instanceof Json || value instanceof Moment) return value.text;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Decimal) return value.toString();
  return String(value);
}

/** The number that MySQL makes of a value where it wants one: exact where it can be. Null for NULL. */
export function numericOf(value: Value): bigint | Decimal | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal) return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Moment) return value.toNumeric();
  if (value instanceof Text && value.rank !== null) return value.rank;
  const leading = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(textOf(value) ?? '');
  return leading === null ? 0 : Number(leading[0]);
}

/** {@link numericOf}, exact: text by its leading digits, so that a long id in a string stays the id it is. */
export function decimalOf(value: Value): Decimal | null {
  const numeric = numericOf(value);
  if (numeric === null) return null;
  if (typeof numeric === 'bigint') return Decimal.of(numeric);
  if (numeric instanceof Decimal) return numeric;
  const leading =
    typeof value === 'number' ? null : /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?/.exec(textOf(value) ?? '');
  if (leading !== null) return Decimal.parse(leading[0]);
  return Number.isFinite(numeric) ? Decimal.parse(String(numeric)) : null;
}
