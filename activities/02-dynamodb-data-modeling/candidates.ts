import type { Analysis } from '../../core/analysis.ts';
import type { Feature } from '../../contract/capabilities.ts';
import { collectionModel } from './candidate-collections.ts';
import { singleTableModel } from './candidate-single-table.ts';
import type { CopyDesign } from './copies.ts';
import { chooseIndexes, projectIndexes, type ChoiceInput, type IndexPolicy, type WriteLoad } from './index-choice.ts';
import type { IndexDesign } from './index-design.ts';
import type { Lookup, PatternPlan } from './lookups.ts';
import type { Model, ModelTable, PlacedEntity } from './model.ts';
import { tableNames } from './names.ts';
import type { PriceTable } from './pricing.ts';
import { columnBytes, itemSize } from './sizes.ts';
import type { Estimator } from './statistics.ts';
import { designEntity, type EntityDesign } from './table-design.ts';

/** What all candidates are generated from. */
export interface CandidateInput {
  readonly analysis: Analysis;
  readonly plans: readonly PatternPlan[];
  readonly writes: ReadonlyMap<string, readonly WriteLoad[]>;
  readonly estimate: Estimator;
  readonly prices: PriceTable;
}

/** Name of the table for guards and counters; a source table of that name gets another one. */
export const SUPPORT_TABLE = 'support';

type Indexes = ReadonlyMap<string, readonly IndexDesign[]>;

/** The candidate models that need no price to be generated, in a fixed order; `tables-priced` is the first. */
export function candidates(input: CandidateInput): [Model, ...Model[]] {
  const entities = input.analysis.tables.map(designEntity);
  const choices = choiceInputs(entities, input);
  const choose = (policy: IndexPolicy) =>
    new Map(choices.map((choice) => [choice.entity.facts.name, chooseIndexes(choice, policy)]));
  const priced = choose('priced');
  const projected = new Map(
    choices.map((choice) => [
      choice.entity.facts.name,
      projectIndexes(choice, priced.get(choice.entity.facts.name) ?? []),
    ]),
  );
  const narrow = [...projected.values()].flat().some(({ projection }) => projection.kind !== 'ALL');
  const others = [
    tablePerSource(FAST, entities, choose('every-lookup')),
    tablePerSource(LEAN, entities, choose('fewest')),
    collectionModel(entities, priced),
    singleTableModel(entities, priced),
    narrow ? tablePerSource(PROJECTED, entities, projected) : null,
  ];
  return [tablePerSource(PRICED, entities, priced), ...others.filter((model) => model !== null)];
}

/** What tells one model with a table for each source table from another. */
interface Variant {
  readonly id: string;
  readonly title: string;
  readonly idea: string;
  readonly features?: readonly Feature[];
  readonly copies?: readonly CopyDesign[];
}

const PRICED: Variant = {
  id: 'tables-priced',
  title: 'One table a source table, indexes where they pay',
  idea: 'Every row is an item under its primary key. An access that its key can not serve gets an index when the index costs less than the scans it saves, and always when the access is selective.',
};
const FAST: Variant = {
  id: 'tables-fast',
  title: 'One table a source table, an index for every access',
  idea: 'The same, but every access gets its own best index, also where a scan or a filter would be cheaper.',
};
const LEAN: Variant = {
  id: 'tables-lean',
  title: 'One table a source table, as few indexes as possible',
  idea: 'The same, but an index is made only where a selective access would have none; the rest is filters and scans.',
};
const PROJECTED: Variant = {
  id: 'tables-projected',
  title: 'As the priced tables, indexes that project only what is read',
  idea: 'The same indexes; each projects everything, the columns that its patterns read, or keys alone, whichever costs least.',
  features: ['index that projects less than ALL'],
};

/** The priced tables with columns of parents copied into their children. */
export function copiedModel(base: Model, copies: readonly CopyDesign[], id = 'tables-copied'): Model {
  const variant: Variant = {
    id,
    title: 'As the priced tables, with columns of parents copied into children',
    idea: 'A column that a join only looks up is stored in the rows that refer to it, where this saves more than keeping the copies in step costs.',
    features: copyFeatures(copies),
    copies,
  };
  return tablePerSource(variant, ...designsOf(base));
}

/** A copy is a join in the contract: by one column or by several. */
function copyFeatures(copies: readonly CopyDesign[]): Feature[] {
  const joins = copies.map(({ key }): Feature => (key.columns.length === 1 ? 'join foreign-key' : 'join multi-column'));
  return [...new Set(joins)].sort();
}

/** The priced tables with hot index partitions spread over shards. */
export function shardedModel(base: Model, shards: ReadonlyMap<string, number>): Model {
  const variant: Variant = {
    id: 'tables-sharded',
    title: 'As the priced tables, hot index partitions spread over shards',
    idea: 'A key value whose partition would get more traffic than one partition takes is written to one of several partitions, all of which are read.',
    features: ['sharded partition key'],
  };
  const [entities, indexes] = designsOf(base);
  const spread = new Map(
    [...indexes].map(([name, own]) => [name, own.map((index) => ({ ...index, shards: shards.get(index.name) ?? 1 }))]),
  );
  return tablePerSource(variant, entities, spread);
}

function designsOf(model: Model): [EntityDesign[], Indexes] {
  const placed = model.tables.flatMap(({ entities }) => entities);
  const indexes = new Map(
    placed.map((entity) => [entity.design.facts.name, entity.indexes.map(({ design }) => design)]),
  );
  return [placed.map(({ design }) => design), indexes];
}

/** Lookups and writes of each entity, gathered once for all policies. */
function choiceInputs(entities: readonly EntityDesign[], input: CandidateInput): ChoiceInput[] {
  const lookups = new Map<string, Lookup[]>(entities.map((entity) => [entity.facts.name, []]));
  for (const lookup of input.plans.flatMap((plan) => plan.lookups)) lookups.get(lookup.table)?.push(lookup);
  return entities.map((entity) => {
    const { name, statistics } = entity.facts;
    const size = itemSize(entity, [entity.pk, ...(entity.sk ? [entity.sk] : [])], false);
    return {
      entity,
      lookups: lookups.get(name) ?? [],
      writes: input.writes.get(name) ?? [],
      estimate: input.estimate,
      sizes: { itemBytes: size.typical, scanItems: statistics.rows, scanItemBytes: size.typical },
      prices: input.prices,
    };
  });
}

function tablePerSource(variant: Variant, entities: readonly EntityDesign[], indexes: Indexes): Model {
  const names = tableNames(
    entities.map((entity) => entity.facts.name),
    new Set([SUPPORT_TABLE]),
  );
  const { copies = [], features = [], ...rest } = variant;
  const tables = entities.map((entity) => {
    const own = indexes.get(entity.facts.name) ?? [];
    return ownTable(entity, own, names, copiedBytes(entity, entities, copies));
  });
  return { ...rest, copies, features, tables };
}

/** Bytes that copies add to each item of an entity. */
function copiedBytes(entity: EntityDesign, entities: readonly EntityDesign[], copies: readonly CopyDesign[]): number {
  let bytes = 0;
  for (const { child, parent, columns } of copies) {
    const source = entities.find(({ facts }) => facts.name === parent);
    if (child !== entity.facts.name || !source) continue;
    // The attribute's name leads with the table that it comes from.
    for (const column of columns) bytes += columnBytes(source, column) + parent.length + 1;
  }
  return Math.ceil(bytes);
}

/** A table that holds the items of one source table and nothing else. */
export function ownTable(
  entity: EntityDesign,
  indexes: readonly IndexDesign[],
  names: ReadonlyMap<string, string>,
  copied = 0,
): ModelTable {
  const keys = [entity.pk, entity.sk, ...indexes.flatMap((index) => [index.pk, index.sk])].filter(
    (key) => key !== null,
  );
  const { typical, p99, largest, measured } = itemSize(entity, keys, false);
  const placed: PlacedEntity = {
    design: entity,
    pkTemplate: entity.pk.template,
    skTemplate: entity.sk?.template ?? null,
    indexes: indexes.map((design) => ({
      name: design.name,
      design,
      pkTemplate: design.pk.template,
      skTemplate: design.sk?.template ?? null,
    })),
    size: { typical: typical + copied, p99: p99 + copied, largest: largest + copied, measured },
  };
  return {
    name: names.get(entity.facts.name) ?? entity.facts.name,
    type: 'single-entity',
    pk: { name: entity.pk.attribute, type: entity.pk.type },
    sk: entity.sk && { name: entity.sk.attribute, type: entity.sk.type },
    indexes: indexes.map(indexOfTable),
    entities: [placed],
  };
}

/** An index as its table declares it. */
export function indexOfTable({ name, pk, sk, projection }: IndexDesign): ModelTable['indexes'][number] {
  return {
    name,
    pk: { name: pk.attribute, type: pk.type },
    sk: sk && { name: sk.attribute, type: sk.type },
    projection,
  };
}
