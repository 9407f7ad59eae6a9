import { foldText } from './collation.ts';
import { readKeyTemplate } from './key-template.ts';
import type { ColumnModel, EntityModel } from './model.ts';

/** The text of a key column's NULL: no encoded value can be it, since `~` in values is escaped. */
export const NULL_IN_KEY = '~';

const SIGNED_OFFSET = 1n << 63n;
const TEXT = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set', 'uuid']);
const INTEGERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'integer', 'bigint', 'year', 'bit']);

/** Text of one value in a composed key, so that byte order is value order; see `docs/value-encoding.md`. */
export function encodeKeyPart(column: ColumnModel, stored: string | Uint8Array, fold: boolean): string {
  if (typeof stored !== 'string') return Buffer.from(stored).toString('hex');
  if (TEXT.has(column.dataType)) return escapeKeyText(fold ? foldText(stored, column.collation ?? 'binary') : stored);
  if (column.dataType === 'decimal' || column.dataType === 'numeric') return encodeDecimal(column, stored);
  if (INTEGERS.has(column.dataType)) {
    const unsigned = column.unsigned === true || column.dataType === 'bit' || column.dataType === 'year';
    return (BigInt(stored) + (unsigned ? 0n : SIGNED_OFFSET)).toString().padStart(20, '0');
  }
  if (['date', 'datetime', 'timestamp', 'time'].includes(column.dataType)) return stored;
  throw new TypeError(`A ${column.dataType} can't stand in a key.`);
}

function encodeDecimal(column: ColumnModel, stored: string): string {
  const precision = column.precision ?? 10;
  const scale = column.scale ?? 0;
  const [whole = '0', fraction = ''] = stored.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
  const signed = stored.startsWith('-') ? -units : units;
  return (signed + 10n ** BigInt(precision)).toString().padStart(precision + 1, '0');
}

/** Keeps the characters that have a meaning in composed keys out of values. */
export function escapeKeyText(text: string): string {
  return text.replace(/[%#~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Stored texts of an entity's columns by column name: digits, text or bytes; absent or null for NULL. */
export type StoredValues = Readonly<Record<string, string | Uint8Array | null | undefined>>;

/**
 * The key that a template gives for these values: text, or for native keys the value itself; null where a native
 * column is NULL.
 */
export function encodeKey(entity: EntityModel, template: string, values: StoredValues): string | Uint8Array | null {
  const { native } = readKeyTemplate(template);
  if (native !== null) return values[native] ?? null;
  return encodeKeyPrefix(entity, template, values).text;
}

/**
 * The start of a composed key as far as the values are known, for `begins_with`; `complete` when it is all of it.
 * Ends with the fixed text behind the last known value, so that `1#` never matches `12#`.
 */
export function encodeKeyPrefix(
  entity: EntityModel,
  template: string,
  values: StoredValues,
): { text: string; complete: boolean } {
  let text = '';
  for (const part of readKeyTemplate(template).parts) {
    if (part.kind === 'text') {
      text += part.text;
      continue;
    }
    const column = entity.columns[part.column];
    if (column === undefined) throw new RangeError(`${entity.sourceTable} has no column ${part.column}.`);
    const value = values[part.column];
    if (value === undefined) return { text, complete: false };
    text += value === null ? NULL_IN_KEY : encodeKeyPart(column, value, part.fold);
  }
  return { text, complete: true };
}
