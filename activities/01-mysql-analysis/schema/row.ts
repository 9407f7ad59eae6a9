import type { Row } from '../source.ts';

/** The column as text; empty when it is NULL or the server does not have it. */
export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined ? '' : String(value);
}

/** The column as text, or null where it is NULL, empty or missing. */
export function nullable(row: Row, column: string): string | null {
  const value = text(row, column);
  return value === '' ? null : value;
}

/** The column as a number; null when it is NULL or missing. Servers give counts as numbers or as text. */
export function number(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || value === undefined ? null : Number(value);
}

/** A property of facts, left out where the server says nothing. */
export function optional<K extends string>(key: K, value: string): { readonly [P in K]?: string } {
  return (value === '' ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

/** Rows by the value of a column, in the order of their first appearance. */
export function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = text(row, column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** By code unit, so that no locale of server or worker changes the order of an artifact. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows in the order of a numeric column, whatever order they came in. */
export function inOrderOf(rows: readonly Row[], column: string): Row[] {
  return rows.toSorted((a, b) => (number(a, column) ?? 0) - (number(b, column) ?? 0));
}
