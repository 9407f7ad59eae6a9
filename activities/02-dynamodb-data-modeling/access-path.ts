import type { IndexDesign } from './index-design.ts';
import { coversLookup, entryBytes } from './index-entry.ts';
import { PAGE, type Lookup } from './lookups.ts';
import { getUnits, rangeUnits } from './pricing.ts';
import { RANGE_SHARE, type Estimator } from './statistics.ts';
import type { EntityDesign } from './table-design.ts';

/** How a lookup is made, and what one execution of its pattern costs by it. */
export interface AccessPath {
  readonly operation: 'get' | 'batch-get' | 'query' | 'scan';
  readonly index: IndexDesign | null;
  /** Items read each time, before filters. */
  readonly items: number;
  /** Read units of all times together. */
  readonly units: number;
  /** Whether the items come in the order that the lookup wants. */
  readonly ordered: boolean;
}

/** Sizes that paths are priced with. */
export interface PathSizes {
  readonly itemBytes: number;
  /** Items in the DynamoDB table that a scan has to pass, and their mean size; more than the entity's when shared. */
  readonly scanItems: number;
  readonly scanItemBytes: number;
}

/** All ways to make a lookup with these indexes, the base table's key and a scan among them. */
export function accessPaths(
  entity: EntityDesign,
  lookup: Lookup,
  indexes: readonly IndexDesign[],
  estimate: Estimator,
  sizes: PathSizes,
): AccessPath[] {
  const paths: AccessPath[] = [];
  const has = (column: string) => lookup.equality.includes(column) && !lookup.nulls.includes(column);
  if (entity.primaryKey.every(has)) {
    // The whole key names one item: nothing is more exact, and it is the only read that can be strongly consistent.
    const operation = lookup.inList.length > 0 || lookup.times > 1 ? 'batch-get' : 'get';
    return [{ operation, index: null, items: 1, units: lookup.times * getUnits(sizes.itemBytes), ordered: true }];
  }
  if (entity.sk && entity.pk.columns.every(has)) paths.push(query(null, entity.pk.columns, entity.sk.columns));
  for (const index of indexes) {
    const bound = index.pk.columns.every((column) => lookup.equality.includes(column));
    const nulls = index.pk.columns.some((column) => lookup.nulls.includes(column));
    const native = index.pk.template === `{${index.pk.columns[0]}}`;
    const listed = index.pk.columns.length > 1 && index.pk.columns.some((column) => lookup.inList.includes(column));
    // A native key leaves rows with NULL out of the index, so asking for them needs a composed one.
    if (bound && !(nulls && native) && !listed) paths.push(query(index, index.pk.columns, index.sk?.columns ?? []));
  }
  const scanned = Math.max(1, sizes.scanItems);
  const scanUnits = lookup.times * rangeUnits(scanned, sizes.scanItemBytes, 'strong');
  paths.push({ operation: 'scan', index: null, items: scanned, units: scanUnits, ordered: lookup.order.length === 0 });
  return paths;

  function query(index: IndexDesign | null, partition: readonly string[], sort: readonly string[]): AccessPath {
    let items = estimate.matches(entity.facts.name, partition);
    const [first] = sort;
    if (first !== undefined && lookup.range.includes(first)) items *= RANGE_SHARE;
    const filtered = lookup.equality.some((column) => !partition.includes(column));
    const ordered = givesOrder(lookup, sort);
    if (lookup.limited && !filtered && ordered) items = Math.min(items, PAGE);
    items = Math.max(1, items);
    return { operation: 'query', index, items, units: lookup.times * unitsOf(index, items), ordered };
  }

  function unitsOf(index: IndexDesign | null, items: number): number {
    if (!index) return rangeUnits(items, sizes.itemBytes, 'strong');
    const read = rangeUnits(items, entryBytes(entity, index, sizes.itemBytes), 'eventual');
    // Each shard is a Query of its own, which costs half a unit at least; rows that entries lack are got one by one.
    const fetched = coversLookup(entity, index, lookup) ? 0 : items * getUnits(sizes.itemBytes);
    return Math.max(read, index.shards / 2) + fetched;
  }
}

/** The cheapest path; among equals the one that reads fewer items, then the one that gives the order, then the base table. */
export function cheapestPath(paths: readonly AccessPath[]): AccessPath {
  const [first, ...rest] = paths;
  if (!first) throw new Error('A lookup always has a path: the scan.');
  return rest.reduce((best, path) => (compare(path, best) < 0 ? path : best), first);
}

function compare(a: AccessPath, b: AccessPath): number {
  if (a.units !== b.units) return a.units - b.units;
  if (a.items !== b.items) return a.items - b.items;
  if (a.ordered !== b.ordered) return a.ordered ? -1 : 1;
  return (a.index?.name ?? '') < (b.index?.name ?? '') ? -1 : 1;
}

/** Whether the sort key's columns give the lookup's order, in one direction, as far as the order goes. */
export function givesOrder(lookup: Lookup, sort: readonly string[]): boolean {
  const direction = lookup.order[0]?.descending;
  return lookup.order.every(({ column, descending }, at) => sort[at] === column && descending === direction);
}
