import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DELETED,
  guardItems,
  type Item,
  rowToItem,
  supportTable,
  tableOf,
  tombstone,
  VERSION,
} from '../store/codec.ts';
import type { StoreModel } from '../store/model.ts';
import type { KeyState } from './outbox-rows.ts';

/**
 * Carries the state of one key to DynamoDB: its item, or a tombstone, and its uniqueness guards. Every write has the
 * state's version as its condition, so it may be repeated, come late, or meet others of its kind: the newest stays.
 */
export async function carry(client: DynamoDBClient, model: StoreModel, state: KeyState): Promise<void> {
  const { entity, row, version, keyColumns } = state;
  const item = row === null ? tombstone(model, entity, keyColumns, version) : rowToItem(model, entity, row, version);
  const support = entity.uniques.length === 0 ? null : supportTable(model);
  const kept = row === null || support === null ? [] : guardItems(model, entity, row);
  const writes = [putNewer(client, tableOf(model, entity).name, item, version)];
  if (support !== null) {
    const name = (guard: Item): string => guard[support.pk.attribute]?.S ?? '';
    const keptNames = new Set(kept.map(name));
    // By the version of the change that gave it free: the row's last one may be newer than the next owner's.
    const gone = state.hadUniques.flatMap((had) =>
      guardItems(model, entity, had.row)
        .filter((guard) => !keptNames.has(name(guard)))
        .map((guard) => ({ guard, version: had.version })),
    );
    for (const guard of kept) writes.push(putNewer(client, support.name, withVersion(guard, version), version));
    for (const { guard, version: freed } of gone) {
      writes.push(release(client, support.name, support.pk.attribute, guard, freed));
    }
  }
  await Promise.all(writes);
}

function withVersion(item: Item, version: bigint): Item {
  return { ...item, [VERSION]: { N: version.toString() } };
}

/** Puts an item unless a state of the same or a newer version stands there. */
async function putNewer(client: DynamoDBClient, table: string, item: Item, version: bigint): Promise<void> {
  await unlessNewer(
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#v) OR #v < :v',
        ExpressionAttributeNames: { '#v': VERSION },
        ExpressionAttributeValues: { ':v': { N: version.toString() } },
      }),
    ),
  );
}

/**
 * Gives a unique value free. A marker without owner stays, so that the backfill, which may still hold the old row in
 * its hands, can't put the guard back.
 */
async function release(
  client: DynamoDBClient,
  table: string,
  key: string,
  guard: Item,
  version: bigint,
): Promise<void> {
  const name = guard[key];
  const owner = guard['owner'];
  if (name === undefined || owner === undefined) return;
  await unlessNewer(
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: withVersion({ [key]: name, [DELETED]: { BOOL: true } }, version),
        ConditionExpression:
          '(attribute_not_exists(#v) OR #v < :v) AND (attribute_not_exists(#owner) OR #owner = :owner)',
        ExpressionAttributeNames: { '#v': VERSION, '#owner': 'owner' },
        ExpressionAttributeValues: { ':v': { N: version.toString() }, ':owner': owner },
      }),
    ),
  );
}

async function unlessNewer(put: Promise<unknown>): Promise<void> {
  try {
    await put;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
