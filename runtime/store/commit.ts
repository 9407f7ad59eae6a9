import { type DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { backOff } from './calls.ts';
import { DELETED, type Item, itemOf, keyOf, supportTable, tableOf, VERSION } from './codec.ts';
import type { StoreModel } from './model.ts';
import { conflict, duplicateEntry, type SqlError, storeLimit } from './sql-error.ts';
import type { Change, Check, GuardChange, TransactionState } from './transaction.ts';

/** DynamoDB's limit for one transaction. */
const MOST_ITEMS = 100;
const ATTEMPTS = 10;

/** Writes all that a transaction holds, or nothing. Throws ER_LOCK_DEADLOCK when something it rests on has changed. */
export async function commit(client: DynamoDBClient, model: StoreModel, state: TransactionState): Promise<void> {
  const items = transactItems(model, state);
  // Locks of a transaction that wrote nothing protect nothing.
  if (state.changes.size === 0) return;
  if (items.length > MOST_ITEMS) {
    const message = `The transaction has ${items.length} items; DynamoDB takes ${MOST_ITEMS} at most.`;
    throw storeLimit('STORE_TRANSACTION_TOO_LARGE', message);
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return;
    } catch (error) {
      // Two at the same time: the conditions decide, when it is tried again.
      if (!busy(error) || attempt >= ATTEMPTS) throw translated(error, state);
      await backOff(attempt);
    }
  }
}

function reasonsOf(error: unknown): { readonly Code?: string; readonly Message?: string }[] {
  const reasons = (error as { CancellationReasons?: { Code?: string; Message?: string }[] }).CancellationReasons;
  return reasons ?? [];
}

function busy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TransactionInProgressException') return true;
  const codes = reasonsOf(error).map(({ Code }) => Code ?? 'None');
  return (
    codes.some((code) => code !== 'None') && codes.every((code) => code === 'None' || code === 'TransactionConflict')
  );
}

/** What another transaction did in between, in MySQL's words: the key is taken, or a deadlock, which is run again. */
function translated(error: unknown, state: TransactionState): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'TransactionCanceledException') {
    const reasons = reasonsOf(error);
    const fatal = reasons.find(({ Code }) => Code === 'ValidationError' || Code === 'ItemCollectionSizeLimitExceeded');
    if (fatal !== undefined) return storeLimit('STORE_ITEM_REFUSED', fatal.Message ?? fatal.Code ?? '');
    const lost = new Set(reasons.flatMap(({ Code }, at) => (Code === 'ConditionalCheckFailed' ? [at] : [])));
    return takenKey(state, lost) ?? conflict();
  }
  if (error.name === 'TransactionConflictException' || error.name === 'TransactionInProgressException')
    return conflict();
  if (error.name === 'ValidationException') return storeLimit('STORE_ITEM_REFUSED', error.message);
  return error;
}

/** The unique key that another transaction took first, if that is all that was lost. */
function takenKey(state: TransactionState, lost: ReadonlySet<number>): SqlError | undefined {
  if (state.upserts || lost.size === 0) return undefined;
  const guards = [...state.guards.values()].filter((guard) => guard.before !== guard.owner);
  const taken = [...lost].map((position) => guards[position - state.changes.size]);
  const first = taken[0];
  if (first === undefined || taken.some((guard) => guard === undefined || guard.before !== null)) return undefined;
  return duplicateEntry(first.taken.entry, first.taken.table, first.taken.key);
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
