import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RowDataPacket } from 'mysql2/promise';
import { identifier } from '../mysql.ts';
import type { Session } from './session.ts';

/** One id counter: DynamoDB's next id is one more than `value`. */
export interface Counter {
  readonly sourceTable: string;
  readonly value: string;
}

/**
 * Sets the id counters to what MySQL would give next, less one. Never backwards: ids may have been handed out
 * since an earlier attempt. AUTO_INCREMENT of information_schema is cached, so the cache is switched off first
 * (MySQL 8 and later; older servers have no such cache and no such variable).
 */
export async function setCounters(session: Session, database: string): Promise<Counter[]> {
  const support = session.contract.tables.find((table) => table.type === 'support');
  const counters: Counter[] = [];
  for (const { source_table: table, source_column: column } of session.contract.id_allocation) {
    const value = await lastId(session, database, table, column);
    counters.push({ sourceTable: table, value: String(value) });
    if (support === undefined) continue;
    await raiseCounter(session.client, session.tableName(support.table), support.pk.name, table, value);
  }
  return counters;
}

async function lastId(session: Session, database: string, table: string, column: string): Promise<bigint> {
  const { connection } = session;
  await connection.query('SET SESSION information_schema_stats_expiry = 0').catch(() => undefined);
  const [[facts]] = await connection.query<RowDataPacket[]>(
    'SELECT CAST(AUTO_INCREMENT AS CHAR) AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [database, table],
  );
  const [[rows]] = await connection.query<RowDataPacket[]>(
    `SELECT CAST(MAX(${identifier(column)}) AS CHAR) AS last FROM ${identifier(table)}`,
  );
  const next = BigInt((facts?.['next'] as string | null) ?? '1');
  const last = BigInt((rows?.['last'] as string | null) ?? '0');
  return next - 1n > last ? next - 1n : last;
}

async function raiseCounter(
  client: DynamoDBClient,
  supportTable: string,
  keyAttribute: string,
  table: string,
  value: bigint,
): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: supportTable,
        Key: { [keyAttribute]: { S: `COUNTER#${table}` } },
        UpdateExpression: 'SET #value = :value',
        ConditionExpression: 'attribute_not_exists(#value) OR #value < :value',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':value': { N: String(value) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
