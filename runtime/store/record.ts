import { type Item, keyOf, storedValuesOf, tableOf, VERSION } from './codec.ts';
import type { StoredValues } from './key-encoding.ts';
import type { EntityModel, StoreModel } from './model.ts';
import { fromStored, type Row } from './value.ts';

/** Where a row came from: what a write of it needs to know. */
export interface StoredRecord {
  readonly entity: EntityModel;
  readonly id: string;
  readonly stored: StoredValues;
  /** Null for a row that this transaction made itself. */
  readonly version: bigint | null;
}

const records = new WeakMap<Row, StoredRecord>();

/** The row of an item, with its record remembered. */
export function rowOfItem(model: StoreModel, entity: EntityModel, item: Item): Row {
  const stored = storedValuesOf(entity, item);
  return rowOf({ entity, id: recordId(model, entity, stored), stored, version: BigInt(item[VERSION]?.N ?? '0') });
}

export function rowOf(record: StoredRecord): Row {
  const columns = Object.entries(record.entity.columns);
  const row: Row = Object.fromEntries(
    columns.map(([name, column]) => [name, fromStored(column, record.stored[name] ?? null)]),
  );
  records.set(row, record);
  return row;
}

/** The record of a row that was read from the store. */
export function recordOf(row: Row): StoredRecord {
  const record = records.get(row);
  if (record === undefined) throw new TypeError('This row was not read from the store.');
  return record;
}

/** One text for one item of the whole store. */
export function recordId(model: StoreModel, entity: EntityModel, stored: StoredValues): string {
  return itemId(tableOf(model, entity).name, keyOf(model, entity, stored));
}

export function itemId(table: string, key: Item): string {
  const parts = Object.keys(key)
    .sort()
    .map((name) => {
      const value = key[name];
      return value?.B === undefined ? (value?.S ?? value?.N ?? '') : Buffer.from(value.B).toString('hex');
    });
  return JSON.stringify([table, ...parts]);
}
