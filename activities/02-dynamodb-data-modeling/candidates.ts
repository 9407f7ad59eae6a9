import type { Analysis } from '../../core/analysis.ts';
import { chooseIndexes, type IndexPolicy, type WriteLoad } from './index-choice.ts';
import type { IndexDesign } from './index-design.ts';
import type { PatternPlan } from './lookups.ts';
import type { Model, ModelTable, PlacedEntity } from './model.ts';
import { tableNames } from './names.ts';
import type { PriceTable } from './pricing.ts';
import { collectionModel } from './candidate-collections.ts';
import { singleTableModel } from './candidate-single-table.ts';
import { itemSize } from './sizes.ts';
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

/** The candidate models, in a fixed order. */
export function candidates(input: CandidateInput): Model[] {
  const entities = input.analysis.tables.map(designEntity);
  const choose = (policy: IndexPolicy) =>
    new Map(entities.map((entity) => [entity.facts.name, indexesOf(entity, input, policy)]));
  const priced = choose('priced');
  const models = [
    tablePerSource('tables-priced', 'One table a source table, indexes where they pay', PRICED_IDEA, entities, priced),
    tablePerSource(
      'tables-fast',
      'One table a source table, an index for every access',
      FAST_IDEA,
      entities,
      choose('every-lookup'),
    ),
    tablePerSource(
      'tables-lean',
      'One table a source table, as few indexes as possible',
      LEAN_IDEA,
      entities,
      choose('fewest'),
    ),
    collectionModel(entities, priced),
    singleTableModel(entities, priced),
  ];
  return models.filter((model): model is Model => model !== null);
}

const PRICED_IDEA =
  'Every row is an item under its primary key. An access that its key can not serve gets an index when the index costs less than the scans it saves, and always when the access is selective.';
const FAST_IDEA = 'The same, but every access gets its own best index, also where a scan or a filter would be cheaper.';
const LEAN_IDEA =
  'The same, but an index is made only where a selective access would have none; the rest is filters and scans.';

function indexesOf(entity: EntityDesign, input: CandidateInput, policy: IndexPolicy): IndexDesign[] {
  const name = entity.facts.name;
  const size = itemSize(entity, [entity.pk, ...(entity.sk ? [entity.sk] : [])], false);
  const sizes = { itemBytes: size.typical, scanItems: entity.facts.statistics.rows, scanItemBytes: size.typical };
  const lookups = input.plans.flatMap((plan) => plan.lookups.filter((lookup) => lookup.table === name));
  const writes = input.writes.get(name) ?? [];
  return chooseIndexes({ entity, lookups, writes, estimate: input.estimate, sizes, prices: input.prices }, policy);
}

function tablePerSource(
  id: string,
  title: string,
  idea: string,
  entities: readonly EntityDesign[],
  indexes: ReadonlyMap<string, readonly IndexDesign[]>,
): Model {
  const names = tableNames(
    entities.map((entity) => entity.facts.name),
    new Set([SUPPORT_TABLE]),
  );
  return {
    id,
    title,
    idea,
    tables: entities.map((entity) => ownTable(entity, indexes.get(entity.facts.name) ?? [], names)),
  };
}

/** A table that holds the items of one source table and nothing else. */
export function ownTable(
  entity: EntityDesign,
  indexes: readonly IndexDesign[],
  names: ReadonlyMap<string, string>,
): ModelTable {
  const keys = [entity.pk, entity.sk, ...indexes.flatMap((index) => [index.pk, index.sk])].filter(
    (key) => key !== null,
  );
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
    size: itemSize(entity, keys, false),
  };
  return {
    name: names.get(entity.facts.name) ?? entity.facts.name,
    type: 'single-entity',
    pk: { name: entity.pk.attribute, type: entity.pk.type },
    sk: entity.sk && { name: entity.sk.attribute, type: entity.sk.type },
    indexes: indexes.map((index) => ({
      name: index.name,
      pk: { name: index.pk.attribute, type: index.pk.type },
      sk: index.sk && { name: index.sk.attribute, type: index.sk.type },
    })),
    entities: [placed],
  };
}
