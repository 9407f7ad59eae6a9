import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Pool, ResultSetHeader } from './source-pool.ts';
import { DELETED, type Item, itemToRow, sharesTable, tableOf, TYPE } from '../store/codec.ts';
import type { StoreModel } from '../store/model.ts';
import { OUTBOX_TABLE } from './outbox-sql.ts';
import { literal, name, rowKey } from './sql-text.ts';
import type { SourceTables } from './source-tables.ts';

/**
 * Enqueues the key of every row and of every item. After a way back to phase 1 the items are of an unknown age, and
 * the backfill leaves what is there alone: so everything is carried once more. Gives the number of keys.
 */
export async function enqueueEverything(
  pool: Pool,
  client: DynamoDBClient,
  model: StoreModel,
  tables: SourceTables,
): Promise<number> {
  let keys = 0;
  for (const [table, facts] of Object.entries(tables)) {
    const entity = model.entities[table];
    if (!facts.migrated || entity === undefined) continue;
    let from: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: tableOf(model, entity).name, ConsistentRead: true, ExclusiveStartKey: from }),
      );
      const items = (page.Items ?? []).filter(
        (item) => item[DELETED] === undefined && (!sharesTable(model, entity) || item[TYPE]?.S === entity.entityType),
      );
      const rows = items.map((item) => {
        const row = itemToRow(entity, item);
        const uniques = Object.fromEntries(facts.unique.map(({ column }) => [column, canonical(row[column])]));
        const key = facts.key.map(({ column }) => canonical(row[column]));
        return [table, JSON.stringify(key), facts.unique.length === 0 ? null : JSON.stringify(uniques), 0];
      });
      if (rows.length > 0) {
        await pool.query(`INSERT INTO ${OUTBOX} VALUES ?`, [rows]);
      }
      keys += rows.length;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    // Behind the items: what a row holds now counts more than what an item held once.
    const [answer] = await pool.query<ResultSetHeader>(
      `INSERT INTO ${OUTBOX} SELECT ${literal(table)}, ${rowKey(facts, name(table))}, NULL, 0 FROM ${name(table)}`,
    );
    keys += answer.affectedRows;
  }
  return keys;
}

/** Whether any row has an item already. */
export async function holdsItems(client: DynamoDBClient, model: StoreModel): Promise<boolean> {
  for (const entity of Object.values(model.entities)) {
    const { name: TableName } = tableOf(model, entity);
    let from: Item | undefined;
    do {
      const page = await client.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: from }));
      if ((page.Items ?? []).some((item) => item[DELETED] === undefined)) return true;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }
  return false;
}

const OUTBOX = `${name(OUTBOX_TABLE)} (source_table, row_key, row_uniques, connection_id)`;

/** As the triggers would have written it. */
function canonical(value: ReturnType<typeof itemToRow>[string] | undefined): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString('hex').toUpperCase() : value.toString();
}
