import type { ColumnFacts } from '../core/analysis.ts';
import type { SourceType } from './types.ts';

/** Digits that a DynamoDB number holds exactly (Developer Guide, "Supported data types": up to 38 digits). */
export const NUMBER_DIGITS = 38;

const INTEGERS = new Set([
  'tinyint',
  'smallint',
  'mediumint',
  'int',
  'integer',
  'bigint',
  'year',
  'bit',
  'bool',
  'boolean',
]);
const FLOATS = new Set(['float', 'double', 'real']);
const TEMPORAL = new Set(['date', 'datetime', 'timestamp', 'time']);
const TEXT = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set', 'json']);
const UUID_LIKE = new Set(['uuid', 'inet4', 'inet6']);
const BINARY = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);
const SPATIAL = new Set([
  ...['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon'],
  ...['geometrycollection', 'geomcollection'],
]);

export type ValueFamily = 'integer' | 'decimal' | 'float' | 'temporal' | 'text' | 'json' | 'binary' | 'spatial';

/** The family of a MySQL type as `docs/value-encoding.md` groups them; null for a type that has no encoding. */
export function valueFamily(dataType: string): ValueFamily | null {
  const type = dataType.toLowerCase();
  if (INTEGERS.has(type)) return 'integer';
  if (type === 'decimal' || type === 'numeric') return 'decimal';
  if (FLOATS.has(type)) return 'float';
  if (TEMPORAL.has(type)) return 'temporal';
  if (type === 'json') return 'json';
  if (TEXT.has(type) || UUID_LIKE.has(type)) return 'text';
  if (BINARY.has(type)) return 'binary';
  if (SPATIAL.has(type)) return 'spatial';
  return null;
}

/** The attribute type of a column's values, by the table of `docs/value-encoding.md`; null where there is none. */
export function attributeType(type: Pick<SourceType, 'data_type' | 'precision'>): 'S' | 'N' | 'B' | null {
  switch (valueFamily(type.data_type)) {
    case 'integer':
    case 'float':
      return 'N';
    case 'decimal':
      return (type.precision ?? 10) > NUMBER_DIGITS ? 'S' : 'N';
    case 'temporal':
    case 'text':
    case 'json':
      return 'S';
    case 'binary':
    case 'spatial':
      return 'B';
    case null:
      return null;
  }
}

/** Whether text of this type is compared by something other than its bytes, so that its keys need `:fold`. */
export function needsFold(type: Pick<SourceType, 'data_type' | 'collation'>): boolean {
  return valueFamily(type.data_type) === 'text' && type.collation !== null && !isByteCollation(type.collation);
}

/** Collations that compare byte by byte and don't pad: `binary`, and the `0900_bin` of utf8mb4 (MySQL 8, "PAD_ATTRIBUTE"). */
function isByteCollation(collation: string): boolean {
  return collation === 'binary' || collation === 'utf8mb4_0900_bin';
}

/** The contract's description of a column's type, from what stage 1 read. */
export function sourceType(column: ColumnFacts): SourceType {
  return {
    data_type: column.dataType.toLowerCase(),
    unsigned: /\bunsigned\b/i.test(column.columnType),
    nullable: column.nullable,
    precision: column.precision,
    scale: column.scale,
    length: column.maxLength,
    fractional_seconds: column.datetimePrecision,
    collation: column.collation,
    ...(column.labels ? { labels: column.labels } : {}),
    auto_increment: column.autoIncrement,
    default: column.default,
    on_update_current_timestamp: column.onUpdateCurrentTimestamp,
  };
}
