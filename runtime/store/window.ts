import { compareForSort } from './compare.ts';
import { groupBy, type Order, sortBy } from './relation.ts';
import { SqlError } from './sql-error.ts';
import { numericOf, type Value } from './value.ts';

/** What stands in OVER. */
export interface Over<T> {
  readonly partitionBy?: (row: T) => readonly Value[];
  readonly orderBy?: readonly Order<T>[];
  /**
   * `ROWS BETWEEN`, by distance from the current row. Without it the frame is what MySQL takes: with an order all rows up
   * to the last one that is equal in it, without an order the whole partition.
   */
  readonly frame?: { readonly from: number | 'start'; readonly to: number | 'end' };
}

/** The rows of one partition in their order, with what a window function asks about them. */
export interface Partition<T> {
  readonly rows: readonly T[];
  /** For each row, the positions of the first and behind the last that are equal to it in the order. */
  readonly peers: readonly { readonly start: number; readonly end: number }[];
  /** The rows of the frame of the row at a position. */
  frame(position: number): readonly T[];
}

/** A value for each row of a partition. */
export type WindowFunction<T> = (partition: Partition<T>) => readonly Value[];

/** Adds to each row, under a name, what a window function gives for it. The rows come in the order of the window. */
export function window<T, Name extends string>(
  rows: readonly T[],
  name: Name,
  over: Over<T>,
  of: WindowFunction<T>,
): (T & { readonly [Key in Name]: Value })[] {
  const { partitionBy } = over;
  const partitions = partitionBy === undefined ? [{ key: [], rows }] : inOrder(groupBy(rows, partitionBy));
  return partitions.flatMap((partition) => {
    const sorted = sortBy(partition.rows, ...(over.orderBy ?? []));
    const values = of(partitionOf(sorted, over));
    return sorted.map((row, position) => ({ ...row, [name]: values[position] ?? null }) as T & Record<Name, Value>);
  });
}

function inOrder<T>(groups: readonly { readonly key: readonly Value[]; readonly rows: readonly T[] }[]) {
  return [...groups].sort((a, b) => {
    for (const [position, value] of a.key.entries()) {
      const order = compareForSort(value, b.key[position]);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function partitionOf<T>(rows: readonly T[], { orderBy = [], frame }: Over<T>): Partition<T> {
  const peers: { start: number; end: number }[] = [];
  for (let start = 0; start < rows.length;) {
    let end = start + 1;
    while (end < rows.length && same(rows[start] as T, rows[end] as T, orderBy)) end += 1;
    for (let position = start; position < end; position += 1) peers.push({ start, end });
    start = end;
  }
  return {
    rows,
    peers,
    frame(position) {
      if (frame === undefined) return rows.slice(0, peers[position]?.end ?? rows.length);
      const from = frame.from === 'start' ? 0 : Math.max(0, position + frame.from);
      const to = frame.to === 'end' ? rows.length : Math.max(0, position + frame.to + 1);
      return rows.slice(from, to);
    },
  };
}

function same<T>(a: T, b: T, orderBy: readonly Order<T>[]): boolean {
  return orderBy.every(({ by }) => compareForSort(by(a), by(b)) === 0);
}

/** `ROW_NUMBER()`; rows that are equal in the order are numbered as they came. */
export function rowNumber<T>(): WindowFunction<T> {
  return ({ rows }) => rows.map((_, position) => BigInt(position + 1));
}

/** `RANK()`: equals share a place, and the places after them stay empty. */
export function rank<T>(): WindowFunction<T> {
  return ({ peers }) => peers.map(({ start }) => BigInt(start + 1));
}

/** `DENSE_RANK()`: equals share a place, and the next one follows. */
export function denseRank<T>(): WindowFunction<T> {
  return ({ peers }) => {
    const starts = [...new Set(peers.map(({ start }) => start))];
    const places = new Map(starts.map((start, place) => [start, BigInt(place + 1)]));
    return peers.map(({ start }) => places.get(start) ?? null);
  };
}

/** `PERCENT_RANK()` */
export function percentRank<T>(): WindowFunction<T> {
  return ({ peers }) => peers.map(({ start }) => (peers.length > 1 ? start / (peers.length - 1) : 0));
}

/** `CUME_DIST()` */
export function cumeDist<T>(): WindowFunction<T> {
  return ({ peers }) => peers.map(({ end }) => end / peers.length);
}

/** `NTILE(n)`: so many parts as equal as they can be, the larger ones first. */
export function ntile<T>(parts: Value): WindowFunction<T> {
  const count = wholeNumber(parts, 'ntile', 1);
  return ({ rows }) => {
    const [size, larger] = [Math.floor(rows.length / count), rows.length % count];
    const inLarger = larger * (size + 1);
    return rows.map((_, position) =>
      position < inLarger
        ? BigInt(Math.floor(position / (size + 1)) + 1)
        : BigInt(larger + Math.floor((position - inLarger) / Math.max(1, size)) + 1),
    );
  };
}

/** `LAG(of, distance, otherwise)` */
export function lag<T>(of: (row: T) => Value, distance: Value = 1n, otherwise?: (row: T) => Value): WindowFunction<T> {
  return shifted(of, -wholeNumber(distance, 'lag', 0), otherwise);
}

/** `LEAD(of, distance, otherwise)` */
export function lead<T>(of: (row: T) => Value, distance: Value = 1n, otherwise?: (row: T) => Value): WindowFunction<T> {
  return shifted(of, wholeNumber(distance, 'lead', 0), otherwise);
}

function shifted<T>(of: (row: T) => Value, by: number, otherwise?: (row: T) => Value): WindowFunction<T> {
  return ({ rows }) =>
    rows.map((row, position) => {
      const other = rows[position + by];
      return other === undefined ? (otherwise?.(row) ?? null) : of(other);
    });
}

/** `FIRST_VALUE(of)` of the frame. */
export function firstValue<T>(of: (row: T) => Value): WindowFunction<T> {
  return nthValue(of, 1n);
}

/** `LAST_VALUE(of)` of the frame: without a frame of its own, the last of the rows equal in the order. */
export function lastValue<T>(of: (row: T) => Value): WindowFunction<T> {
  return inFrame((frame) => {
    const last = frame.at(-1);
    return last === undefined ? null : of(last);
  });
}

/** `NTH_VALUE(of, n)` of the frame, counted from 1. */
export function nthValue<T>(of: (row: T) => Value, n: Value): WindowFunction<T> {
  const position = wholeNumber(n, 'nth_value', 1) - 1;
  return inFrame((frame) => {
    const row = frame[position];
    return row === undefined ? null : of(row);
  });
}

/** An aggregate over the frame of each row. */
export function inFrame<T>(of: (frame: readonly T[]) => Value): WindowFunction<T> {
  return (partition) => partition.rows.map((_, position) => of(partition.frame(position)));
}

function wholeNumber(value: Value, name: string, least: number): number {
  const number = Number(numericOf(value));
  if (value !== null && value !== undefined && Number.isInteger(number) && number >= least) return number;
  throw new SqlError('ER_WRONG_ARGUMENTS', 1210, 'HY000', `Incorrect arguments to ${name}`);
}
