import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { encodeKey, encodeKeyPrefix, type StoredValues } from './key-encoding.ts';
import type { ColumnModel, EntityModel, KeyModel, StoreModel, TableModel } from './model.ts';
import { readKeyTemplate } from './key-template.ts';
import { fromSource, toSource, type SourceValue } from './source-value.ts';

export type { SourceValue } from './source-value.ts';

/** A row of MySQL by column name, as mysql2 gives it when nothing loses precision; see {@link SourceValue}. */
export type SourceRow = Readonly<Record<string, SourceValue>>;
export type Item = Record<string, AttributeValue>;

/** Names of the attributes that the store keeps beside the columns. */
export const VERSION = '_v';
export const DELETED = '_deleted';
export const TYPE = '_type';

/** The whole item of a row, index keys included. Rows may have more columns than the entity maps. */
export function rowToItem(model: StoreModel, entity: EntityModel, row: SourceRow, version: bigint): Item {
  return itemOf(model, entity, storedValues(entity, row), version);
}

/** The row that an item was made of: integers up to INT as numbers, all else exact as text, bytes as Buffer. */
export function itemToRow(entity: EntityModel, item: Item): Record<string, SourceValue> {
  const stored = storedValuesOf(entity, item);
  return Object.fromEntries(
    Object.entries(entity.columns).map(([name, column]) => [name, toSource(column, stored[name] ?? null)]),
  );
}

/** The key of the item that holds the row with these primary key columns. */
export function itemKey(model: StoreModel, entity: EntityModel, keyColumns: SourceRow): Item {
  return keyOf(model, entity, storedValues(entity, keyColumns));
}

/** Guard items of a row, one for each unique key without a NULL in it; for the support table. */
export function guardItems(model: StoreModel, entity: EntityModel, row: SourceRow): Item[] {
  const stored = storedValues(entity, row);
  return guardKeys(entity, stored).map(({ key }) => guardItem(model, entity, key, stored));
}

/** Tombstone of a deleted row: its key and version, and nothing that an index would hold. */
export function tombstone(model: StoreModel, entity: EntityModel, keyColumns: SourceRow, version: bigint): Item {
  return {
    ...itemKey(model, entity, keyColumns),
    [VERSION]: { N: version.toString() },
    [DELETED]: { BOOL: true },
  };
}

/** {@link rowToItem} for values that have their stored form already. */
export function itemOf(model: StoreModel, entity: EntityModel, stored: StoredValues, version: bigint): Item {
  const table = tableOf(model, entity);
  const item: Item = {};
  for (const [name, column] of Object.entries(entity.columns)) {
    const value = stored[name];
    if (value !== null && value !== undefined) item[column.attribute] = attribute(column.type, value);
  }
  for (const [name, templates] of Object.entries(entity.indexes)) {
    const index = table.indexes[name];
    if (index === undefined) throw new RangeError(`Table ${table.name} has no index ${name}.`);
    setKey(item, entity, index.pk, templates.pk, stored);
    if (index.sk && templates.sk !== null) setKey(item, entity, index.sk, templates.sk, stored);
  }
  Object.assign(item, keyOf(model, entity, stored), { [VERSION]: { N: version.toString() } });
  if (sharesTable(model, entity)) item[TYPE] = { S: entity.entityType };
  return item;
}

/** The primary key attributes of the item with these stored values. */
export function keyOf(model: StoreModel, entity: EntityModel, stored: StoredValues): Item {
  const table = tableOf(model, entity);
  const key: Item = {};
  setKey(key, entity, table.pk, entity.pk, stored);
  if (table.sk && entity.sk !== null) setKey(key, entity, table.sk, entity.sk, stored);
  if (Object.keys(key).length !== (table.sk ? 2 : 1)) {
    throw new TypeError(`A key column of ${entity.sourceTable} is NULL or missing.`);
  }
  return key;
}

/** Keys of the guards of a row, with the unique key that each stands for. */
export function guardKeys(
  entity: EntityModel,
  stored: StoredValues,
): { readonly unique: EntityModel['uniques'][number]; readonly key: string }[] {
  return entity.uniques
    .filter(({ columns }) => columns.every((column) => (stored[column] ?? null) !== null))
    .map((unique) => ({ unique, key: encodeKeyPrefix(entity, unique.guard, stored).text }));
}

export function guardItem(model: StoreModel, entity: EntityModel, key: string, stored: StoredValues): Item {
  return { [supportTable(model).pk.attribute]: { S: key }, owner: { S: ownerOf(entity, stored) } };
}

/** The owner that a guard names: the primary key columns, encoded as a template `{a}#{b}`. */
export function ownerOf(entity: EntityModel, stored: StoredValues): string {
  const template = entity.primaryKey.map((column) => `{${column}}`).join('#');
  const { native } = readKeyTemplate(template);
  // One column alone would be a native key; a guard's owner is text, with the digits and letters as they are.
  return native === null ? encodeKeyPrefix(entity, template, stored).text : textOf(encodeKey(entity, template, stored));
}

function textOf(value: string | Uint8Array | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : Buffer.from(value).toString('hex');
}

/** Stored forms of a row's columns; columns that the row lacks stay undefined. */
export function storedValues(entity: EntityModel, row: SourceRow): StoredValues {
  return Object.fromEntries(
    Object.entries(entity.columns)
      .filter(([name]) => row[name] !== undefined)
      .map(([name, column]) => [name, fromSource(column, row[name] ?? null)]),
  );
}

/** Stored forms out of an item. */
export function storedValuesOf(entity: EntityModel, item: Item): StoredValues {
  return Object.fromEntries(
    Object.entries(entity.columns).map(([name, column]) => {
      const value = item[column.attribute];
      return [name, value?.S ?? value?.N ?? value?.B ?? null];
    }),
  );
}

export function tableOf(model: StoreModel, entity: EntityModel): TableModel {
  const table = model.tables[entity.table];
  if (table === undefined) throw new RangeError(`The model has no table ${entity.table}.`);
  return table;
}

export function supportTable(model: StoreModel): TableModel {
  const table = model.tables[model.supportTable];
  if (table === undefined) throw new RangeError('The model has no support table, which guards and counters need.');
  return table;
}

/** Whether items of other kinds stand in the same table, so that each must say what it is. */
export function sharesTable(model: StoreModel, entity: EntityModel): boolean {
  return Object.values(model.entities).some((other) => other !== entity && other.table === entity.table);
}

function setKey(item: Item, entity: EntityModel, key: KeyModel, template: string, stored: StoredValues): void {
  const value = encodeKey(entity, template, stored);
  if (value !== null) item[key.attribute] = attribute(key.type, value);
}

export function attribute(type: ColumnModel['type'], value: string | Uint8Array): AttributeValue {
  if (typeof value !== 'string') return { B: value };
  return type === 'N' ? { N: value } : { S: value };
}
