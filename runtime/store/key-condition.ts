import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { attribute, type Item } from './codec.ts';
import { compareCodePoints } from './collation.ts';
import { encodeKey, encodeKeyPrefix, type StoredValues } from './key-encoding.ts';
import { readKeyTemplate } from './key-template.ts';
import { rangeForm, rangeStored } from './lookup.ts';
import type { EntityModel, KeyModel, TableModel } from './model.ts';
import type { Path } from './paths.ts';
import type { Value } from './value.ts';

/** Bounds of the first unknown column of the sort key, both included; what is read is wider at times, never narrower. */
export interface Range {
  readonly column: string;
  readonly from?: Value;
  readonly to?: Value;
}

/** The key condition of a query; null when no item can match. */
export function keyCondition(
  entity: EntityModel,
  path: Path,
  keys: Pick<TableModel, 'pk' | 'sk'>,
  known: StoredValues,
  range: Range | undefined,
): Partial<QueryCommandInput> | null {
  const pk = encodeKey(entity, path.pk, known);
  if (pk === null) return null;
  const names: Record<string, string> = { '#pk': keys.pk.attribute };
  const values: Item = { ':pk': attribute(keys.pk.type, pk) };
  const bounds = keys.sk === null || path.sk === null ? [] : sortBounds(entity, path.sk, keys.sk, known, range);
  if (bounds === null) return null;
  let condition = '#pk = :pk';
  if (keys.sk !== null && bounds.length > 0) {
    names['#sk'] = keys.sk.attribute;
    const [operator = '', first, second] = bounds;
    values[':a'] = attribute(keys.sk.type, first ?? '');
    if (second !== undefined) values[':b'] = attribute(keys.sk.type, second);
    condition += ` AND ${operator as string}`;
  }
  return { KeyConditionExpression: condition, ExpressionAttributeNames: names, ExpressionAttributeValues: values };
}

/** Operator and operands of the sort key's condition; nothing for the whole partition, null for no item at all. */
function sortBounds(
  entity: EntityModel,
  template: string,
  key: KeyModel,
  known: StoredValues,
  range: Range | undefined,
): (string | Uint8Array)[] | null {
  const { native } = readKeyTemplate(template);
  const column = range === undefined ? undefined : entity.columns[range.column];
  if (native !== null) {
    const value = known[native];
    if (value !== undefined) return value === null ? null : ['#sk = :a', value];
    if (range === undefined || column === undefined || range.column !== native || key.type === 'B') return [];
    const from = range.from === undefined ? undefined : rangeStored(column, range.from, 'from');
    const to = range.to === undefined ? undefined : rangeStored(column, range.to, 'to');
    return operators(from, to);
  }
  const prefix = encodeKeyPrefix(entity, template, known);
  if (prefix.complete) return ['#sk = :a', prefix.text];
  if (range !== undefined && column !== undefined) {
    const from = range.from === undefined ? undefined : rangeForm(column, range.from, 'from');
    const to = range.to === undefined ? undefined : rangeForm(column, range.to, 'to');
    // Behind a value comes at most its separator and more: the highest character closes the range above all of it.
    const low = from === undefined ? prefix.text : prefix.text + from;
    if (from !== undefined || to !== undefined) {
      if (to === undefined) return prefix.text === '' ? ['#sk >= :a', low] : operators(low, `${prefix.text}\u{10ffff}`);
      return low === '' ? operators(undefined, `${prefix.text}${to}\u{10ffff}`) : operators(low, `${prefix.text}${to}\u{10ffff}`); // prettier-ignore
    }
  }
  return prefix.text === '' ? [] : ['begins_with(#sk, :a)', prefix.text];
}

function operators<T extends string | Uint8Array>(from: T | undefined, to: T | undefined): (string | T)[] | null {
  if (from !== undefined && to !== undefined) return reversed(from, to) ? null : ['#sk BETWEEN :a AND :b', from, to];
  if (from !== undefined) return ['#sk >= :a', from];
  return to === undefined ? [] : ['#sk <= :a', to];
}

/** DynamoDB refuses a BETWEEN whose bounds are the wrong way round; in SQL it matches nothing. */
function reversed(from: string | Uint8Array, to: string | Uint8Array): boolean {
  if (typeof from !== 'string' || typeof to !== 'string') return false;
  const numbers = /^-?\d+(\.\d+)?$/;
  if (numbers.test(from) && numbers.test(to)) return Number(from) > Number(to);
  return compareCodePoints(from, to) > 0;
}
