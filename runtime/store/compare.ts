import { compareText } from './collation.ts';
import { Moment } from './moment.ts';
import { decimalOf, numericOf, Text, textOf, type Truth, type Value } from './value.ts';

/** What text without a column is compared by: the connection's collation. */
const CONNECTION_COLLATION = 'utf8mb4_0900_ai_ci';

/** Order of two values by MySQL's rules of comparison (manual, "Type Conversion in Expression Evaluation"); null with NULL. */
export function compare(a: Value, b: Value): number | null {
  if (a === null || a === undefined || b === null || b === undefined) return null;
  if (a instanceof Moment || b instanceof Moment) {
    const [left, right] = [toMoment(a, b), toMoment(b, a)];
    if (left !== null && right !== null) return order(left.toMicroseconds(), right.toMicroseconds());
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    if (!isNumber(a) && !isNumber(b)) return Math.sign(Buffer.compare(toBytes(a), toBytes(b)));
  }
  if (isNumber(a) || isNumber(b)) return compareNumbers(a, b);
  return Math.sign(compareText(textOf(a) ?? '', textOf(b) ?? '', collationOfPair(a, b)));
}

function isNumber(value: Value): boolean {
  return !(typeof value === 'string' || value instanceof Text || value instanceof Moment) && numericOf(value) !== null
    ? !(value instanceof Uint8Array)
    : false;
}

function compareNumbers(a: Value, b: Value): number | null {
  if (typeof a === 'number' || typeof b === 'number') return order(Number(decimalOrNaN(a)), Number(decimalOrNaN(b)));
  const [left, right] = [decimalOf(a), decimalOf(b)];
  return left === null || right === null ? null : left.compare(right);
}

function decimalOrNaN(value: Value): number {
  const numeric = numericOf(value);
  return numeric === null ? Number.NaN : Number(numeric);
}

function toMoment(value: Value, other: Value): Moment | null {
  if (value instanceof Moment) return value;
  const text = textOf(value) ?? '';
  return other instanceof Moment && other.kind === 'time' ? Moment.parseTime(text) : Moment.parse(text);
}

function toBytes(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(textOf(value) ?? '', 'utf8');
}

/** The collation that two texts are compared by: that of a column, if there is one. */
export function collationOfPair(a: Value, b: Value): string {
  if (a instanceof Text) return a.collation;
  return b instanceof Text ? b.collation : CONNECTION_COLLATION;
}

function order<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of two values in ORDER BY: NULL first, ENUM and SET by position. */
export function compareForSort(a: Value, b: Value): number {
  const [noA, noB] = [a === null || a === undefined, b === null || b === undefined];
  if (noA || noB) return noA && noB ? 0 : noA ? -1 : 1;
  if (a instanceof Text && b instanceof Text && a.rank !== null && b.rank !== null) return order(a.rank, b.rank);
  return compare(a, b) ?? 0;
}

export function eq(a: Value, b: Value): Truth {
  const result = compare(a, b);
  return result === null ? null : result === 0;
}

export function ne(a: Value, b: Value): Truth {
  return not(eq(a, b));
}

export function lt(a: Value, b: Value): Truth {
  const result = compare(a, b);
  return result === null ? null : result < 0;
}

export function le(a: Value, b: Value): Truth {
  const result = compare(a, b);
  return result === null ? null : result <= 0;
}

export function gt(a: Value, b: Value): Truth {
  return lt(b, a);
}

export function ge(a: Value, b: Value): Truth {
  return le(b, a);
}

/** `<=>` */
export function sameOrBothNull(a: Value, b: Value): boolean {
  return eq(a, b) ?? (isNull(a) && isNull(b));
}

export function isNull(value: Value): boolean {
  return value === null || value === undefined;
}

export function between(value: Value, low: Value, high: Value): Truth {
  return and(ge(value, low), le(value, high));
}

/** `IN`: NULL when nothing matches and NULL was among the candidates. */
export function isIn(value: Value, candidates: readonly Value[]): Truth {
  return or(...candidates.map((candidate) => eq(value, candidate)));
}

/** `(a, b) IN (SELECT …)` */
export function isRowIn(row: readonly Value[], candidates: readonly (readonly Value[])[]): Truth {
  return or(...candidates.map((candidate) => and(...row.map((value, position) => eq(value, candidate[position])))));
}

/** The truth of a value: a number other than zero. */
export function truth(value: Value): Truth {
  if (typeof value === 'boolean') return value;
  const numeric = numericOf(value);
  return numeric === null ? null : Number(numeric) !== 0;
}

/** Whether a condition holds: neither false nor NULL. */
export function holds(condition: Value): boolean {
  return truth(condition) === true;
}

/** Whether a condition is false, and not NULL: `IS FALSE`. */
export function fails(condition: Value): boolean {
  return truth(condition) === false;
}

export function and(...conditions: readonly Value[]): Truth {
  const truths = conditions.map(truth);
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}

export function or(...conditions: readonly Value[]): Truth {
  const truths = conditions.map(truth);
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

export function xor(a: Value, b: Value): Truth {
  const [left, right] = [truth(a), truth(b)];
  return left === null || right === null ? null : left !== right;
}

export function not(condition: Value): Truth {
  const value = truth(condition);
  return value === null ? null : !value;
}
