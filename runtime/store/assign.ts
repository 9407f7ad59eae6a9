import { foldText } from './collation.ts';
import type { Decimal } from './decimal.ts';
import type { ColumnModel } from './model.ts';
import { Moment } from './moment.ts';
import { floatText } from './source-value.ts';
import { incorrectValue, invalidJson, nullNotAllowed, outOfRange, tooLong, truncated } from './sql-error.ts';
import { collationOf, decimalOf, Json, numericOf, Text, textOf, type Value } from './value.ts';
import { normalizeJson } from './json-text.ts';

/** Where a value goes, for the words of an error; `row` counts the rows of the statement from 1. */
export interface Target {
  readonly table: string;
  readonly column: string;
  readonly row: number;
}

const BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  bigint: 64,
};

/** The stored form of a value that is assigned to a column, by the rules of MySQL's strict mode. */
export function assign(column: ColumnModel, value: Value, target: Target): string | Uint8Array | null {
  if (value === null || value === undefined) {
    if (column.nullable) return null;
    throw nullNotAllowed(target.column);
  }
  if (column.type === 'B') return assignBytes(column, value, target);
  switch (column.dataType) {
    case 'decimal':
    case 'numeric':
      return assignDecimal(column, value, target);
    case 'float':
      return floatText(assignDouble(value, target));
    case 'double':
      return String(assignDouble(value, target));
    case 'date':
    case 'datetime':
    case 'timestamp':
    case 'time':
      return assignMoment(column, value, target);
    case 'enum':
      return assignLabel(column, value, target);
    case 'set':
      return assignLabels(column, value, target);
    case 'json':
      return assignJson(value, target);
    default:
      return column.type === 'N' ? assignInteger(column, value, target) : assignText(column, value, target);
  }
}

function exactNumber(kind: string, value: Value, target: Target): Decimal {
  const text = typeof value === 'string' || value instanceof Text ? (textOf(value) ?? '') : null;
  if (text !== null && !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) {
    if (kind !== 'decimal' && /^\s*[+-]?\d/.test(text)) throw truncated(target.column, target.row);
    throw incorrectValue(kind, text, target.column, target.row);
  }
  const decimal = decimalOf(value);
  if (decimal === null) throw outOfRange(target.column, target.row);
  return decimal;
}

function assignInteger(column: ColumnModel, value: Value, target: Target): string {
  const { units } = exactNumber('integer', value, target).round(0);
  if (column.dataType === 'year') return assignYear(units, target);
  const bits = BigInt(column.dataType === 'bit' ? (column.precision ?? 1) : (BITS[column.dataType] ?? 16));
  const unsigned = column.unsigned === true || column.dataType === 'bit';
  const [low, high] = unsigned ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  if (units < low || units > high) throw outOfRange(target.column, target.row);
  return units.toString();
}

/** YEAR: 1901 to 2155, two digits mean those around 2000. */
function assignYear(year: bigint, target: Target): string {
  const full = year > 0n && year < 70n ? year + 2000n : year >= 70n && year < 100n ? year + 1900n : year;
  if (full !== 0n && (full < 1901n || full > 2155n)) throw outOfRange(target.column, target.row);
  return full.toString();
}

function assignDecimal(column: ColumnModel, value: Value, target: Target): string {
  const [precision, scale] = [column.precision ?? 10, column.scale ?? 0];
  const decimal = exactNumber('decimal', value, target).round(scale);
  const size = decimal.units < 0n ? -decimal.units : decimal.units;
  if (size >= 10n ** BigInt(precision) || (column.unsigned === true && decimal.units < 0n)) {
    throw outOfRange(target.column, target.row);
  }
  return decimal.toString();
}

function assignDouble(value: Value, target: Target): number {
  if (typeof value === 'string' || value instanceof Text) exactNumber('double', value, target);
  return Number(numericOf(value));
}

function assignText(column: ColumnModel, value: Value, target: Target): string {
  let text = textOf(value) ?? '';
  const fixed = column.dataType === 'char';
  if (fixed) text = text.replace(/ +$/, '');
  const most = column.length ?? Number.POSITIVE_INFINITY;
  const counts = fixed || column.dataType === 'varchar';
  const size = counts ? [...text].length : Buffer.byteLength(text);
  if (size <= most) return text;
  // Spaces that don't fit are no loss to MySQL.
  const cut = [...text].slice(0, most).join('');
  if (counts && text.slice(cut.length).trim() === '') return cut;
  throw tooLong(target.column, target.row);
}

function assignBytes(column: ColumnModel, value: Value, target: Target): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(textOf(value) ?? '', 'utf8');
  if (bytes.length > (column.length ?? Number.POSITIVE_INFINITY)) throw tooLong(target.column, target.row);
  if (column.dataType !== 'binary' || column.length === undefined) return bytes;
  return Buffer.concat([bytes, Buffer.alloc(column.length - bytes.length)]);
}

function assignMoment(column: ColumnModel, value: Value, target: Target): string {
  const text = textOf(value) ?? '';
  const isTime = column.dataType === 'time';
  const moment = value instanceof Moment ? value : isTime ? Moment.parseTime(text) : Moment.parse(text);
  const kind = column.dataType === 'timestamp' ? 'datetime' : column.dataType;
  if (moment === null || moment.text.startsWith('0000')) {
    throw incorrectValue(kind, text, target.column, target.row);
  }
  const digits = column.fractionalSeconds ?? 0;
  if (isTime) {
    const time = moment.kind === 'time' ? moment : new Moment('time', moment.round(6).text.slice(11));
    return time.round(digits).text;
  }
  if (column.dataType === 'date') return moment.date;
  const stored = moment.round(digits).text;
  return column.dataType === 'timestamp' ? `${stored.replace(' ', 'T')}Z` : stored;
}

function assignLabel(column: ColumnModel, value: Value, target: Target): string {
  const labels = column.labels ?? [];
  if (typeof value === 'bigint') {
    const label = labels[Number(value) - 1];
    if (label === undefined) throw truncated(target.column, target.row);
    return label;
  }
  return labelOf(column, textOf(value) ?? '', target);
}

function labelOf(column: ColumnModel, text: string, target: Target): string {
  const wanted = foldText(text.trimEnd(), collationOf(column));
  const label = column.labels?.find((each) => foldText(each, collationOf(column)) === wanted);
  if (label === undefined) throw truncated(target.column, target.row);
  return label;
}

function assignLabels(column: ColumnModel, value: Value, target: Target): string {
  const labels = column.labels ?? [];
  if (typeof value === 'bigint') return labels.filter((_, bit) => ((value >> BigInt(bit)) & 1n) === 1n).join(',');
  const text = textOf(value) ?? '';
  const chosen = new Set(text === '' ? [] : text.split(',').map((each) => labelOf(column, each, target)));
  return labels.filter((label) => chosen.has(label)).join(',');
}

function assignJson(value: Value, target: Target): string {
  if (value instanceof Json) return value.text;
  const text = normalizeJson(textOf(value) ?? '');
  if (text === null) throw invalidJson(target.table, target.column);
  return text;
}
