import type { AccessPath } from './access-path.ts';
import type { CandidateInput } from './candidates.ts';
import { CAPABILITY_GAPS } from '../../contract/capabilities.ts';
import { copyEffects, isCopied, type CopyEffect } from './copy-effects.ts';
import { pathOf } from './index-choice.ts';
import { entryBytes, indexWriteUnits } from './index-entry.ts';
import type { Lookup, PatternPlan } from './lookups.ts';
import { brokenLimits } from './limits.ts';
import { scanSize, type Model, type ModelTable, type PlacedEntity } from './model.ts';
import { addLoads, ITEM_OVERHEAD_BYTES, monthlyCost, type Load, type MonthlyCost } from './pricing.ts';
import { writeEffects, type WriteEffect } from './write-effects.ts';
import { counterUnits, guardedKeys, touches, transactionUnits } from './write-units.ts';

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
  let transactionItems = copied.reduce((sum, { cascaded }) => sum + cascaded, 0);
  for (const effect of effects) {
    const placement = places.get(effect.table);
    if (!placement) continue;
    const cost = effectCost(effect, placement.entity, input);
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
  return { plan, model, served, effects, ...sums, tableOf };
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

function effectCost(
  effect: WriteEffect,
  entity: PlacedEntity,
  input: CandidateInput,
): { readonly units: number; readonly items: number } {
  const bytes = entity.size.typical;
  const indexes = entity.indexes.reduce(
    (sum, { design }) =>
      sum + indexWriteUnits(entity.design, design, { ...effect, rowsPerSecond: 0, peakRowsPerSecond: 0 }, bytes),
    0,
  );
  const { facts } = entity.design;
  // A guard is one small item, put or deleted in the transaction; a changed value does both.
  const guards = guardedKeys(facts, effect).length * (effect.kind === 'update' ? 2 : 1);
  const parents = effect.kind === 'delete' ? [] : facts.foreignKeys.filter((key) => touches(effect, key.columns));
  let checks = { units: 0, items: 0 };
  for (const [at, key] of parents.entries()) {
    // A parent is checked once in a transaction: rows inserted together share their first, rows updated together all.
    const times = effect.kind === 'insert' && at > 0 ? effect.rows : Math.min(1, effect.rows);
    const units = times * transactionUnits(parentBytes(key.referencedTable, input));
    checks = { units: checks.units + units, items: checks.items + times };
  }
  const row = transactionUnits(bytes) + indexes + guards * transactionUnits(1);
  return {
    units: effect.rows * row + checks.units + counterUnits(facts, effect),
    items: effect.rows * (1 + guards) + checks.items,
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
