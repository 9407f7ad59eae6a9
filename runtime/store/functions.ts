import { collationRules, foldText } from './collation.ts';
import { collationOfPair, compare, holds, isNull } from './compare.ts';
import { Decimal } from './decimal.ts';
import { Moment } from './moment.ts';
import { numericOf, Text, textOf, type Truth, type Value } from './value.ts';

/** Text that keeps the collation of where it came from. */
function like(sources: readonly Value[], text: string): Value {
  const source = sources.find((value) => value instanceof Text);
  return source instanceof Text ? new Text(text, source.collation) : text;
}

export function concat(...values: readonly Value[]): Value {
  const texts = values.map(textOf);
  return texts.includes(null) ? null : like(values, texts.join(''));
}

/** `CONCAT_WS`: NULLs are left out. */
export function concatWith(separator: Value, ...values: readonly Value[]): Value {
  const joint = textOf(separator);
  return joint === null
    ? null
    : like(
        values,
        values
          .map(textOf)
          .filter((text) => text !== null)
          .join(joint),
      );
}

export function lower(value: Value): Value {
  return mapText(value, (text) => [...text].map((letter) => oneLetter(letter, letter.toLowerCase())).join(''));
}

export function upper(value: Value): Value {
  return mapText(value, (text) => [...text].map((letter) => oneLetter(letter, letter.toUpperCase())).join(''));
}

/** MySQL changes letters one by one: what would become several (`ß`) stays. */
function oneLetter(letter: string, changed: string): string {
  return [...changed].length === 1 ? changed : letter;
}

export function trim(value: Value): Value {
  return mapText(value, (text) => text.replace(/^ +| +$/g, ''));
}

export function replaceAll(value: Value, from: Value, to: Value): Value {
  const [search, by] = [textOf(from), textOf(to)];
  if (search === null || by === null) return null;
  return mapText(value, (text) => (search === '' ? text : text.split(search).join(by)));
}

/** `SUBSTRING(text, start[, length])`: positions count from 1, negative ones from the end. */
export function substring(value: Value, start: Value, length?: Value): Value {
  const [from, count] = [numericOf(start), numericOf(length)];
  if (from === null || (length !== undefined && count === null)) return null;
  return mapText(value, (text) => {
    const letters = [...text];
    const first = Number(from) > 0 ? Number(from) - 1 : letters.length + Number(from);
    if (Number(from) === 0 || first < 0) return '';
    return letters.slice(first, count === null ? undefined : first + Math.max(0, Number(count))).join('');
  });
}

export function left(value: Value, count: Value): Value {
  return substring(value, 1n, count);
}

function mapText(value: Value, change: (text: string) => string): Value {
  const text = textOf(value);
  return text === null ? null : like([value], change(text));
}

export function charLength(value: Value): Value {
  const text = textOf(value);
  return text === null ? null : BigInt([...text].length);
}

export function byteLength(value: Value): Value {
  if (value instanceof Uint8Array) return BigInt(value.length);
  const text = textOf(value);
  return text === null ? null : BigInt(Buffer.byteLength(text));
}

/** `LIKE`, letter by letter under the collation; `\` escapes. */
export function isLike(value: Value, pattern: Value): Truth {
  const [text, wanted] = [textOf(value), textOf(pattern)];
  if (text === null || wanted === null) return null;
  const collation = value instanceof Uint8Array ? 'binary' : collationOfPair(value, pattern);
  // Trailing spaces count in LIKE, whatever the collation pads in comparisons.
  const rules = collationRules(collation);
  const fold = (letter: string): string => (rules.binary || letter === ' ' ? letter : foldText(letter, collation));
  const source = [...wanted.matchAll(/\\(.)|([\s\S])/gu)].map(([, escaped, letter = '']) => {
    if (escaped !== undefined) return literal(fold(escaped));
    return letter === '%' ? '[\\s\\S]*' : letter === '_' ? '[\\s\\S]' : literal(fold(letter));
  });
  return new RegExp(`^${source.join('')}$`, 'u').test([...text].map(fold).join(''));
}

function literal(letter: string): string {
  return letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

export function coalesce(...values: readonly Value[]): Value {
  return values.find((value) => !isNull(value)) ?? null;
}

export function nullIf(a: Value, b: Value): Value {
  return compare(a, b) === 0 ? null : a;
}

export function choose(condition: Value, yes: Value, no: Value): Value {
  return holds(condition) ? yes : no;
}

export function greatest(...values: readonly Value[]): Value {
  return values.some(isNull) ? null : values.reduce((best, value) => ((compare(value, best) ?? 0) > 0 ? value : best));
}

export function least(...values: readonly Value[]): Value {
  return values.some(isNull) ? null : values.reduce((best, value) => ((compare(value, best) ?? 0) < 0 ? value : best));
}

/** A value as a moment, where a function wants one; null for what is none. */
export function momentOf(value: Value): Moment | null {
  if (value instanceof Moment) return value;
  const text = textOf(value);
  return text === null ? null : Moment.parse(text);
}

/** `DATE(x)` */
export function dateOf(value: Value): Value {
  const moment = momentOf(value);
  return moment === null ? null : new Moment('date', moment.date);
}

export function datePart(part: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', value: Value): Value {
  const moment = momentOf(value);
  if (moment === null) return null;
  if (moment.kind === 'time') return timePart(part, moment);
  const [from, to] = { year: [0, 4], month: [5, 7], day: [8, 10], hour: [11, 13], minute: [14, 16], second: [17, 19] }[part] as [number, number]; // prettier-ignore
  return BigInt(moment.text.slice(from, to) || '0');
}

/** A part of a TIME, which may have more than 24 hours; MySQL's days of it are today's, which nothing here asks for. */
function timePart(part: string, moment: Moment): Value {
  const position = ['hour', 'minute', 'second'].indexOf(part);
  if (position < 0) throw new RangeError(`A TIME has no ${part}.`);
  const parts = moment.text.replace('-', '').split('.')[0]?.split(':') ?? [];
  return BigInt(parts[position] ?? '0');
}

const MICROSECONDS: Readonly<Record<string, bigint>> = {
  microsecond: 1n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: 86_400_000_000n,
  week: 604_800_000_000n,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/** `DATE_ADD(value, INTERVAL amount unit)`; subtract by a negative amount. */
export function addInterval(value: Value, amount: Value, unit: string): Value {
  const [moment, count] = [momentOf(value), numericOf(amount)];
  if (moment === null || count === null) return null;
  const months = MONTHS[unit];
  if (months !== undefined) return addMonths(moment, Math.round(Number(count)) * months);
  const step = MICROSECONDS[unit];
  if (step === undefined) throw new RangeError(`Unknown unit ${unit}.`);
  const micros = typeof count === 'bigint' ? count * step : BigInt(Math.round(Number(count) * Number(step)));
  const keepsDate = moment.kind === 'date' && (unit === 'day' || unit === 'week');
  const digits = unit === 'microsecond' || micros % 1_000_000n !== 0n ? 6 : moment.fraction.length;
  const sum = Moment.fromMicroseconds(moment.toMicroseconds() + micros, digits);
  return keepsDate ? new Moment('date', sum.date) : sum;
}

function addMonths(moment: Moment, months: number): Moment {
  const [year = 0, month = 0, day = 0] = moment.date.split('-').map(Number);
  const total = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(total / 12), total % 12];
  const last = new Date(Date.UTC(newYear, newMonth + 1, 0)).getUTCDate();
  const parts = [String(newYear).padStart(4, '0'), newMonth + 1, Math.min(day, last)];
  const date = parts.map((part) => String(part).padStart(2, '0')).join('-');
  return new Moment(moment.kind, date + moment.text.slice(10));
}

/** `DATEDIFF(a, b)`: days between the dates. */
export function dateDifference(a: Value, b: Value): Value {
  const [first, second] = [momentOf(a), momentOf(b)];
  return first === null || second === null ? null : first.toDays() - second.toDays();
}

/** `UNIX_TIMESTAMP(x)` */
export function unixTimestamp(value: Value): Value {
  const moment = momentOf(value);
  if (moment === null) return null;
  const micros = moment.toMicroseconds();
  return moment.fraction === '' ? micros / 1_000_000n : new Decimal(micros, 6).round(moment.fraction.length);
}
