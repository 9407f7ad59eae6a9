import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { DELETED, type Item, itemOf, keyOf, supportTable, tableOf, VERSION } from './codec.ts';
import type { StoreModel } from './model.ts';
import { conflict, storeLimit } from './sql-error.ts';
import type { Change, Check, GuardChange, TransactionState } from './transaction.ts';

/** DynamoDB's limit for one transaction. */
const MOST_ITEMS = 100;

/** Writes all that a transaction holds, or nothing. Throws ER_LOCK_DEADLOCK when something it rests on has changed. */
export async function commit(client: DynamoDBClient, model: StoreModel, state: TransactionState): Promise<void> {
  const items = transactItems(model, state);
  // Locks of a transaction that wrote nothing protect nothing.
  if (state.changes.size === 0) return;
  if (items.length > MOST_ITEMS) {
    const message = `The transaction has ${items.length} items; DynamoDB takes ${MOST_ITEMS} at most.`;
    throw storeLimit('STORE_TRANSACTION_TOO_LARGE', message);
  }
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  } catch (error) {
    throw translated(error);
  }
}

/** What mends itself when the transaction runs again becomes MySQL's deadlock. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'TransactionCanceledException') {
    const reasons =
      (error as { CancellationReasons?: { Code?: string; Message?: string }[] }).CancellationReasons ?? [];
    const fatal = reasons.find(({ Code }) => Code === 'ValidationError' || Code === 'ItemCollectionSizeLimitExceeded');
    return fatal === undefined ? conflict() : storeLimit('STORE_ITEM_REFUSED', fatal.Message ?? fatal.Code ?? '');
  }
  if (error.name === 'TransactionConflictException' || error.name === 'TransactionInProgressException')
    return conflict();
  if (error.name === 'ValidationException') return storeLimit('STORE_ITEM_REFUSED', error.message);
  return error;
}

function transactItems(model: StoreModel, state: TransactionState): TransactWriteItem[] {
  const written = new Set(state.changes.keys());
  return [
    ...[...state.changes.values()].map((change) => writeOf(model, change)),
    ...[...state.guards.values()].flatMap((guard) => guardWrite(model, guard)),
    ...[...state.checks].filter(([id]) => !written.has(id)).map(([, check]) => checkOf(check)),
  ];
}

function writeOf(model: StoreModel, { entity, before, after }: Change): TransactWriteItem {
  const { name, pk } = tableOf(model, entity);
  if (before === null) {
    // Versions of new items start at the time, so that a row that is deleted and made again is not taken for the old one.
    const item = itemOf(model, entity, after ?? {}, BigInt(Date.now()));
    return {
      Put: {
        TableName: name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#pk) OR attribute_exists(#deleted)',
        ExpressionAttributeNames: { '#pk': pk.attribute, '#deleted': DELETED },
      },
    };
  }
  const condition = {
    TableName: name,
    ConditionExpression: '#version = :version AND attribute_not_exists(#deleted)',
    ExpressionAttributeNames: { '#version': VERSION, '#deleted': DELETED },
    ExpressionAttributeValues: { ':version': { N: before.version.toString() } },
  };
  return after === null
    ? { Delete: { ...condition, Key: keyOf(model, entity, before.stored) } }
    : { Put: { ...condition, Item: itemOf(model, entity, after, before.version + 1n) } };
}

function guardWrite(model: StoreModel, guard: GuardChange): TransactWriteItem[] {
  const { name, pk } = supportTable(model);
  if (guard.before === guard.owner) return [];
  const names = { ExpressionAttributeNames: { '#owner': 'owner' } };
  const condition =
    guard.before === null
      ? { ConditionExpression: 'attribute_not_exists(#owner)', ...names }
      : {
          ConditionExpression: '#owner = :owner',
          ...names,
          ExpressionAttributeValues: { ':owner': { S: guard.before } },
        };
  const key: Item = { [pk.attribute]: { S: guard.key } };
  if (guard.owner === null) return [{ Delete: { TableName: name, Key: key, ...condition } }];
  return [{ Put: { TableName: name, Item: { ...key, owner: { S: guard.owner } }, ...condition } }];
}

function checkOf({ table, key, version }: Check): TransactWriteItem {
  const names = { '#deleted': DELETED, '#version': VERSION };
  return {
    ConditionCheck: {
      TableName: table,
      Key: key,
      ...(version === null
        ? {
            ConditionExpression: 'attribute_exists(#version) AND attribute_not_exists(#deleted)',
            ExpressionAttributeNames: names,
          }
        : {
            ConditionExpression: '#version = :version AND attribute_not_exists(#deleted)',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':version': { N: version.toString() } },
          }),
    },
  };
}
