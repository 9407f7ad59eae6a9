import type { SourceType } from '../../contract/types.ts';
import { identifier } from '../mysql.ts';

/** A primary key column with its type; the order of an array of these is the key's order. */
export interface KeyColumn {
  readonly name: string;
  readonly type: SourceType;
}

/** A value as canonical text, or bytes; what a checkpoint can hold as JSON is made by {@link keyToJson}. */
export type KeyValue = string | Buffer;

/**
 * Keyset paging: the next `limit` rows after `after` in key order. Never OFFSET, so that page N costs as much as page 1.
 * `columns` are SQL expressions, already quoted.
 */
export function pageQuery(options: {
  readonly from: string;
  readonly columns: readonly string[];
  readonly key: readonly KeyColumn[];
  readonly after?: readonly KeyValue[];
  readonly limit: number;
}): { sql: string; values: KeyValue[] } {
  const { key, after } = options;
  const values: KeyValue[] = [];
  let where = '';
  if (after !== undefined) {
    // (a > ?) OR (a = ? AND b > ?): row constructors are not always used for ranges by the optimizer.
    const alternatives = key.map((column, depth) => {
      const terms = key.slice(0, depth).map((earlier, position) => {
        values.push(valueAt(after, position));
        return `${identifier(earlier.name)} = ${placeholder(earlier.type)}`;
      });
      values.push(valueAt(after, depth));
      return [...terms, `${identifier(column.name)} > ${placeholder(column.type)}`].join(' AND ');
    });
    where = ` WHERE (${alternatives.join(') OR (')})`;
  }
  const order = key.map((column) => identifier(column.name)).join(', ');
  const sql = `SELECT ${options.columns.join(', ')} FROM ${options.from}${where} ORDER BY ${order} LIMIT ${options.limit}`;
  return { sql, values };
}

/**
 * How a key value given as text is compared: without the cast MySQL compares an integer column with text as
 * doubles, and neighbours above 2^53 become equal.
 */
export function placeholder(type: SourceType): string {
  switch (type.data_type) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
    case 'bit':
      return type.unsigned || type.data_type === 'bit' ? 'CAST(? AS UNSIGNED)' : 'CAST(? AS SIGNED)';
    case 'decimal':
      return `CAST(? AS DECIMAL(${type.precision ?? 65}, ${type.scale ?? 0}))`;
    default:
      return '?';
  }
}

/** Key values as JSON for a checkpoint; bytes as `{ "hex": … }`. */
export function keyToJson(key: readonly KeyValue[]): (string | { hex: string })[] {
  return key.map((value) => (typeof value === 'string' ? value : { hex: value.toString('hex') }));
}

export function keyFromJson(key: readonly (string | { hex: string })[]): KeyValue[] {
  return key.map((value) => (typeof value === 'string' ? value : Buffer.from(value.hex, 'hex')));
}

function valueAt(values: readonly KeyValue[], position: number): KeyValue {
  const value = values[position];
  if (value === undefined)
    throw new RangeError(`The page key has ${values.length} parts; part ${position} is missing.`);
  return value;
}
