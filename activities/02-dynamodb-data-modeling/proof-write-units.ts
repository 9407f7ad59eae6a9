import type { TableFacts } from '../../core/analysis.ts';
import { itemOf, rowToItem, tableOf, type Item, type SourceRow } from '../../runtime/store/codec.ts';
import type { StoredValues } from '../../runtime/store/key-encoding.ts';
import type { StoreModel } from '../../runtime/store/model.ts';
import type { Change } from '../../runtime/store/transaction.ts';
import type { PatternCost } from './evaluate.ts';
import { itemBytes } from './item-bytes.ts';
import { placementOf, type PlacedEntity } from './model.ts';
import { getUnits, writeUnits } from './pricing.ts';
import type { CheckCharge } from './proof-meter.ts';
import type { WriteEffect } from './write-effects.ts';
import { counterUnits, guardedKeys, touches, TRANSACTION_FACTOR, transactionUnits } from './write-units.ts';

type ForeignKey = TableFacts['foreignKeys'][number];

/** Rows by source table, which are in the tables too. */
export type Samples = ReadonlyMap<string, readonly SourceRow[]>;

/** New items get a version of as many digits as the time has. */
const NEW_VERSION = 1_700_000_000_001n;

/** What an item is before a change and after it; undefined where there is none. */
export interface Images {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** The items of a change, as the store has and writes them. */
export function imagesOf(model: StoreModel, { entity, before, after }: Change): Images {
  const version = before === null ? NEW_VERSION : before.version + 1n;
  return {
    before: before === null ? undefined : itemOf(model, entity, before.stored, before.version),
    after: after === null ? undefined : itemOf(model, entity, after, version),
  };
}

/**
 * Units by the model's rules for the rows that were written, with their own sizes: each item, its index entries and
 * guards, the parents that are checked, and the id counter. A change that the model does not foresee counts nothing, and
 * so shows as a difference. Checks are counted by the endpoint's own rule.
 */
export function computedWriteUnits(
  cost: PatternCost,
  changes: readonly Change[],
  charge: CheckCharge,
  model: StoreModel,
  samples: Samples,
): number {
  let units = checkUnits(cost, changes, charge, model, samples);
  const counted = new Set<WriteEffect>();
  for (const change of changes) {
    const { effect, placed } = foreseen(cost, change);
    if (!effect || !placed) continue;
    const { facts } = placed.design;
    const images = imagesOf(model, change);
    units += transactionUnits(largest(images)) + entryUnits(effect, placed, change, images, model);
    const states = [change.before?.stored, change.after].filter((one) => one !== null && one !== undefined);
    for (const columns of guardedKeys(facts, effect)) {
      units += states.filter((stored) => isWhole(stored, columns)).length * transactionUnits(1);
    }
    if (!counted.has(effect)) units += counterUnits(facts, effect);
    counted.add(effect);
  }
  return units;
}

/** What the model says of a change: the effect that it foresees, and where the row lies. */
function foreseen(
  cost: PatternCost,
  { entity, before, after }: Change,
): { readonly effect: WriteEffect | undefined; readonly placed: PlacedEntity | undefined } {
  const kind = before === null ? 'insert' : after === null ? 'delete' : 'update';
  return {
    effect: cost.effects.find((one) => one.table === entity.sourceTable && one.kind === kind),
    placed: placementOf(cost.model, entity.sourceTable)?.entity,
  };
}

/** Each parent once, however many rows refer to it; what is NULL refers to nobody, and what is written needs no check. */
function checkUnits(
  cost: PatternCost,
  changes: readonly Change[],
  charge: CheckCharge,
  model: StoreModel,
  samples: Samples,
): number {
  const parents = new Map<string, number>();
  for (const change of changes) {
    const { after } = change;
    if (after === null) continue;
    const { effect, placed } = foreseen(cost, change);
    for (const key of placed?.design.facts.foreignKeys ?? []) {
      if (!effect || !touches(effect, key.columns) || !isWhole(after, key.columns)) continue;
      const values = key.columns.map((column) => String(after[column]));
      if (changes.some((other) => isRow(other, key, values))) continue;
      parents.set(JSON.stringify([key.referencedTable, values]), parentBytes(key, values, model, samples));
    }
  }
  return [...parents.values()].reduce((sum, bytes) => sum + chargeOf(bytes, charge), 0);
}

function chargeOf(bytes: number, charge: CheckCharge): number {
  switch (charge) {
    case 'as a write':
      return transactionUnits(bytes);
    case 'as a read':
      return TRANSACTION_FACTOR * getUnits(bytes);
    case 'unknown':
      return 0;
  }
}

function isRow({ entity, before, after }: Change, key: ForeignKey, values: readonly string[]): boolean {
  if (entity.sourceTable !== key.referencedTable) return false;
  const row = before?.stored ?? after;
  return key.referencedColumns.every((column, at) => String(row?.[column]) === values[at]);
}

/** Of a parent that is not in the sample one unit is taken. */
function parentBytes(key: ForeignKey, values: readonly string[], model: StoreModel, samples: Samples): number {
  const entity = model.entities[key.referencedTable];
  const row = samples
    .get(key.referencedTable)
    ?.find((one) => key.referencedColumns.every((column, at) => String(one[column]) === values[at]));
  return entity && row ? itemBytes(rowToItem(model, entity, row, 0n)) : 1;
}

/** A unique key with a NULL in it has no guard. */
function isWhole(stored: StoredValues, columns: readonly string[]): boolean {
  return columns.every((column) => (stored[column] ?? null) !== null);
}

function entryUnits(
  { kind, assigned }: WriteEffect,
  placed: PlacedEntity,
  { entity }: Change,
  images: Images,
  model: StoreModel,
): number {
  let units = 0;
  for (const { name, design } of placed.indexes) {
    const index = tableOf(model, entity).indexes[name];
    if (!index) continue;
    const keys = [index.pk.attribute, ...(index.sk ? [index.sk.attribute] : [])];
    // Without one of its keys a row has no entry.
    const entries = {
      before: images.before && keys.every((key) => images.before?.[key]) ? images.before : undefined,
      after: images.after && keys.every((key) => images.after?.[key]) ? images.after : undefined,
    };
    const moves = [...design.pk.columns, ...(design.sk?.columns ?? [])].some((column) => assigned.includes(column));
    if (kind === 'update' && !moves) units += charge(largest(entries));
    else units += charge(size(entries.before)) + charge(size(entries.after));
  }
  return units;
}

function charge(bytes: number): number {
  return bytes === 0 ? 0 : writeUnits(bytes);
}

function size(item: Item | undefined): number {
  return item ? itemBytes(item) : 0;
}

/** A change of an item costs by the larger of its two sizes. */
function largest({ before, after }: Images): number {
  return Math.max(size(before), size(after));
}
