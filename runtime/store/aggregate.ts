import { add, divide } from './arithmetic.ts';
import { compareForSort, isNull } from './compare.ts';
import { Decimal } from './decimal.ts';
import { identity } from './relation.ts';
import { numericOf, textOf, type Value } from './value.ts';

type Of<T> = (row: T) => Value;

function present<T>(rows: readonly T[], of: Of<T>, distinct: boolean): Value[] {
  const values = rows.map(of).filter((value) => !isNull(value));
  return distinct ? [...new Map(values.map((value) => [identity(value), value])).values()] : values;
}

/** `COUNT(*)`, or `COUNT(x)`: the rows where x is not NULL. */
export function count<T>(rows: readonly T[], of?: Of<T>, distinct = false): bigint {
  return BigInt(of === undefined ? rows.length : present(rows, of, distinct).length);
}

/** `COUNT(DISTINCT a, b)`: combinations in which nothing is NULL. */
export function countDistinct<T>(rows: readonly T[], of: (row: T) => readonly Value[]): bigint {
  const whole = rows.map(of).filter((values) => !values.some(isNull));
  return BigInt(new Set(whole.map((values) => JSON.stringify(values.map(identity)))).size);
}

/** `SUM`: exact for exact numbers, NULL of nothing. */
export function sum<T>(rows: readonly T[], of: Of<T>, distinct = false): Value {
  const values = present(rows, of, distinct).map(exact);
  return values.length === 0 ? null : values.reduce(add);
}

/** `AVG`: four digits more than its values have. */
export function avg<T>(rows: readonly T[], of: Of<T>, distinct = false): Value {
  const values = present(rows, of, distinct).map(exact);
  return values.length === 0 ? null : divide(values.reduce(add), BigInt(values.length));
}

/** Sums of integers are DECIMAL in MySQL; doubles stay doubles. */
function exact(value: Value): Value {
  const numeric = numericOf(value);
  return typeof numeric === 'bigint' ? Decimal.of(numeric) : numeric;
}

export function min<T>(rows: readonly T[], of: Of<T>): Value {
  return present(rows, of, false).reduce<Value>((best, value) => (isNull(best) || compareForSort(value, best) < 0 ? value : best), null); // prettier-ignore
}

export function max<T>(rows: readonly T[], of: Of<T>): Value {
  return present(rows, of, false).reduce<Value>((best, value) => (isNull(best) || compareForSort(value, best) > 0 ? value : best), null); // prettier-ignore
}

/** `GROUP_CONCAT`, of rows in the order in which they are given. */
export function groupConcat<T>(rows: readonly T[], of: Of<T>, separator = ',', distinct = false): Value {
  const values = present(rows, of, distinct).map(textOf);
  return values.length === 0 ? null : cut(values.join(separator));
}

/** MySQL's `group_concat_max_len` by default, in bytes. */
const LONGEST = 1024;

/** Cut where MySQL cuts it: behind the last whole character. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST) return text;
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST) break;
    kept += character;
  }
  return kept;
}
