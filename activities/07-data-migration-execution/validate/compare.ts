import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RowDataPacket } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { CutoverError } from '../../../core/errors/index.ts';
import { foldText } from '../../../runtime/store/collation.ts';
import { canonical, canonicalAttribute, shortestSingle } from './canonical.ts';
import type { ExpectedColumn } from './expected-sql.ts';

export type Item = Record<string, AttributeValue>;

/** One finding of the comparison; names the row by its key and the attributes that differ, never values. */
export interface Difference {
  readonly kind: 'missing' | 'different' | 'extra';
  readonly table: string;
  readonly source: string;
  readonly key: string;
  readonly attributes: readonly string[];
}

/** Attributes that the store keeps for itself, on top of what the source row says. */
const BOOKKEEPING = new Set(['_v', '_type']);

/** What one source row must be: canonical text by attribute. */
export function expectedItem(
  columns: readonly ExpectedColumn[],
  row: RowDataPacket,
  prefix: string,
): Map<string, string> {
  const expected = new Map<string, string>();
  columns.forEach((column, position) => {
    const text =
      column.fold === undefined ? textAt(row, `${prefix}${position}`) : foldedText(column, row, `${prefix}${position}`);
    if (text === null) return;
    expected.set(column.attribute, canonical(column.type, column.single === true ? shortestSingle(text) : text));
  });
  return expected;
}

/** SELECT list that {@link expectedItem} reads; columns are named by position so that no name can clash. */
export function selectList(columns: readonly ExpectedColumn[], prefix: string): string[] {
  return columns.flatMap((column, position) => {
    if (column.fold === undefined) return [`${column.sql} AS ${prefix}${position}`];
    return column.fold.parts.flatMap((part, partPosition) =>
      'literal' in part ? [] : [`${part.sql} AS ${prefix}${position}_${partPosition}`],
    );
  });
}

/** Names of the attributes on which an item is not what its row says; empty when it is equal. */
export function differingAttributes(expected: ReadonlyMap<string, string>, item: Item): string[] {
  const differing = new Set<string>();
  for (const [name, value] of expected) {
    const actual = item[name];
    if (actual === undefined || canonicalAttribute(actual) !== value) differing.add(name);
  }
  for (const name of Object.keys(item)) {
    if (!expected.has(name) && !BOOKKEEPING.has(name)) differing.add(name);
  }
  return [...differing].sort();
}

/** DynamoDB's limit for the keys of one BatchGetItem. */
const BATCH_GET = 100;

/** Reads items by key, consistently, following UnprocessedKeys; keys by their canonical form. */
export async function readItems(
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
  keyAttributes: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  for (let start = 0; start < keys.length; start += BATCH_GET) {
    let pending: Item[] = keys.slice(start, start + BATCH_GET);
    for (let attempt = 0; pending.length > 0; attempt++) {
      if (attempt > 10) {
        throw new CutoverError('data.write-failed', {
          where: `table ${table}`,
          detail: `${pending.length} keys could not be read after ${attempt} attempts.`,
        });
      }
      if (attempt > 0) await delay(Math.random() * Math.min(5_000, 50 * 2 ** attempt), undefined, { signal });
      const answer = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: pending, ConsistentRead: true } } }),
        { abortSignal: signal },
      );
      for (const item of answer.Responses?.[table] ?? []) found.set(keyText(item, keyAttributes), item);
      pending = (answer.UnprocessedKeys?.[table]?.Keys as Item[] | undefined) ?? [];
    }
  }
  return found;
}

/** An item's key as one string. */
export function keyText(item: Item, keyAttributes: readonly string[]): string {
  return keyAttributes
    .map((name) => {
      const value = item[name];
      return value === undefined ? '' : canonicalAttribute(value);
    })
    .join(' | ');
}

function textAt(row: RowDataPacket, name: string): string | null {
  const value = row[name] as string | number | bigint | Buffer | null | undefined;
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return String(value);
}

function foldedText(column: ExpectedColumn, row: RowDataPacket, name: string): string {
  const parts = column.fold?.parts ?? [];
  let text = '';
  for (const [position, part] of parts.entries()) {
    if ('literal' in part) {
      text += part.literal;
      continue;
    }
    const value = textAt(row, `${name}_${position}`);
    if (part.fold === undefined) text += value ?? '~';
    else if (value === null) text += '~';
    else text += foldText(value, part.fold).replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('~', '%7E');
  }
  return text;
}
