import type { AccessPath } from './access-path.ts';
import type { CandidateInput } from './candidates.ts';
import { CAPABILITY_GAPS } from '../../contract/capabilities.ts';
import { copyEffects, isCopied, type CopyEffect } from './copy-effects.ts';
import { pathOf } from './index-choice.ts';
import { entryBytes, indexWriteUnits } from './index-entry.ts';
import type { Lookup, PatternPlan } from './lookups.ts';
import { brokenLimits } from './limits.ts';
import { scanSize, type Model, type ModelTable, type PlacedEntity } from './model.ts';
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
  readonly model: Model;
  readonly served: readonly ServedLookup[];
  readonly effects: readonly WriteEffect[];
  readonly transactional: boolean;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** The same units by table of the model. */
  readonly units: ReadonlyMap<ModelTable, Units>;
  /** Items that one execution writes or checks in one transaction. */
  readonly transactionItems: number;
  /** Name of the DynamoDB table that holds a source table's items; null when it is not migrated. */
  tableOf(this: void, sourceTable: string): string | null;
}

/** Capacity units of one execution. */
export interface Units {
  read: number;
  write: number;
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
  /** What it needs that the later stages can not build yet, each in a sentence; empty when it can be chosen. */
  readonly notBuildable: readonly string[];
  /** A month of each table, its indexes included; guards and counters count for the table that they serve. */
  readonly tableCosts: ReadonlyMap<ModelTable, MonthlyCost>;
}

/** Prices a model: every pattern by its cheapest paths, every write with its indexes, its guards and its copies. */
export function evaluate(model: Model, input: CandidateInput): Evaluation {
  const places = new Map(
    model.tables.flatMap((table) =>
      table.entities.map((entity) => [entity.design.facts.name, { table, entity }] as const),
    ),
  );
  const patterns = input.plans.map((plan) => patternCost(plan, model, places, input));
  const tableLoads = new Map(model.tables.map((table) => [table, tableLoad(table, patterns)]));
  const loads = addLoads([...tableLoads.values()]);
  return {
    model,
    patterns,
    loads,
    cost: monthlyCost(loads, input.prices),
    indexCount: model.tables.reduce((sum, table) => sum + table.indexes.length, 0),
    broken: brokenLimits(model, patterns, input),
    notBuildable: CAPABILITY_GAPS.filter(
      ({ feature, outcome }) => outcome === 'refused' && model.features.includes(feature),
    ).map(({ feature, because }) => `${feature}. ${because}`),
    tableCosts: new Map([...tableLoads].map(([table, load]) => [table, monthlyCost(load, input.prices)])),
  };
}

type Places = ReadonlyMap<string, { readonly table: ModelTable; readonly entity: PlacedEntity }>;

function patternCost(plan: PatternPlan, model: Model, places: Places, input: CandidateInput): PatternCost {
  const units = new Map<ModelTable, Units>();
  const served = plan.lookups
    .filter((lookup) => !isCopied(model, lookup))
    .flatMap((lookup): ServedLookup[] => {
      const placement = places.get(lookup.table);
      if (!placement) return [];
      const { table, entity } = placement;
      const sizes = { itemBytes: entity.size.typical, ...scanSize(table) };
      const designs = entity.indexes.map((index) => index.design);
      const path = pathOf({ entity: entity.design, estimate: input.estimate, sizes }, lookup, designs);
      add(units, table, { read: path.units, write: 0 });
      return [{ lookup, table, path }];
    });
  const effects = writeEffects(plan, input.analysis, input.estimate);
  const copied = effects.flatMap((effect) => copyEffects(effect, plan.rate, model, input));
  const transactional = copied.some(({ cascaded }) => cascaded > 0) || isTransactional(plan, effects, places);
  let transactionItems = copied.reduce((sum, { cascaded }) => sum + cascaded, 0);
  for (const effect of effects) {
    const placement = places.get(effect.table);
    if (!placement) continue;
    const cost = effectCost(effect, placement.entity, transactional, input);
    transactionItems += cost.items;
    // An upsert has to see first whether the row is there.
    add(units, placement.table, { read: plan.facts.upsert ? effect.rows : 0, write: cost.units });
  }
  for (const effect of copied) addCopy(units, effect, places);
  const total = { read: 0, write: 0 };
  for (const { read, write } of units.values()) {
    total.read += read;
    total.write += write;
  }
  const tableOf = (source: string) => places.get(source)?.table.name ?? null;
  const sums = { readUnits: total.read, writeUnits: total.write, units, transactionItems };
  return { plan, model, served, effects, transactional, ...sums, tableOf };
}

function add(units: Map<ModelTable, Units>, table: ModelTable, { read, write }: Units): void {
  const own = units.get(table) ?? { read: 0, write: 0 };
  units.set(table, { read: own.read + read, write: own.write + write });
}

/** A cascade is charged where the children are, and so is the read of a parent for a new child. */
function addCopy(
  units: Map<ModelTable, Units>,
  { copy, readUnits, writeUnits: write }: CopyEffect,
  places: Places,
): void {
  const table = places.get(copy.child)?.table;
  if (table) add(units, table, { read: readUnits, write });
}

function tableLoad(table: ModelTable, patterns: readonly PatternCost[]): Load {
  const load = { readsPerSecond: 0, writesPerSecond: 0, peakReadsPerSecond: 0, peakWritesPerSecond: 0 };
  for (const { plan, units } of patterns) {
    const own = units.get(table);
    if (!own) continue;
    load.readsPerSecond += own.read * plan.rate.mean;
    load.writesPerSecond += own.write * plan.rate.mean;
    load.peakReadsPerSecond += own.read * plan.rate.peak;
    load.peakWritesPerSecond += own.write * plan.rate.peak;
  }
  return { ...load, storedBytes: storedBytes(table) };
}

/**
 * Whether the writes go through TransactWriteItems: in a transaction of the application, where several items change
 * together, or where guards or parents have to be checked in the same moment.
 */
function isTransactional(plan: PatternPlan, effects: readonly WriteEffect[], places: Places): boolean {
  if (plan.pattern.transactions.length > 0) return effects.length > 0;
  return effects.some((effect) => {
    const facts = places.get(effect.table)?.entity.design.facts;
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

function effectCost(
  effect: WriteEffect,
  entity: PlacedEntity,
  transactional: boolean,
  input: CandidateInput,
): { readonly units: number; readonly items: number } {
  const bytes = entity.size.typical;
  // Transactions cost twice (Developer Guide, "Amazon DynamoDB Transactions: capacity management"); index
  // entries are written afterwards, by replication, at the ordinary price.
  const base = writeUnits(bytes) * (transactional ? 2 : 1);
  const indexes = entity.indexes.reduce(
    (sum, { design }) =>
      sum + indexWriteUnits(entity.design, design, { ...effect, rowsPerSecond: 0, peakRowsPerSecond: 0 }, bytes),
    0,
  );
  const { facts } = entity.design;
  const touches = (columns: readonly (string | null)[]) =>
    effect.kind !== 'update' || columns.some((column) => column && effect.assigned.includes(column));
  const uniques = facts.indexes.filter(
    (index) => index.unique && index.name !== 'PRIMARY' && touches(index.parts.map((part) => part.column)),
  );
  // A guard is one small item, put or deleted in the transaction; a changed value does both.
  const guards = uniques.length * (effect.kind === 'update' ? 2 : 1);
  // A parent is checked by a ConditionCheck, which costs what writing it would.
  const parents = effect.kind === 'delete' ? [] : facts.foreignKeys.filter((key) => touches(key.columns));
  const checks = parents.reduce((sum, key) => sum + 2 * writeUnits(parentBytes(key.referencedTable, input)), 0);
  const counter = effect.kind === 'insert' && facts.columns.some((column) => column.autoIncrement) ? 1 : 0;
  return {
    units: effect.rows * (base + indexes + 2 * guards + checks + counter),
    // Rows of one statement mostly have the same parents, which are checked once.
    items: transactional ? effect.rows * (1 + guards) + parents.length : 0,
  };
}

function parentBytes(table: string, input: CandidateInput): number {
  const facts = input.analysis.tables.find(({ name }) => name === table);
  return Math.max(1, facts?.statistics.rowBytes.p50 ?? 1);
}

function storedBytes(table: ModelTable): number {
  let bytes = 0;
  for (const { design, indexes, size } of table.entities) {
    const entries = indexes.map((index) => entryBytes(design, index.design, size.typical) + ITEM_OVERHEAD_BYTES);
    const all = entries.reduce((sum, entry) => sum + entry, size.typical + ITEM_OVERHEAD_BYTES);
    bytes += design.facts.statistics.rows * all;
  }
  return bytes;
}
