import type { KeyDesign } from './keys.ts';
import type { EntityDesign } from './table-design.ts';
import { keyBytes } from './keys.ts';
import { columnOf } from './table-design.ts';

/** Bytes of an item: names and values, as DynamoDB counts them (Developer Guide, "Item sizes and formats"). */
export interface ItemSize {
  readonly typical: number;
  readonly p99: number;
  readonly largest: number;
  /** False when the table had no rows to sample; the size is then assumed from the columns. */
  readonly measured: boolean;
}

/** A value's bytes where no row was there to be sampled: a number, a date or a short text. */
const ASSUMED_VALUE_BYTES = 16;

/** Bytes of a column's attribute in an item on average, its name included: measured where stage 1 sampled values. */
export function columnBytes(entity: EntityDesign, name: string): number {
  const { valueBytes } = columnOf(entity.facts, name);
  const attribute = Buffer.byteLength(entity.attributes.get(name) ?? name);
  if (valueBytes) return (1 - valueBytes.nullShare) * (attribute + valueBytes.mean);
  const { rowBytes } = entity.facts.statistics;
  const share = rowBytes.p50 / Math.max(1, entity.facts.columns.length);
  return attribute + (rowBytes.sampled > 0 ? share : ASSUMED_VALUE_BYTES);
}

/** Version attribute `_v` with a small number. */
const VERSION_BYTES = 4;

/** The size of an entity's items: sampled row values, attribute names, and the composed keys that are stored beside them. */
export function itemSize(entity: EntityDesign, keys: readonly KeyDesign[], shared: boolean): ItemSize {
  const { rowBytes } = entity.facts.statistics;
  const names = [...entity.attributes.values()].reduce((sum, name) => sum + Buffer.byteLength(name), 0);
  const composed = new Map(keys.filter((key) => !isColumnItself(entity, key)).map((key) => [key.attribute, key]));
  const keyBytesSum = [...composed.values()].reduce(
    (sum, key) => sum + key.attribute.length + typicalKeyBytes(entity, key),
    0,
  );
  const type = shared ? '_type'.length + entity.facts.name.length : 0;
  const fixed = names + keyBytesSum + type + VERSION_BYTES;
  if (rowBytes.sampled === 0) {
    const assumed = fixed + ASSUMED_VALUE_BYTES * entity.facts.columns.length;
    return { typical: assumed, p99: assumed, largest: assumed, measured: false };
  }
  const of = (values: number) => Math.ceil(values + fixed);
  return { typical: of(rowBytes.p50), p99: of(rowBytes.p99), largest: of(rowBytes.max), measured: true };
}

/** Whether a key attribute is the column's own attribute, so that it takes no bytes of its own. */
export function isColumnItself(entity: EntityDesign, key: KeyDesign): boolean {
  const [column] = key.columns;
  return key.columns.length === 1 && column !== undefined && entity.attributes.get(column) === key.attribute;
}

/** Template text, and for each column its encoded length; of text a quarter of the most, which the type allows. */
export function typicalKeyBytes(entity: EntityDesign, key: KeyDesign): number {
  const text = key.template.replace(/\{[^}]*\}/g, '').length;
  return key.columns.reduce((sum, name) => {
    const column = columnOf(entity.facts, name);
    const most = keyBytes(column);
    return sum + (column.collation === null || column.labels ? Math.min(most, 40) : Math.min(most / 4, 40));
  }, text);
}
