import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { RowDataPacket } from 'mysql2/promise';
import { guardItems, rowToItem, type SourceRow } from '../../../runtime/store/codec.ts';
import { identifier } from '../../mysql.ts';
import { placeholder } from '../paging.ts';
import type { Session } from '../session.ts';
import type { DifferencePlace } from '../validate/validate.ts';
import { insertNew } from './writer.ts';
import { targetTable } from './load-entity.ts';

/**
 * Mends one difference, if what stands there is the backfill's own: a row that changed after it was loaded, by
 * somebody without an outbox, is put anew; an item whose row is gone is removed. Whatever has a version of the
 * application is left alone. False when there was nothing that may be touched.
 */
export async function repair(session: Session, place: DifferencePlace, signal: AbortSignal): Promise<boolean> {
  if (place.item !== undefined) return removeItem(session, place.item);
  if (place.entity === undefined || place.rowKey === undefined) return false;
  const view = session.views.find(({ entity }) => entity === place.entity);
  const model = session.model.entities[place.entity.source_table];
  if (view === undefined || model === undefined) return false;
  const key = session.keyColumns(place.entity);
  const where = key.map(({ name, type }) => `${identifier(name)} = ${placeholder(type)}`).join(' AND ');
  const [rows] = await session.connection.query<RowDataPacket[]>(
    `SELECT * FROM ${identifier(view.name)} WHERE ${where}`,
    [...place.rowKey],
  );
  const row = rows[0] as SourceRow | undefined;
  if (row === undefined) return false;
  const support = session.model.supportTable;
  const guards = guardItems(session.model, model, row);
  if (guards.length > 0) await insertNew(session.client, targetTable(session.model, support), guards, signal);
  const table = targetTable(session.model, model.table);
  return conditionally(
    session.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: rowToItem(session.model, model, row, 0n),
        ConditionExpression: 'attribute_not_exists(#pk) OR #v = :zero',
        ExpressionAttributeNames: { '#pk': table.pk, '#v': '_v' },
        ExpressionAttributeValues: { ':zero': { N: '0' } },
      }),
    ),
  );
}

function removeItem(session: Session, item: NonNullable<DifferencePlace['item']>): Promise<boolean> {
  return conditionally(
    session.client.send(
      new DeleteItemCommand({
        TableName: item.table,
        Key: item.key,
        ConditionExpression: '#v = :zero',
        ExpressionAttributeNames: { '#v': '_v' },
        ExpressionAttributeValues: { ':zero': { N: '0' } },
      }),
    ),
  );
}

async function conditionally(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
