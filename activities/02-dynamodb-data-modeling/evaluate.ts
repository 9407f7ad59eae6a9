import type { AccessPath } from './access-path.ts';
import type { CandidateInput } from './candidates.ts';
import { indexWriteUnits, pathOf } from './index-choice.ts';
import type { Lookup, PatternPlan } from './lookups.ts';
import { brokenLimits } from './limits.ts';
import { placementOf, scanSize, type Model, type ModelTable, type PlacedEntity } from './model.ts';
import { addLoads, ITEM_OVERHEAD_BYTES, monthlyCost, writeUnits, type Load, type MonthlyCost } from './pricing.ts';
import { writeEffects, type WriteEffect } from './write-effects.ts';

/** A lookup with the way in which a model serves it. */
export interface ServedLookup {
  readonly lookup: Lookup;
  readonly table: ModelTable;
  readonly path: AccessPath;
}

/** What one pattern costs in a model. */
export interface PatternCost {
  readonly plan: PatternPlan;
  readonly served: readonly ServedLookup[];
  readonly effects: readonly WriteEffect[];
  readonly transactional: boolean;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Name of the DynamoDB table that holds a source table's items; null when it is not migrated. */
  tableOf(this: void, sourceTable: string): string | null;
}

/** A priced candidate. */
export interface Evaluation {
  readonly model: Model;
  readonly patterns: readonly PatternCost[];
  readonly cost: MonthlyCost;
  readonly loads: Load;
  readonly indexCount: number;
  /** Limits of DynamoDB that the model breaks under the given rates; empty when it is feasible. */
  readonly broken: readonly string[];
}

/** Prices a model: every pattern by its cheapest paths, every write with its indexes and its guards. */
export function evaluate(model: Model, input: CandidateInput): Evaluation {
  const patterns = input.plans.map((plan) => patternCost(plan, model, input));
  const load = patterns.map(({ plan, readUnits, writeUnits: units }): Load => ({
    readsPerSecond: readUnits * plan.rate.mean,
    writesPerSecond: units * plan.rate.mean,
    peakReadsPerSecond: readUnits * plan.rate.peak,
    peakWritesPerSecond: units * plan.rate.peak,
    storedBytes: 0,
  }));
  const storage = {
    readsPerSecond: 0,
    writesPerSecond: 0,
    peakReadsPerSecond: 0,
    peakWritesPerSecond: 0,
    storedBytes: storedBytes(model),
  };
  const loads = addLoads([...load, storage]);
  return {
    model,
    patterns,
    loads,
    cost: monthlyCost(loads, input.prices),
    indexCount: model.tables.reduce((sum, table) => sum + table.indexes.length, 0),
    broken: brokenLimits(model, patterns, input),
  };
}

function patternCost(plan: PatternPlan, model: Model, input: CandidateInput): PatternCost {
  const served = plan.lookups.flatMap((lookup): ServedLookup[] => {
    const placement = placementOf(model, lookup.table);
    if (!placement) return [];
    const { table, entity } = placement;
    const sizes = { itemBytes: entity.size.typical, ...scanSize(table) };
    const designs = entity.indexes.map((index) => index.design);
    return [
      { lookup, table, path: pathOf({ entity: entity.design, estimate: input.estimate, sizes }, lookup, designs) },
    ];
  });
  const effects = writeEffects(plan, input.analysis, input.estimate);
  const transactional = isTransactional(plan, effects, model);
  let units = 0;
  for (const effect of effects) {
    const entity = placementOf(model, effect.table)?.entity;
    if (entity) units += effectUnits(effect, entity, transactional, input);
  }
  const reads = served.reduce((sum, { path }) => sum + path.units, 0);
  // An upsert has to see first whether the row is there.
  const seen = plan.facts.upsert ? effects.reduce((sum, effect) => sum + effect.rows, 0) : 0;
  const tableOf = (source: string) => placementOf(model, source)?.table.name ?? null;
  return { plan, served, effects, transactional, readUnits: reads + seen, writeUnits: units, tableOf };
}

/**
 * Whether the writes go through TransactWriteItems: in a transaction of the application, where several items change
 * together, or where guards or parents have to be checked in the same moment.
 */
function isTransactional(plan: PatternPlan, effects: readonly WriteEffect[], model: Model): boolean {
  if (plan.pattern.transactions.length > 0) return effects.length > 0;
  return effects.some((effect) => {
    const facts = placementOf(model, effect.table)?.entity.design.facts;
    if (!facts) return false;
    const guarded = facts.indexes.some((index) => index.unique && index.name !== 'PRIMARY');
    if (effect.kind === 'update') {
      const keys = facts.foreignKeys.flatMap((key) => key.columns);
      const unique = facts.indexes
        .filter((index) => index.unique)
        .flatMap((index) => index.parts.map((part) => part.column));
      return effect.rows > 1 || effect.assigned.some((column) => keys.includes(column) || unique.includes(column));
    }
    return guarded || facts.foreignKeys.length > 0 || effect.rows > 1;
  });
}

function effectUnits(effect: WriteEffect, entity: PlacedEntity, transactional: boolean, input: CandidateInput): number {
  const bytes = entity.size.typical;
  // Transactions cost twice (Developer Guide, "Amazon DynamoDB Transactions: capacity management"); index
  // entries are written afterwards, by replication, at the ordinary price.
  const base = writeUnits(bytes) * (transactional ? 2 : 1);
  const indexes = entity.indexes.reduce(
    (sum, { design }) => sum + indexWriteUnits(design, { ...effect, rowsPerSecond: 0, peakRowsPerSecond: 0 }, bytes),
    0,
  );
  const { facts } = entity.design;
  const touches = (columns: readonly (string | null)[]) =>
    effect.kind !== 'update' || columns.some((column) => column && effect.assigned.includes(column));
  const uniques = facts.indexes.filter(
    (index) => index.unique && index.name !== 'PRIMARY' && touches(index.parts.map((part) => part.column)),
  );
  // A guard is one small item, put or deleted in the transaction; a changed value does both.
  const guards = uniques.length * 2 * (effect.kind === 'update' ? 2 : 1);
  // A parent is checked by a ConditionCheck, which costs what writing it would.
  const parents = effect.kind === 'delete' ? [] : facts.foreignKeys.filter((key) => touches(key.columns));
  const checks = parents.reduce((sum, key) => sum + 2 * writeUnits(parentBytes(key.referencedTable, input)), 0);
  const counter = effect.kind === 'insert' && facts.columns.some((column) => column.autoIncrement) ? 1 : 0;
  return effect.rows * (base + indexes + guards + checks + counter);
}

function parentBytes(table: string, input: CandidateInput): number {
  const facts = input.analysis.tables.find(({ name }) => name === table);
  return Math.max(1, facts?.statistics.rowBytes.p50 ?? 1);
}

function storedBytes(model: Model): number {
  let bytes = 0;
  for (const entity of model.tables.flatMap((table) => table.entities)) {
    const copies = 1 + entity.indexes.length;
    bytes += entity.design.facts.statistics.rows * (entity.size.typical + ITEM_OVERHEAD_BYTES) * copies;
  }
  return bytes;
}
