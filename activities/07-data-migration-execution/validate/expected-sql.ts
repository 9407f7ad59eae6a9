import type { ContractEntity, ContractTable, SourceType } from '../../../contract/types.ts';
import { identifier } from '../../mysql.ts';

/**
 * The verifier's own implementation of docs/value-encoding.md: MySQL itself is asked for each value's canonical text.
 * It shares no code with the loader, so that a fault of the loader's encoding is found instead of repeated.
 */
export interface ExpectedColumn {
  /** Attribute of the item. */
  readonly attribute: string;
  readonly type: 'S' | 'N' | 'B';
  /** SQL that gives the text (S, N), or hex (B), or NULL where the attribute must be absent. */
  readonly sql: string;
  /** FLOAT: the SQL gives the exact double, of which the shortest single-precision text is expected. */
  readonly single?: boolean;
  /** `fold`: the SQL gives the unfolded text, and the caller folds it by the named collation. */
  readonly fold?: { readonly parts: readonly FoldPart[] };
}

/** A template with folded placeholders can't be computed in SQL: its parts come as separate columns. */
export type FoldPart = { readonly literal: string } | { readonly sql: string; readonly fold: string | undefined };

/** What each item of the entity must hold: attributes, then the table's keys, then the keys of its indexes. */
export function expectedColumns(table: ContractTable, entity: ContractEntity): ExpectedColumn[] {
  const columns = new Map<string, ExpectedColumn>();
  for (const attribute of entity.attributes) {
    const column = attribute.source_column as string;
    columns.set(attribute.name, {
      attribute: attribute.name,
      type: attribute.type as 'S' | 'N' | 'B',
      sql: valueSql(identifier(column), attribute.source_type, attribute.type),
      ...(attribute.source_type.data_type === 'float' ? { single: true } : {}),
    });
  }
  const add = (attribute: string, type: 'S' | 'N' | 'B', template: string): void => {
    columns.set(attribute, templateColumn(attribute, type, template, entity));
  };
  add(table.pk.name, table.pk.type, entity.pk_template);
  if (table.sk !== null && entity.sk_template !== null) add(table.sk.name, table.sk.type, entity.sk_template);
  for (const index of table.gsis) {
    const templates = entity.index_templates[index.index_name];
    if (templates === undefined) continue;
    add(index.pk.name, index.pk.type, templates.pk);
    if (index.sk !== null && templates.sk !== null) add(index.sk.name, index.sk.type, templates.sk);
  }
  return [...columns.values()];
}

/** The guard keys that the entity's rows must have; a row with NULL in one of the columns has none. */
export function expectedGuards(entity: ContractEntity): { column: ExpectedColumn; absentIfNull: string }[] {
  return entity.uniques.map((unique) => ({
    column: templateColumn('guard', 'S', unique.guard_template, entity),
    absentIfNull: unique.columns.map((column) => `${identifier(column)} IS NULL`).join(' OR '),
  }));
}

/** Canonical text of a value, by docs/value-encoding.md. */
export function valueSql(column: string, type: SourceType, attribute: string): string {
  if (attribute === 'B') return `HEX(${column})`;
  switch (type.data_type) {
    case 'timestamp':
      return `CONCAT(REPLACE(CAST(${column} AS CHAR), ' ', 'T'), 'Z')`;
    case 'bit':
      return `CAST(${column} + 0 AS CHAR)`;
    case 'float':
      return `CAST(CAST(${column} AS DOUBLE) AS CHAR)`;
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return column;
    default:
      return `CAST(${column} AS CHAR)`;
  }
}

function templateColumn(
  attribute: string,
  type: 'S' | 'N' | 'B',
  template: string,
  entity: ContractEntity,
): ExpectedColumn {
  const pieces = template.split(/(\{[^{}]*\})/).filter((piece) => piece !== '');
  const only = pieces.length === 1 ? placeholderOf(pieces[0] as string) : undefined;
  if (only !== undefined && !only.fold) {
    const source = sourceOf(entity, only.column);
    return { attribute, type, sql: valueSql(identifier(only.column), source.type, source.attribute) };
  }
  const parts: FoldPart[] = pieces.map((piece) => {
    const placeholder = placeholderOf(piece);
    if (placeholder === undefined) return { literal: piece };
    const { type: sourceType, attribute: attributeType } = sourceOf(entity, placeholder.column);
    const column = identifier(placeholder.column);
    return placeholder.fold
      ? { sql: valueSql(column, sourceType, attributeType), fold: sourceType.collation ?? 'binary' }
      : { sql: orderedSql(column, sourceType, attributeType), fold: undefined };
  });
  if (parts.some((part) => 'sql' in part && part.fold !== undefined)) {
    return { attribute, type, sql: 'NULL', fold: { parts } };
  }
  const sql = parts.map((part) => ('literal' in part ? text(part.literal) : part.sql)).join(', ');
  return { attribute, type, sql: `CONCAT(${sql})` };
}

/** Text whose byte order is the order of the values; NULL is `~`. */
function orderedSql(column: string, type: SourceType, attribute: string): string {
  return `IFNULL(${orderedValueSql(column, type, attribute)}, '~')`;
}

function orderedValueSql(column: string, type: SourceType, attribute: string): string {
  switch (type.data_type) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
    case 'year':
    case 'bit': {
      const offset =
        type.unsigned || type.data_type === 'bit' || type.data_type === 'year' ? '0' : '9223372036854775808';
      return `LPAD(CAST(CAST(${column} + 0 AS DECIMAL(30, 0)) + ${offset} AS CHAR), 20, '0')`;
    }
    case 'decimal': {
      const digits = type.precision ?? 10;
      const one = `1${'0'.repeat(digits)}`;
      const scaled = `CAST(${column} * 1${'0'.repeat(type.scale ?? 0)} AS DECIMAL(65, 0))`;
      return `LPAD(CAST(${scaled} + ${one} AS CHAR), ${digits + 1}, '0')`;
    }
    default: {
      if (attribute === 'B') return `LOWER(HEX(${column}))`;
      const value = valueSql(column, type, attribute);
      return isText(type) ? `REPLACE(REPLACE(REPLACE(${value}, '%', '%25'), '#', '%23'), '~', '%7E')` : value;
    }
  }
}

function isText(type: SourceType): boolean {
  return /char|text|enum|set/.test(type.data_type);
}

function placeholderOf(piece: string): { column: string; fold: boolean } | undefined {
  const match = /^\{([^{}:]+)(:fold)?\}$/.exec(piece);
  return match?.[1] === undefined ? undefined : { column: match[1], fold: match[2] !== undefined };
}

function sourceOf(entity: ContractEntity, column: string): { type: SourceType; attribute: string } {
  const attribute = entity.attributes.find((candidate) => candidate.source_column === column);
  if (attribute === undefined) throw new RangeError(`${entity.source_table} maps no column ${column}.`);
  return { type: attribute.source_type, attribute: attribute.type };
}

/** A string literal that is safe under every sql_mode: as hex. */
function text(literal: string): string {
  return `CONVERT(X'${Buffer.from(literal, 'utf8').toString('hex')}' USING utf8mb4)`;
}
