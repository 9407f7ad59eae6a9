import { pointer } from '../problem.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract } from '../types.ts';
import { exportKey, exportTemplate } from './export-keys.ts';
import { CALCULATION_FIELDS, JOIN_FIELDS, type KnownAttribute, type KnownContract, type KnownTable } from './form.ts';

/** Something that a contract says and the known form has no words for. */
export interface Unsaid {
  /** JSON pointer into the contract. */
  readonly at: string;
  readonly what: string;
}

/** What came of writing the known form. */
export interface Exported {
  readonly known: KnownContract;
  readonly unsaid: readonly Unsaid[];
}

/** Writes a valid contract in the known form, as far as that can express it, and lists what it could not say. */
export function exportKnown(contract: MigrationContract): Exported {
  const unsaid: Unsaid[] = [];
  const lost = (at: string, what: string): void => void unsaid.push({ at, what });
  const tables = contract.tables.flatMap((table, at): KnownTable[] => {
    if (table.type !== 'support') return [exportTable(table, pointer('tables', at), lost)];
    lost(pointer('tables', at), 'a table of guard items and id counters');
    return [];
  });
  for (const [field, what] of [
    ['dropped_columns', 'columns that are dropped, with the reason'],
    ['access_patterns', 'how each access pattern is served, its rates and its price'],
    ['id_allocation', 'ids that are allocated after the cut-over'],
  ] as const)
    if (contract[field].length > 0) lost(pointer(field), what);
  lost('/tables', 'the MySQL type of each column, and the primary key of each source table');
  return { known: { tables }, unsaid };
}

type Lost = (at: string, what: string) => void;

function exportTable(table: ContractTable, at: string, lost: Lost): KnownTable {
  const [only] = table.entities;
  const single = table.type === 'single-entity' && only !== undefined;
  const extra: KnownAttribute[] = [];
  const keyed = (name: string, template: string | null, place: string): string => {
    if (!single || template === null) return name;
    const exported = exportKey(template, name, only, (what) => {
      lost(place, what);
    });
    extra.push(...exported.attributes);
    return exported.name;
  };
  const here = single ? `${at}/entities/0` : at;
  if (table.ttl_attribute !== undefined) lost(`${at}/ttl_attribute`, 'the attribute by which items expire');
  if (table.rationale !== '') lost(`${at}/rationale`, 'why the table is as it is');
  const entities = table.entities.map((entity, of) => exportEntity(entity, table, `${at}/entities/${of}`, lost));
  const pk = keyed(table.pk.name, only?.pk_template ?? null, `${here}/pk_template`);
  const sk = table.sk && keyed(table.sk.name, only?.sk_template ?? null, `${here}/sk_template`);
  const gsis = table.gsis.map((index) => {
    const templates = only && Object.hasOwn(only.index_templates, index.index_name) ? only.index_templates[index.index_name] : undefined; // prettier-ignore
    const place = here + pointer('index_templates', index.index_name);
    if (!single) lost(place, 'which entities an index holds, and their templates');
    return {
      index_name: index.index_name,
      pk: keyed(index.pk.name, templates?.pk ?? null, `${place}/pk`),
      sk: index.sk && keyed(index.sk.name, templates?.sk ?? null, `${place}/sk`),
      projection: index.projection,
      projected_attributes: index.projected_attributes,
    };
  });
  const attributes = [...(entities[0]?.attributes ?? []), ...new Map(extra.map((one) => [one.name, one])).values()];
  return {
    table: table.table,
    type: single ? 'single-entity' : 'multi-entity',
    source_table: table.source_table,
    pk,
    sk,
    gsis,
    ...(single ? { attributes } : { entities }),
    satisfies: table.satisfies,
    estimated_item_size_bytes: table.estimated_item_size_bytes,
  };
}

function exportEntity(
  entity: ContractEntity,
  table: ContractTable,
  at: string,
  lost: Lost,
): NonNullable<KnownTable['entities']>[number] {
  if (entity.uniques.length > 0) lost(`${at}/uniques`, 'unique keys');
  if (entity.references.length > 0) lost(`${at}/references`, 'foreign keys');
  if (entity.row_filter !== undefined) lost(`${at}/row_filter`, 'which rows become items');
  if (entity.pk_shards) lost(`${at}/pk_shards`, 'that the partition key is sharded');
  const shared = table.type !== 'single-entity';
  const template = (text: string, place: string): string =>
    shared ? exportTemplate(text, (what) => {
      lost(place, what);
    }) : text; // prettier-ignore
  return {
    entity_type: entity.entity_type,
    source_table: entity.source_table,
    pk_template: template(entity.pk_template, `${at}/pk_template`),
    sk_template: entity.sk_template === null ? null : template(entity.sk_template, `${at}/sk_template`),
    attributes: entity.attributes.flatMap((one, which) => exportAttribute(one, `${at}/attributes/${which}`, lost)),
  };
}

function exportAttribute(attribute: ContractAttribute, at: string, lost: Lost): KnownAttribute[] {
  const { join, calculation, transformation } = attribute;
  const unknown = joinUnsaid(attribute);
  if (unknown !== undefined) {
    lost(at, unknown);
    return [];
  }
  for (const [field, what] of [
    ['pii', 'the class of personal data'],
    ['null_as', 'what NULL becomes'],
    ['zero_date', 'what a zero date becomes'],
  ] as const)
    if (attribute[field] !== undefined) lost(`${at}/${field}`, what);
  return [
    {
      name: attribute.name,
      type: attribute.type,
      source_table: attribute.source_table,
      source_column: attribute.source_column,
      ...(join ? { join: { ...join } } : {}),
      ...(calculation ? { calculation: { ...calculation } } : {}),
      ...(transformation ? { transformation: { ...transformation } } : {}),
      ...(attribute.denormalized === undefined ? {} : { denormalized: attribute.denormalized }),
      ...(attribute.justification === undefined ? {} : { justification: attribute.justification }),
    },
  ];
}

/** Ways of deriving a value that are ours alone: without them the attribute would say something else. */
function joinUnsaid({ join, calculation }: ContractAttribute): string | undefined {
  if (join && !Object.hasOwn(JOIN_FIELDS, join.type)) return `an attribute that is a ${join.type}`;
  if (join?.type === 'json-construction' && join.construction.type === 'set')
    return 'an attribute that is a set of rows';
  const hops = join?.type === 'chain' ? join.joins : join && join.type !== 'self-join' ? [join] : [];
  if (hops.some((hop) => 'join_alias' in hop)) return 'an attribute whose join needs an alias';
  if (calculation && !Object.hasOwn(CALCULATION_FIELDS, calculation.type)) return `an attribute that is an ${calculation.type} of columns`; // prettier-ignore
  if (calculation && 'join_alias' in calculation) return 'an attribute whose aggregate needs an alias';
  return undefined;
}
