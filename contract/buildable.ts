import { CAPABILITY_GAPS, type CapabilityGap, type Feature } from './capabilities.ts';
import { parseKeyTemplate } from './key-template.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract } from './types.ts';

/** A feature that a contract uses, and where. */
interface Use {
  readonly feature: Feature;
  readonly at: string;
}

/**
 * What a contract asks for that a later stage refuses, or would silently leave out. Expects a contract that
 * `checkContract` passed: each finding is valid, told here before anything was deployed.
 */
export function notBuildable(contract: MigrationContract): Problem[] {
  return findings(contract, 'refused', (gap) => `is valid but not buildable: ${gap.feature}. ${gap.because}`);
}

/** What is built, but not exactly as it says: the difference is on the safe side, and a person should know of it. */
export function builtDifferently(contract: MigrationContract): Problem[] {
  return findings(contract, 'differs', (gap) => `is built differently: ${gap.feature}. ${gap.because}`);
}

function findings(
  contract: MigrationContract,
  outcome: CapabilityGap['outcome'],
  text: (gap: CapabilityGap) => string,
): Problem[] {
  return featuresOf(contract).flatMap(({ feature, at }) =>
    CAPABILITY_GAPS.filter((gap) => gap.feature === feature && gap.outcome === outcome).map((gap) =>
      problem(at, text(gap)),
    ),
  );
}

/** Every use of a feature that some stage might not have, in the contract's order. */
function featuresOf(contract: MigrationContract): Use[] {
  return contract.tables.flatMap((table, at) => [
    ...indexUses(table, at),
    ...table.entities.flatMap((entity, of) => entityUses(entity, pointer('tables', at, 'entities', of))),
  ]);
}

function indexUses(table: ContractTable, at: number): Use[] {
  return [
    ...table.gsis.flatMap((index, which): Use[] =>
      index.projection === 'ALL'
        ? []
        : [{ feature: 'index that projects less than ALL', at: pointer('tables', at, 'gsis', which, 'projection') }],
    ),
    ...(table.ttl_attribute === undefined
      ? []
      : [{ feature: 'items that expire' as const, at: pointer('tables', at, 'ttl_attribute') }]),
  ];
}

function entityUses(entity: ContractEntity, place: string): Use[] {
  const uses: Use[] = [];
  if (entity.pk_shards) uses.push({ feature: 'sharded partition key', at: `${place}/pk_shards` });
  if (entity.row_filter !== undefined) uses.push({ feature: 'row filter', at: `${place}/row_filter` });
  const templates: (readonly [string, string | null])[] = [
    ['/pk_template', entity.pk_template],
    ['/sk_template', entity.sk_template],
    ...Object.entries(entity.index_templates).flatMap(([name, { pk, sk }]) => {
      const at = pointer('index_templates', name);
      return [[`${at}/pk`, pk] as const, [`${at}/sk`, sk] as const];
    }),
  ];
  for (const [at, template] of templates) {
    if (template !== null && cutsTime(template)) uses.push({ feature: 'time bucket in a key', at: place + at });
  }
  entity.attributes.forEach((attribute, at) =>
    uses.push(...attributeUses(attribute, entity, `${place}/attributes/${at}`)),
  );
  return uses;
}

function attributeUses(attribute: ContractAttribute, entity: ContractEntity, place: string): Use[] {
  const uses: Use[] = [];
  const { join, calculation, transformation } = attribute;
  if (join) uses.push({ feature: `join ${join.type}`, at: `${place}/join` });
  if (calculation) uses.push({ feature: `calculation ${calculation.type}`, at: `${place}/calculation` });
  if (transformation) uses.push({ feature: `transformation ${transformation.type}`, at: `${place}/transformation` });
  const { encoding = 'canonical', null_as: nullAs = 'absent', zero_date: zeroDate = 'text' } = attribute;
  if (encoding !== 'canonical') uses.push({ feature: `encoding ${encoding}`, at: `${place}/encoding` });
  if (nullAs !== 'absent') uses.push({ feature: 'NULL kept as NULL', at: `${place}/null_as` });
  if (zeroDate !== 'text') uses.push({ feature: 'zero date not kept as text', at: `${place}/zero_date` });
  if (directColumn(attribute, entity.source_table) !== null && typeof attribute.source_column !== 'string')
    uses.push({ feature: 'list of one source column', at: `${place}/source_column` });
  return uses;
}

/** Templates that don't parse are told by the checks of keys. */
function cutsTime(template: string): boolean {
  try {
    return parseKeyTemplate(template).parts.some((part) => part.kind === 'column' && part.bucket !== undefined);
  } catch {
    return false;
  }
}
