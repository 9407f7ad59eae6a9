import type { SourceColumn, SourceTable } from './source-tables.ts';

/** Quotes an identifier. */
export function name(identifier: string): string {
  return '`' + identifier.replaceAll('`', '``') + '`';
}

/** A text as a literal that no sql_mode and no character set of a session reads in another way. */
export function literal(text: string): string {
  return `CONVERT(X'${Buffer.from(text, 'utf8').toString('hex')}' USING utf8mb4)`;
}

/** A column's value as canonical text; `row` is `OLD`, `NEW` or a quoted alias. */
export function canonicalText({ column, form }: SourceColumn, row: string): string {
  const value = `${row}.${name(column)}`;
  if (form === 'hex') return `HEX(${value})`;
  return form === 'bits' ? `CAST(${value} + 0 AS CHAR)` : `CAST(${value} AS CHAR)`;
}

/** The key as a JSON array of canonical texts. */
export function rowKey(table: SourceTable, row: string): string {
  return `JSON_ARRAY(${table.key.map((column) => canonicalText(column, row)).join(', ')})`;
}

/** Values of the unique keys as a JSON object of canonical texts; NULL for tables without any. */
export function rowUniques(table: SourceTable, row: string): string {
  if (table.unique.length === 0) return 'NULL';
  const members = table.unique.map((column) => `${literal(column.column)}, ${canonicalText(column, row)}`);
  return `JSON_OBJECT(${members.join(', ')})`;
}

/** True in SQL when one of the columns differs between OLD and NEW, be it only in its bytes. */
export function changed(columns: readonly string[]): string {
  // A key that only changes its letter case is another item, so collations must have no say.
  return columns
    .map((column) => `NOT (CAST(NEW.${name(column)} AS BINARY) <=> CAST(OLD.${name(column)} AS BINARY))`)
    .join(' OR ');
}
