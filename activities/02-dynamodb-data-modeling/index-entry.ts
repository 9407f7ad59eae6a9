import type { IndexDesign } from './index-design.ts';
import type { WriteLoad } from './index-choice.ts';
import type { Lookup } from './lookups.ts';
import { writeUnits } from './pricing.ts';
import { columnBytes, isColumnItself, typicalKeyBytes } from './sizes.ts';
import type { EntityDesign } from './table-design.ts';

/** Bytes of an index entry: of an index that projects everything the item's, else keys and included columns. */
export function entryBytes(entity: EntityDesign, index: IndexDesign, itemBytes: number): number {
  if (index.projection.kind === 'ALL') return itemBytes;
  const composed = keysOf(entity, index).filter((key) => !isColumnItself(entity, key));
  const keys = new Map(composed.map((key) => [key.attribute, key.attribute.length + typicalKeyBytes(entity, key)]));
  const columns = [...projectedColumns(entity, index)].map((name) => columnBytes(entity, name));
  return Math.min(
    itemBytes,
    [...keys.values(), ...columns].reduce((sum, bytes) => sum + bytes, 0),
  );
}

/** Whether an entry of the index has everything that the lookup's pattern needs of the row. */
export function coversLookup(entity: EntityDesign, index: IndexDesign, lookup: Lookup): boolean {
  if (index.projection.kind === 'ALL') return true;
  if (lookup.columns === null) return false;
  const projected = projectedColumns(entity, index);
  return lookup.columns.every((column) => projected.has(column));
}

/** Columns that entries hold as they are; those of composed keys are folded and encoded, so they don't count. */
export function projectedColumns(entity: EntityDesign, index: IndexDesign): ReadonlySet<string> {
  if (index.projection.kind === 'ALL') return new Set(entity.attributes.keys());
  const native = keysOf(entity, index).filter((key) => isColumnItself(entity, key));
  return new Set([...native.flatMap((key) => key.columns), ...index.projection.columns]);
}

/** Write units that one written row costs in an index: nothing when no projected column changes, twice when its key does. */
export function indexWriteUnits(entity: EntityDesign, index: IndexDesign, write: WriteLoad, itemBytes: number): number {
  const keys = [...index.pk.columns, ...(index.sk?.columns ?? [])];
  const units = writeUnits(entryBytes(entity, index, itemBytes));
  if (write.kind !== 'update') return units;
  if (write.assigned.some((column) => keys.includes(column))) return 2 * units;
  // Every write raises the version attribute, which an index that projects everything holds too.
  if (index.projection.kind === 'ALL') return units;
  const projected = projectedColumns(entity, index);
  return write.assigned.some((column) => projected.has(column)) ? units : 0;
}

function keysOf(entity: EntityDesign, index: IndexDesign) {
  return [entity.pk, entity.sk, index.pk, index.sk].filter((key) => key !== null);
}
