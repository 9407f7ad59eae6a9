import { compareForSort } from './compare.ts';
import { SqlError } from './sql-error.ts';
import { decimalOf, Json, numericOf, type Row, Text, type Value } from './value.ts';
import { Moment } from './moment.ts';
import { foldText } from './collation.ts';

/** Rows of an inner join: each with each of its matches. */
export function innerJoin<Left, Joined>(
  rows: readonly Left[],
  matches: readonly (readonly Row[])[],
  join: (row: Left, match: Row) => Joined,
): Joined[] {
  return rows.flatMap((row, position) => (matches[position] ?? []).map((match) => join(row, match)));
}

/** Rows of a left join: a row without a match that fits stays, with NULLs. */
export function leftJoin<Left, Joined>(
  rows: readonly Left[],
  matches: readonly (readonly Row[])[],
  join: (row: Left, match: Row) => Joined,
  fits: (joined: Joined) => boolean = () => true,
): Joined[] {
  return rows.flatMap((row, position) => {
    const joined = (matches[position] ?? []).map((match) => join(row, match)).filter(fits);
    return joined.length > 0 ? joined : [join(row, {})];
  });
}

/** One step of ORDER BY. */
export interface Order<T> {
  readonly by: (row: T) => Value;
  readonly descending: boolean;
}

export function asc<T>(by: (row: T) => Value): Order<T> {
  return { by, descending: false };
}

export function desc<T>(by: (row: T) => Value): Order<T> {
  return { by, descending: true };
}

/** ORDER BY. Rows that are equal in all of it keep the order in which they came. */
export function sortBy<T>(rows: readonly T[], ...orders: readonly Order<T>[]): T[] {
  return [...rows].sort((a, b) => {
    for (const { by, descending } of orders) {
      const order = compareForSort(by(a), by(b));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

/** `LIMIT count OFFSET start`. */
export function page<T>(rows: readonly T[], count: Value, start: Value = 0n): T[] {
  const from = Number(numericOf(start) ?? 0);
  return rows.slice(from, from + Number(numericOf(count) ?? 0));
}

/** How many rows a page needs to be read, from the first. */
export function reach(count: Value, start: Value = 0n): number {
  return Number(numericOf(count) ?? 0) + Number(numericOf(start) ?? 0);
}

/** Rows that share the values of GROUP BY, in the order in which the first of each came. */
export interface Group<T> {
  readonly key: readonly Value[];
  readonly rows: readonly T[];
}

export function groupBy<T>(rows: readonly T[], key: (row: T) => readonly Value[]): Group<T>[] {
  const groups = new Map<string, { key: readonly Value[]; rows: T[] }>();
  for (const row of rows) {
    const values = key(row);
    const id = JSON.stringify(values.map(identity));
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { key: values, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()];
}

/** All rows as the one group of a statement that aggregates without GROUP BY. */
export function wholeGroup<T>(rows: readonly T[]): Group<T>[] {
  return [{ key: [], rows }];
}

/** DISTINCT: the first row of each set of equal ones. */
export function distinct<T>(rows: readonly T[], key: (row: T) => readonly Value[]): T[] {
  return groupBy(rows, key).flatMap((group) => group.rows.slice(0, 1));
}

/** Text that is the same for two values exactly when GROUP BY holds them equal. */
export function identity(value: Value): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Text) return `t${foldText(value.text, value.collation)}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'string') return `t${foldText(value, 'utf8mb4_0900_ai_ci')}`;
  // Numbers are equal whatever digits they are written with.
  if (value instanceof Moment || value instanceof Json) return `v${value.text}`;
  const number = typeof value === 'number' ? null : decimalOf(value);
  return `v${
    number === null
      ? String(value)
      : number
          .toString()
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
  }`;
}

/** The value of a scalar subquery: NULL for none, an error for several. */
export function only(values: readonly Value[]): Value {
  if (values.length > 1) throw new SqlError('ER_SUBQUERY_NO_1_ROW', 1242, '21000', 'Subquery returns more than 1 row');
  return values[0] ?? null;
}
