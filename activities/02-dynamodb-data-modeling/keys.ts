import { attributeType, needsFold, sourceType, valueFamily } from '../../contract/attribute-type.ts';
import type { ColumnFacts } from '../../core/analysis.ts';

/** A key attribute with the template that gives its value. */
export interface KeyDesign {
  readonly attribute: string;
  readonly type: 'S' | 'N' | 'B';
  readonly template: string;
  /** Columns of the template, in order. */
  readonly columns: readonly string[];
}

/** Bytes that key values may have (DynamoDB Developer Guide, "Quotas": partition key 2,048, sort key 1,024). */
export const PARTITION_KEY_BYTES = 2048;
export const SORT_KEY_BYTES = 1024;

/** Whether a column's values may be part of a key at all (`docs/value-encoding.md`, last table). */
export function isKeyable(column: ColumnFacts): boolean {
  const family = valueFamily(column.dataType);
  if (family === 'float' || family === 'json' || family === 'spatial' || family === null) return false;
  return keyBytes(column) <= PARTITION_KEY_BYTES;
}

/** The most bytes that a column's value can take in a composed key; UTF-8 has up to four bytes a character. */
export function keyBytes(column: ColumnFacts): number {
  switch (valueFamily(column.dataType)) {
    case 'integer':
      return 20;
    case 'decimal':
      return (column.precision ?? 10) + 1;
    case 'temporal':
      return 32;
    case 'text':
      if (column.labels) return 4 * column.labels.join(',').length;
      return 4 * (column.maxLength ?? 65535);
    case 'binary':
      return 2 * (column.maxLength ?? 65535);
    default:
      return Infinity;
  }
}

/** Whether the byte order of a column's encoded values is MySQL's order of the values, so that a key can sort by it. */
export function sortsAsMysql(column: ColumnFacts): boolean {
  if (column.nullable) return false; // NULL is `~`, after all others; MySQL has it first.
  const family = valueFamily(column.dataType);
  // TIME may be negative; text and labels sort by collation and by label number, not by bytes.
  return (
    family === 'integer' || family === 'decimal' || (family === 'temporal' && column.dataType.toLowerCase() !== 'time')
  );
}

/** `{column}` or `{column:fold}`, as the column compares. */
export function placeholder(column: ColumnFacts): string {
  return needsFold(sourceType(column)) ? `{${column.name}:fold}` : `{${column.name}}`;
}

/**
 * The key of one or several columns. One column of numbers or times keeps its own type
 * (where it can't be NULL, when rows with NULL have to be found). Everything else becomes a string; of a single column
 * it begins with the column's name, so that an empty value is never an empty key, which DynamoDB refuses.
 */
export function keyOf(
  columns: readonly ColumnFacts[],
  composedName: string,
  options: { readonly attributeOf: (column: string) => string; readonly nullsMatter?: boolean },
): KeyDesign {
  const only = columns.length === 1 ? columns[0] : undefined;
  if (only && isNative(only, options.nullsMatter ?? false)) {
    const type = attributeType(sourceType(only)) ?? 'S';
    return { attribute: options.attributeOf(only.name), type, template: `{${only.name}}`, columns: [only.name] };
  }
  const body = columns.map(placeholder).join('#');
  const prefix = only ? `${only.name.replace(/[{}#]/g, '_')}#` : '';
  return { attribute: composedName, type: 'S', template: prefix + body, columns: columns.map(({ name }) => name) };
}

function isNative(column: ColumnFacts, nullsMatter: boolean): boolean {
  if (column.nullable && nullsMatter) return false;
  const family = valueFamily(column.dataType);
  return family === 'integer' || family === 'temporal' || (family === 'decimal' && (column.precision ?? 10) <= 38);
}
