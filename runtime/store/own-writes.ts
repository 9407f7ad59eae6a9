import { compareCodePoints } from './collation.ts';
import { compare } from './compare.ts';
import { encodeKey, encodeKeyPrefix, type StoredValues } from './key-encoding.ts';
import { readKeyTemplate } from './key-template.ts';
import type { EntityModel } from './model.ts';
import type { Path } from './paths.ts';
import { recordOf } from './record.ts';
import { fromStored, type Row } from './value.ts';

/** Whether a row of the transaction's own is among those that a path finds. */
export function matches(entity: EntityModel, path: Path, known: StoredValues, stored: StoredValues): boolean {
  const same = (a: string | Uint8Array | null, b: string | Uint8Array | null): boolean =>
    a !== null && b !== null && Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
  if (!same(encodeKey(entity, path.pk, known), encodeKey(entity, path.pk, stored))) return false;
  if (path.sk === null || path.sortColumns === 0) return true;
  const { native } = readKeyTemplate(path.sk);
  if (native !== null) return same(known[native] ?? null, stored[native] ?? null);
  return encodeKeyPrefix(entity, path.sk, stored).text.startsWith(encodeKeyPrefix(entity, path.sk, known).text);
}

/** Own writes put among what was read, in the order that the index will have. */
export function sortedByKey(entity: EntityModel, path: Path, rows: Row[], backwards: boolean): Row[] {
  const template = path.sk;
  if (template === null) return rows;
  const { native } = readKeyTemplate(template);
  const column = native === null ? undefined : entity.columns[native];
  const order = (a: Row, b: Row): number => {
    const [left, right] = [recordOf(a).stored, recordOf(b).stored];
    if (column !== undefined && native !== null && column.type !== 'S') {
      return compare(fromStored(column, left[native] ?? null), fromStored(column, right[native] ?? null)) ?? 0;
    }
    const [x, y] = [left, right].map((stored) => String(encodeKey(entity, template, stored) ?? '')) as [string, string];
    return compareCodePoints(x, y);
  };
  return rows.sort((a, b) => (backwards ? order(b, a) : order(a, b)));
}
