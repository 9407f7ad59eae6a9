import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { CutoverError } from '../../../core/errors/index.ts';

export type Item = Record<string, AttributeValue>;

/** A table by its full name, and its partition key attribute. */
export interface TargetTable {
  readonly name: string;
  readonly pk: string;
}

/** What became of the items of one call: their counts add up to the number given. */
export interface WriteOutcome {
  readonly written: number;
  /** The key was there already: a newer write of the application, a tombstone, or an earlier attempt of ours. */
  readonly existed: number;
  readonly rejected: readonly { readonly item: Item; readonly code: string; readonly message: string }[];
}

/** DynamoDB's limit for one BatchExecuteStatement, and for the text of one statement in characters. */
const BATCH = 25;
const STATEMENT_LENGTH = 8192;
const ATTEMPTS = 12;

/** Codes that say "not now": the item was not looked at, or lost a race. */
const TRANSIENT = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionConflict',
]);

/**
 * Puts items under keys that nobody uses yet, and leaves all others alone. One PartiQL INSERT an item is the batch
 * form of `attribute_not_exists(key)`: the others of the batch go through when one exists.
 * Throws `data.write-failed` when a table keeps refusing.
 */
export async function insertNew(
  client: DynamoDBClient,
  table: TargetTable,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const total = { written: 0, existed: 0, rejected: [] as { item: Item; code: string; message: string }[] };
  for (let start = 0; start < items.length; start += BATCH) {
    let pending = items.slice(start, start + BATCH);
    for (let attempt = 0; pending.length > 0; attempt++) {
      if (attempt >= ATTEMPTS) {
        throw new CutoverError('data.write-failed', {
          where: `table ${table.name}`,
          detail: `${pending.length} items were still refused after ${ATTEMPTS} attempts.`,
        });
      }
      if (attempt > 0) await delay(backoff(attempt), undefined, { signal });
      const responses = await insertBatch(client, table, pending, signal);
      const again: Item[] = [];
      pending.forEach((item, position) => {
        const error = responses[position]?.Error;
        if (error === undefined) total.written++;
        else if (error.Code === 'DuplicateItem') total.existed++;
        else if (TRANSIENT.has(error.Code ?? '')) again.push(item);
        else total.rejected.push({ item, code: error.Code ?? 'Unknown', message: error.Message ?? '' });
      });
      pending = again;
    }
  }
  return total;
}

async function insertBatch(
  client: DynamoDBClient,
  table: TargetTable,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<BatchStatementResponse[]> {
  const statements = items.map((item) => insertStatement(table.name, item));
  if (statements.some(({ Statement }) => Statement.length > STATEMENT_LENGTH)) {
    return Promise.all(items.map((item) => putNew(client, table, item, signal)));
  }
  let responses: BatchStatementResponse[];
  try {
    const command = new BatchExecuteStatementCommand({ Statements: statements });
    responses = (await client.send(command, { abortSignal: signal })).Responses ?? [];
  } catch (error) {
    // One item that breaks a limit fails the whole batch: find out which, one by one.
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    return Promise.all(items.map((item) => putNew(client, table, item, signal)));
  }
  if (responses.length !== items.length) {
    // An acknowledgement is owed for every item; anything else is treated as "not acknowledged".
    return items.map((_, position) => responses[position] ?? { Error: { Code: 'InternalServerError' } });
  }
  return responses;
}

function insertStatement(table: string, item: Item): { Statement: string; Parameters: AttributeValue[] } {
  const names = Object.keys(item);
  const members = names.map((name) => `'${name.replaceAll("'", "''")}': ?`).join(', ');
  return {
    Statement: `INSERT INTO "${table.replaceAll('"', '""')}" VALUE {${members}}`,
    Parameters: names.map((name) => item[name] as AttributeValue),
  };
}

/** The single form, for items whose attribute names are too many for a PartiQL statement. */
async function putNew(
  client: DynamoDBClient,
  table: TargetTable,
  item: Item,
  signal: AbortSignal,
): Promise<BatchStatementResponse> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': table.pk },
      }),
      { abortSignal: signal },
    );
    return {};
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Unknown';
    if (name === 'ConditionalCheckFailedException') return { Error: { Code: 'DuplicateItem' } };
    if (name === 'ProvisionedThroughputExceededException' || name === 'ThrottlingException') {
      return { Error: { Code: 'ThrottlingError' } };
    }
    if (name === 'ValidationException') {
      return { Error: { Code: 'ValidationError', Message: error instanceof Error ? error.message : '' } };
    }
    throw error;
  }
}

/** Exponential with full jitter, 50 ms to 5 s (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
function backoff(attempt: number): number {
  return Math.random() * Math.min(5_000, 50 * 2 ** attempt);
}
