import type { ColumnFacts } from '../../../core/analysis.ts';
import { quoted } from '../source.ts';

/**
 * SQL for the bytes that a value takes in DynamoDB, by docs/value-encoding.md: UTF-8 length of text, one byte and one
 * for two digits of a number, NULL nothing (the attribute is absent). Attribute names are not counted here: they
 * are the model's choice.
 */
export function valueBytes(column: ColumnFacts): string {
  const name = quoted(column.name);
  return `COALESCE(${lengthOf(column, name)}, 0)`;
}

function lengthOf(column: ColumnFacts, name: string): string {
  const fraction = column.datetimePrecision ?? 0;
  const fractionBytes = fraction === 0 ? 0 : fraction + 1;
  switch (column.dataType) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
    case 'decimal':
    case 'float':
    case 'double':
      return numberBytes(name);
    case 'bit':
      return numberBytes(`(${name} + 0)`);
    case 'date':
      return `IF(${name} IS NULL, NULL, 10)`;
    case 'datetime':
      return `IF(${name} IS NULL, NULL, ${19 + fractionBytes})`;
    case 'timestamp':
      return `IF(${name} IS NULL, NULL, ${20 + fractionBytes})`;
    case 'json':
      return `LENGTH(CAST(${name} AS CHAR))`;
    case 'time':
      return `LENGTH(CAST(${name} AS CHAR))`;
    default:
      return column.characterSet === null ? `LENGTH(${name})` : `LENGTH(CONVERT(${name} USING utf8mb4))`;
  }
}

/** Sign, point and padding zeros take no digit of their own; the sign takes a byte. */
function numberBytes(name: string): string {
  const digits = `TRIM(LEADING '0' FROM REPLACE(ABS(${name}), '.', ''))`;
  return `1 + CEIL(LENGTH(${digits}) / 2) + (${name} < 0)`;
}
