import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type mysql from 'mysql2/promise';
import type { MigrationContract } from '../../contract/types.ts';
import { rowToItem, type SourceRow } from '../../runtime/store/codec.ts';
import type { StoreModel } from '../../runtime/store/model.ts';
import { identifier } from '../mysql.ts';

export type Item = Record<string, AttributeValue>;

/** Rows of each source table that are tried; enough for several to share a partition. */
const SAMPLE_ROWS = 100;

/** Items of the first rows of every source table, by source table. */
export async function sampleItems(
  connection: mysql.Connection,
  contract: MigrationContract,
  model: StoreModel,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const samples = new Map<string, readonly Item[]>();
  for (const entity of contract.tables.flatMap((table) => table.entities)) {
    const shape = model.entities[entity.source_table];
    if (!shape) continue;
    const columns = Object.entries(shape.columns).map(([name, column]) =>
      // The driver would parse JSON; the encoding wants the text that MySQL prints.
      column.dataType === 'json' ? `CAST(${identifier(name)} AS CHAR) AS ${identifier(name)}` : identifier(name),
    );
    const filter = entity.row_filter === undefined ? '' : ` WHERE ${entity.row_filter}`;
    const order = entity.primary_key.map(identifier).join(', ');
    const sql = `SELECT ${columns.join(', ')} FROM ${identifier(entity.source_table)}${filter} ORDER BY ${order} LIMIT ${SAMPLE_ROWS}`;
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    samples.set(
      entity.source_table,
      rows.map((row) => rowToItem(model, shape, row as SourceRow, 0n)),
    );
  }
  return samples;
}
