import type { TableFacts } from '../../core/analysis.ts';
import { attributeType, needsFold, sourceType } from '../attribute-type.ts';
import { referentialAction } from '../check-coverage.ts';
import { parseKeyTemplate } from '../key-template.ts';
import { directColumn } from '../store-model.ts';
import type { ContractAttribute, ContractEntity } from '../types.ts';
import type { ImportedIndex } from './indexes.ts';
import { bucketOf, type KeySource } from './keys.ts';
import type { ImportLog } from './log.ts';

/** What is known of an entity when its keys were read. */
export interface EntityParts {
  readonly source: KeySource;
  readonly entityType: string;
  readonly templates: { readonly pk: string; readonly sk: string | null };
  readonly indexes: readonly ImportedIndex[];
  /** Position of the entity in its table. */
  readonly of: number;
  /** Names of the keys of the table and its indexes. */
  readonly keyNames: ReadonlySet<string>;
}

/** Puts an entity together: what the known form says, and the constraints that it has no words for. */
export function entityOf(parts: EntityParts, at: string, log: ImportLog): ContractEntity {
  const { source, entityType, templates, indexes, of, keyNames } = parts;
  const { facts, attributes } = source;
  const keyTemplates = [templates.pk, templates.sk, ...indexes.flatMap(({ templates: each }) => [each[of]?.pk, each[of]?.sk])]; // prettier-ignore
  const used = keyTemplates.flatMap((template) => (template ? parseKeyTemplate(template).columns : []));
  const primaryKey = uniqueKeys(facts).find((key) => key.every((column) => used.includes(column))) ?? facts.primaryKey;
  const uniques = uniquesOf(facts, primaryKey);
  const references = facts.foreignKeys.map((key) => ({
    name: key.name,
    columns: key.columns,
    target_table: key.referencedTable,
    target_columns: key.referencedColumns,
    on_delete: referentialAction(key.onDelete),
    on_update: referentialAction(key.onUpdate),
  }));
  const needed = [...used, ...primaryKey, ...uniques.flatMap(({ columns }) => columns), ...references.flatMap(({ columns }) => columns)]; // prettier-ignore
  const kept = attributes.filter((attribute) => {
    const bucket = keyNames.has(attribute.name) ? bucketOf(attribute, facts.name) : undefined;
    if (bucket) log.repaired(`${at}/attributes`, attribute.name, `{${bucket.column}:${bucket.unit}}`, 'The template is the key.'); // prettier-ignore
    return bucket === undefined;
  });
  return {
    entity_type: entityType,
    source_table: facts.name,
    primary_key: primaryKey,
    pk_template: templates.pk,
    sk_template: templates.sk,
    index_templates: Object.fromEntries(
      indexes.flatMap(({ index, templates: each }) => (each[of] ? [[index.index_name, each[of]]] : [])),
    ),
    attributes: [...kept, ...added(facts, kept, needed, at, log)],
    uniques,
    references,
  };
}

/** Keys and constraints need their columns in the item. */
function added(
  facts: TableFacts,
  attributes: readonly ContractAttribute[],
  needed: readonly string[],
  at: string,
  log: ImportLog,
): ContractAttribute[] {
  const carried = new Set(attributes.map((attribute) => directColumn(attribute, facts.name)));
  const names = new Set(attributes.map(({ name }) => name));
  return [...new Set(needed)]
    .filter((column) => !carried.has(column))
    .flatMap((column) => {
      const own = facts.columns.find(({ name }) => name === column);
      if (!own) return [];
      const type = sourceType(own);
      const name = names.has(column) ? `${column}_column` : column;
      log.repaired(`${at}/attributes`, undefined, name, 'A key or a constraint needs the column.');
      return [
        { name, type: attributeType(type) ?? 'S', source_table: facts.name, source_column: column, source_type: type },
      ];
    });
}

function uniquesOf(facts: TableFacts, primaryKey: readonly string[]): ContractEntity['uniques'] {
  const plain = (text: string): string => text.replace(/[{}#]/g, '_');
  const keys = facts.indexes
    .filter(({ unique, parts }) => unique && parts.every(({ column, prefix }) => column !== null && !prefix))
    .map(({ name, parts }) => ({ name, columns: parts.flatMap(({ column }) => column ?? []) }));
  const same = (columns: readonly string[]): boolean =>
    columns.length === primaryKey.length && columns.every((column) => primaryKey.includes(column));
  return keys
    .filter(({ columns }) => !same(columns))
    .map(({ name, columns }) => ({
      name,
      columns,
      guard_template: `UNIQUE#${plain(facts.name)}#${plain(name)}#${columns.map((column) => placeholder(column, facts)).join('#')}`, // prettier-ignore
    }));
}

/** The placeholder of a column: text is folded as its collation compares. */
export function placeholder(column: string, facts: TableFacts): string {
  const own = facts.columns.find(({ name }) => name === column);
  return own && needsFold(sourceType(own)) ? `{${column}:fold}` : `{${column}}`;
}

/** Column sets that name one row and are never NULL. */
export function uniqueKeys(facts: TableFacts): (readonly string[])[] {
  const never = (column: string): boolean => facts.columns.some(({ name, nullable }) => name === column && !nullable);
  return [
    facts.primaryKey,
    ...facts.indexes
      .filter(({ unique, parts }) => unique && parts.every(({ column, prefix }) => column !== null && !prefix))
      .map(({ parts }) => parts.flatMap(({ column }) => column ?? [])),
  ].filter((key) => key.length > 0 && key.every(never));
}
