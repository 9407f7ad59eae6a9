import { accessPaths, cheapestPath, type AccessPath, type PathSizes } from './access-path.ts';
import { indexOptions, type IndexDesign, type Projection } from './index-design.ts';
import type { Lookup } from './lookups.ts';
import { isKeyable } from './keys.ts';
import { entryBytes, indexWriteUnits, projectedColumns } from './index-entry.ts';
import { monthlyCost, ITEM_OVERHEAD_BYTES, type PriceTable } from './pricing.ts';
import type { Estimator } from './statistics.ts';
import { columnOf, type EntityDesign } from './table-design.ts';

/** Rows of an entity written a second, by kind; `assigned` are the columns that an update sets. */
export interface WriteLoad {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly assigned: readonly string[];
  readonly rowsPerSecond: number;
  readonly peakRowsPerSecond: number;
}

/** How far a model goes with indexes. */
export type IndexPolicy =
  /** An index where it costs less than what it saves. */
  | 'priced'
  /** The best index for every lookup, whatever it costs: shortest answers. */
  | 'every-lookup'
  /** Only the indexes without which a selective condition would scan. */
  | 'fewest';

export interface ChoiceInput {
  readonly entity: EntityDesign;
  readonly lookups: readonly Lookup[];
  readonly writes: readonly WriteLoad[];
  readonly estimate: Estimator;
  readonly sizes: PathSizes;
  readonly prices: PriceTable;
}

/** What a set of indexes costs, compared field by field: how wrong it is, how dear, and then how clumsy. */
interface SetCost {
  /** Selective accesses that would scan. */
  readonly forbidden: number;
  /** Their number, where the policy is to have few; else 0. */
  readonly indexes: number;
  /** US$ a month. */
  readonly dollars: number;
  /** Items read, twice where they have to be sorted in memory, and indexes: decides among equal prices. */
  readonly effort: number;
}

/**
 * Chooses the indexes of one entity. Tables don't share lookups, so each is decided alone. An index is added, removed
 * or exchanged as long as the best of these steps lowers the cost: a local search, deterministic because options are
 * in order of name, that ends because the cost falls with every step.
 */
export function chooseIndexes(input: ChoiceInput, policy: IndexPolicy): IndexDesign[] {
  const options = indexOptions(input.entity, input.lookups, input.estimate);
  if (policy === 'every-lookup') return bestOfEach(input, options);
  let chosen: readonly IndexDesign[] = [];
  let current = setCost(input, chosen, policy);
  for (;;) {
    let best: { set: readonly IndexDesign[]; cost: SetCost } | null = null;
    for (const set of neighbours(chosen, options)) {
      const cost = setCost(input, set, policy);
      if (compareCosts(cost, best?.cost ?? current) < 0) best = { set, cost };
    }
    if (!best) return [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1));
    chosen = best.set;
    current = best.cost;
  }
}

/**
 * The same indexes, each projecting what costs least: everything, what its patterns read, or keys alone with a read
 * of the item after it. One after the other, in order of name.
 */
export function projectIndexes(input: ChoiceInput, chosen: readonly IndexDesign[]): IndexDesign[] {
  let indexes = [...chosen];
  for (const [at, index] of indexes.entries()) {
    const options = projections(input, indexes, index).map((projection) => indexes.with(at, { ...index, projection }));
    for (const option of options) {
      if (compareCosts(setCost(input, option, 'priced'), setCost(input, indexes, 'priced')) < 0) indexes = option;
    }
  }
  return indexes;
}

/** Attributes that all INCLUDE projections of a table may name together (Developer Guide, "Quotas"). */
const INCLUDED_ATTRIBUTES = 100;

function projections(input: ChoiceInput, set: readonly IndexDesign[], index: IndexDesign): Projection[] {
  const keysOnly: Projection = { kind: 'KEYS_ONLY', columns: [] };
  const needed = new Set<string>();
  for (const lookup of input.lookups) {
    if (pathOf(input, lookup, set).index !== index) continue;
    if (lookup.columns === null) return [keysOnly];
    for (const column of lookup.columns) needed.add(column);
  }
  const held = projectedColumns(input.entity, { ...index, projection: keysOnly });
  const columns = [...needed].filter((column) => !held.has(column)).sort();
  const included = set.reduce((sum, other) => sum + other.projection.columns.length, columns.length);
  if (columns.length === 0 || included > INCLUDED_ATTRIBUTES) return [keysOnly];
  return [keysOnly, { kind: 'INCLUDE', columns }];
}

/** Sets that differ by one index added, removed or exchanged. */
function neighbours(chosen: readonly IndexDesign[], options: readonly IndexDesign[]): IndexDesign[][] {
  const others = options.filter((option) => !chosen.includes(option));
  const without = chosen.map((removed) => chosen.filter((index) => index !== removed));
  return [
    ...others.map((option) => [...chosen, option]),
    ...without,
    ...without.flatMap((rest) => others.map((option) => [...rest, option])),
  ];
}

function compareCosts(a: SetCost, b: SetCost): number {
  if (a.forbidden !== b.forbidden) return a.forbidden - b.forbidden;
  if (a.indexes !== b.indexes) return a.indexes - b.indexes;
  // Sums in another order differ in their last digits; that is no difference in price.
  if (Math.abs(a.dollars - b.dollars) > 1e-9 * Math.max(1, a.dollars, b.dollars)) return a.dollars - b.dollars;
  return Math.abs(a.effort - b.effort) > 1e-9 * Math.max(1, a.effort, b.effort) ? a.effort - b.effort : 0;
}

/** The path of a lookup by a set of indexes. A scan is taken only where {@link mayScan} or nothing else is left. */
export function pathOf(
  input: Omit<ChoiceInput, 'lookups' | 'writes' | 'prices'>,
  lookup: Lookup,
  set: readonly IndexDesign[],
): AccessPath {
  const paths = accessPaths(input.entity, lookup, set, input.estimate, input.sizes);
  const keyed = paths.filter((path) => path.operation !== 'scan');
  return cheapestPath(keyed.length > 0 && !mayScan(input.entity, lookup, input.estimate) ? keyed : paths);
}

/**
 * A condition that selects few rows of a table must have a key: its cost may not grow with the table, however small
 * the table is today. Only conditions without any such column may be answered by a scan.
 */
export function mayScan(entity: EntityDesign, lookup: Lookup, estimate: Estimator): boolean {
  return !lookup.equality.some(
    (column) => isKeyable(columnOf(entity.facts, column)) && !estimate.fewValues(entity.facts.name, column),
  );
}

function setCost(input: ChoiceInput, set: readonly IndexDesign[], policy: IndexPolicy): SetCost {
  let forbidden = 0;
  let dollars = 0;
  let effort = set.length;
  for (const lookup of input.lookups) {
    const path = pathOf(input, lookup, set);
    if (path.operation === 'scan' && !mayScan(input.entity, lookup, input.estimate)) forbidden += 1;
    dollars += monthly(input, { reads: path.units * lookup.rate.mean });
    effort += path.items * lookup.times * (path.ordered ? 1 : 2);
  }
  const { itemBytes } = input.sizes;
  const { rows } = input.entity.facts.statistics;
  for (const index of set) {
    const bytes = rows * (entryBytes(input.entity, index, itemBytes) + ITEM_OVERHEAD_BYTES);
    const units = (write: WriteLoad) => write.rowsPerSecond * indexWriteUnits(input.entity, index, write, itemBytes);
    dollars += monthly(input, { writes: input.writes.reduce((sum, write) => sum + units(write), 0), bytes });
  }
  return { forbidden, indexes: policy === 'fewest' ? set.length : 0, dollars, effort };
}

function bestOfEach(input: ChoiceInput, options: readonly IndexDesign[]): IndexDesign[] {
  const wanted = new Map<string, IndexDesign>();
  for (const lookup of input.lookups) {
    const paths = accessPaths(input.entity, lookup, options, input.estimate, input.sizes);
    const { index } = cheapestPath(paths);
    if (index) wanted.set(index.name, index);
  }
  return [...wanted.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function monthly(input: ChoiceInput, load: { reads?: number; writes?: number; bytes?: number }): number {
  const { reads = 0, writes = 0, bytes = 0 } = load;
  const full = {
    readsPerSecond: reads,
    writesPerSecond: writes,
    peakReadsPerSecond: 0,
    peakWritesPerSecond: 0,
    storedBytes: bytes,
  };
  return monthlyCost(full, input.prices).onDemand;
}
