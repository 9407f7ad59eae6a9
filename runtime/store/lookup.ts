import { foldText } from './collation.ts';
import { encodeKeyPart } from './key-encoding.ts';
import type { ColumnModel } from './model.ts';
import { Moment } from './moment.ts';
import { collationOf, decimalOf, numericOf, textOf, type Value } from './value.ts';

/**
 * The stored form that a column must have to equal a value; undefined when none can, such as 1.5 in an integer
 * column. NULL equals nothing, but is looked for by `IS NULL`: see `nulls`.
 */
export function lookupForm(column: ColumnModel, value: Value, nulls = false): string | Uint8Array | null | undefined {
  if (value === null || value === undefined) return nulls ? null : undefined;
  if (column.type === 'B') return value instanceof Uint8Array ? value : Buffer.from(textOf(value) ?? '', 'utf8');
  switch (column.dataType) {
    case 'date':
    case 'datetime':
    case 'timestamp':
    case 'time':
      return momentForm(column, value);
    case 'enum':
      return enumForm(column, value);
    case 'float':
    case 'double':
      return String(Number(numericOf(value)));
    default:
      return column.type === 'N' || isDecimal(column) ? numberForm(column, value) : (textOf(value) ?? undefined);
  }
}

function isDecimal(column: ColumnModel): boolean {
  return column.dataType === 'decimal' || column.dataType === 'numeric';
}

function numberForm(column: ColumnModel, value: Value): string | undefined {
  const decimal = decimalOf(value);
  const scale = isDecimal(column) ? (column.scale ?? 0) : 0;
  if (decimal === null) return undefined;
  const rounded = decimal.round(scale);
  if (rounded.compare(decimal) !== 0) return undefined;
  // A number out of the column's range, in a composed key, would have more digits than the key's order allows.
  if (column.unsigned === true && rounded.units < 0n) return undefined;
  return rounded.units < -(1n << 127n) || rounded.units > 1n << 127n ? undefined : rounded.toString();
}

function enumForm(column: ColumnModel, value: Value): string | undefined {
  const labels = column.labels ?? [];
  if (typeof value === 'bigint') return labels[Number(value) - 1];
  const wanted = foldText(textOf(value) ?? '', collationOf(column));
  return labels.find((label) => foldText(label, collationOf(column)) === wanted);
}

function momentForm(column: ColumnModel, value: Value): string | undefined {
  const digits = column.fractionalSeconds ?? 0;
  const text = textOf(value) ?? '';
  const moment =
    value instanceof Moment ? value : column.dataType === 'time' ? Moment.parseTime(text) : Moment.parse(text);
  if (moment === null) return undefined;
  if (column.dataType === 'time') return moment.round(digits).text;
  if (column.dataType === 'date') return moment.toMicroseconds() % 86_400_000_000n === 0n ? moment.date : undefined;
  const stored = moment.round(digits);
  if (stored.toMicroseconds() !== moment.toMicroseconds()) return undefined;
  return column.dataType === 'timestamp' ? `${stored.text.replace(' ', 'T')}Z` : stored.text;
}

/**
 * The first or last text that a range may reach in a composed sort key; undefined when the value is none of the
 * column's. Always wide enough: what is read is compared again.
 */
export function rangeForm(column: ColumnModel, value: Value, side: 'from' | 'to'): string | undefined {
  const stored = rangeStored(column, value, side);
  return typeof stored === 'string' ? encodeKeyPart(column, stored, false) : undefined;
}

/** As {@link rangeForm}, for sort keys that are the column itself. */
export function rangeStored(column: ColumnModel, value: Value, side: 'from' | 'to'): string | Uint8Array | undefined {
  const exact = lookupForm(column, value);
  if (exact !== undefined && exact !== null) return exact;
  if (column.type !== 'N' && column.dataType !== 'date') {
    const moment = value instanceof Moment ? value : Moment.parse(textOf(value) ?? '');
    if (moment === null) return undefined;
    const cut = moment.text.slice(0, 19) + (side === 'to' ? '.999999' : '');
    const digits = column.fractionalSeconds ?? 0;
    const text = new Moment('datetime', cut).text.slice(0, digits === 0 ? 19 : 20 + digits);
    return column.dataType === 'timestamp' ? `${text.replace(' ', 'T')}Z` : text;
  }
  const decimal = decimalOf(value);
  if (decimal === null || column.dataType === 'date') return undefined;
  const scale = isDecimal(column) ? (column.scale ?? 0) : 0;
  if (column.unsigned === true && decimal.units < 0n) return side === 'from' ? '0' : undefined;
  return decimal.round(scale).toString();
}
