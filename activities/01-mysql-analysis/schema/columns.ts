import type { ColumnFacts, ServerFacts } from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import { isAtLeast } from './server.ts';
import { nullable, number, text } from './row.ts';

/** One row of information_schema.COLUMNS as facts; evens out what MySQL and MariaDB write differently. */
export function columnFacts(row: Row, server: ServerFacts): ColumnFacts {
  const extra = text(row, 'extra').toUpperCase();
  const columnType = text(row, 'column_type');
  const dataType = text(row, 'data_type').toLowerCase();
  const generation = text(row, 'generation_expression');
  const fallback = defaultOf(row, server);
  const spatial = number(row, 'srs_id');
  return {
    name: text(row, 'column_name'),
    position: Number(row['ordinal_position']),
    dataType,
    columnType,
    nullable: text(row, 'is_nullable') === 'YES',
    default: fallback,
    ...(fallback !== null && isExpression(fallback, extra, dataType, server) ? { defaultIsExpression: true } : {}),
    onUpdateCurrentTimestamp: /\bON UPDATE CURRENT_TIMESTAMP/.test(extra),
    autoIncrement: extra.includes('AUTO_INCREMENT'),
    ...(generation === '' ? {} : { generated: { expression: generation, stored: /STORED|PERSISTENT/.test(extra) } }),
    characterSet: nullable(row, 'character_set_name'),
    collation: nullable(row, 'collation_name'),
    maxLength: number(row, 'character_maximum_length'),
    precision: number(row, 'numeric_precision'),
    scale: number(row, 'numeric_scale'),
    datetimePrecision: number(row, 'datetime_precision'),
    comment: text(row, 'column_comment'),
    ...(/\bINVISIBLE\b/.test(extra) ? { invisible: true } : {}),
    ...(spatial === null ? {} : { spatialReference: spatial }),
    ...(dataType === 'enum' || dataType === 'set' ? { labels: labelsOf(columnType) } : {}),
  };
}

/** Labels of `enum('a','it''s')`, unescaped. */
export function labelsOf(columnType: string): string[] {
  return [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}

/** MariaDB since 10.2.7 writes literals quoted and NULL as a word; MySQL writes the bare value. */
function defaultOf(row: Row, server: ServerFacts): string | null {
  const value = row['column_default'];
  if (value === null || value === undefined) return null;
  const written = String(value);
  if (server.flavour !== 'mariadb' || !isAtLeast(server, 10, 2, 7)) return written;
  if (written === 'NULL') return null;
  const literal = /^'((?:[^'\\]|''|\\[\s\S])*)'$/.exec(written);
  return literal === null ? written : (literal[1] ?? '').replaceAll("''", "'").replace(/\\([\s\S])/g, '$1');
}

function isExpression(fallback: string, extra: string, dataType: string, server: ServerFacts): boolean {
  if (extra.includes('DEFAULT_GENERATED')) return true;
  if (/^(?:datetime|timestamp)$/.test(dataType)) return /^current_timestamp/i.test(fallback);
  return server.flavour === 'mariadb' && /\(.*\)$/.test(fallback);
}
