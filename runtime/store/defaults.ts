import { assign, type Target } from './assign.ts';
import type { ColumnModel } from './model.ts';
import { Moment } from './moment.ts';
import { noDefault } from './sql-error.ts';

/** The stored form of a column that an INSERT leaves out. */
export function defaultValue(column: ColumnModel, now: Date, target: Target): string | Uint8Array | null {
  const text = column.default;
  if (text === undefined) {
    if (column.nullable) return null;
    if (column.dataType === 'enum') return column.labels?.[0] ?? '';
    throw noDefault(target.column);
  }
  if (isNow(text)) return currentTimestamp(column, now, target);
  const bits = /^b'([01]+)'$/.exec(text);
  return assign(column, bits === null ? text : BigInt(`0b${bits[1] ?? '0'}`), target);
}

/** What `DEFAULT CURRENT_TIMESTAMP` and `ON UPDATE CURRENT_TIMESTAMP` store: cut off to the column's digits. */
export function currentTimestamp(column: ColumnModel, now: Date, target: Target): string | Uint8Array | null {
  return assign(column, Moment.fromDate(now, column.fractionalSeconds ?? 0), target);
}

function isNow(text: string): boolean {
  return /^(current_timestamp|now)\b/i.test(text);
}
