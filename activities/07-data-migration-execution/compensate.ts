import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import type { RowDataPacket } from 'mysql2/promise';
import { identifier } from '../mysql.ts';
import type { Session } from './session.ts';
import { viewPrefix } from './views.ts';

/** Deletes in flight. */
const CONCURRENCY = 16;

/** Drops every view of the migration that exists, found by name: what was planned then is not needed now. */
export async function dropViews(session: Session, database: string, migration: string): Promise<number> {
  const prefix = viewPrefix(migration);
  const [rows] = await session.connection.query<RowDataPacket[]>(
    'SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? AND LEFT(TABLE_NAME, ?) = ?',
    [database, prefix.length, prefix],
  );
  for (const { name } of rows as { name: string }[]) {
    await session.connection.query(`DROP VIEW IF EXISTS ${identifier(database)}.${identifier(name)}`);
  }
  return rows.length;
}

/**
 * Removes what the backfill wrote and nobody changed since: items of version 0, under the condition that they still
 * are. Guards and counters go with the last items. Tables that are gone are no error.
 */
export async function removeLoadedItems(session: Session, signal: AbortSignal): Promise<number> {
  let removed = 0;
  let kept = 0;
  for (const table of session.contract.tables) {
    if (table.type === 'support') continue;
    const keys = [table.pk.name, ...(table.sk === null ? [] : [table.sk.name])];
    const result = await removeWhere(session.client, session.tableName(table.table), keys, '#v = :zero', signal);
    removed += result.removed;
    kept += result.kept;
  }
  const support = session.contract.tables.find((table) => table.type === 'support');
  // A guard belongs to an item; while changed items stay, guards stay, since a missing guard loses uniqueness.
  if (support !== undefined && kept === 0) {
    const result = await removeWhere(
      session.client,
      session.tableName(support.table),
      [support.pk.name],
      undefined,
      signal,
    );
    removed += result.removed;
  }
  return removed;
}

async function removeWhere(
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
  condition: string | undefined,
  signal: AbortSignal,
): Promise<{ removed: number; kept: number }> {
  const names = Object.fromEntries(keys.map((key, position) => [`#k${position}`, key]));
  const projection = Object.keys(names).join(', ');
  const limit = pLimit(CONCURRENCY);
  const result = { removed: 0, kept: 0 };
  // The support table also holds the flags, which are not data of the migration.
  const filter =
    condition === undefined
      ? {
          FilterExpression: 'begins_with(#k0, :guard) OR begins_with(#k0, :counter)',
          ExpressionAttributeValues: { ':guard': { S: 'UNIQUE#' }, ':counter': { S: 'COUNTER#' } },
        }
      : {};
  try {
    const pages = paginateScan(
      { client },
      {
        TableName: table,
        ConsistentRead: true,
        ProjectionExpression: `${projection}, #v`,
        ExpressionAttributeNames: { ...names, '#v': '_v' },
        ...filter,
      },
    );
    for await (const page of pages) {
      signal.throwIfAborted();
      await Promise.all((page.Items ?? []).map((item) => limit(() => remove(item))));
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
  }
  return result;

  async function remove(item: Record<string, unknown>): Promise<void> {
    const Key = Object.fromEntries(keys.map((key) => [key, item[key]])) as DeleteItemCommand['input']['Key'];
    try {
      await client.send(
        new DeleteItemCommand({
          TableName: table,
          Key,
          ...(condition === undefined
            ? {}
            : {
                // A tombstone is no data: without it the table is as it was before the run.
                ConditionExpression: `${condition} OR attribute_exists(#deleted)`,
                ExpressionAttributeNames: { '#v': '_v', '#deleted': '_deleted' },
                ExpressionAttributeValues: { ':zero': { N: '0' } },
              }),
        }),
      );
      result.removed++;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      result.kept++;
    }
  }
}
