import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import pLimit from 'p-limit';
import { guardItems, rowToItem, type SourceRow } from '../../../runtime/store/codec.ts';
import type { EntityModel, StoreModel } from '../../../runtime/store/model.ts';
import { identifier } from '../../mysql.ts';
import { keyFromJson, keyToJson, type KeyColumn, type KeyValue, pageQuery } from '../paging.ts';
import { insertNew, type Item, type TargetTable } from './writer.ts';

/** How far one entity's load has come; durable, so that a new attempt goes on behind it. */
export interface EntityProgress {
  readonly read: number;
  readonly written: number;
  readonly existed: number;
  readonly rejected: number;
  readonly guardsWritten: number;
  readonly after?: readonly (string | { hex: string })[];
  readonly complete: boolean;
}

export const NOTHING_LOADED: EntityProgress = {
  read: 0,
  written: 0,
  existed: 0,
  rejected: 0,
  guardsWritten: 0,
  complete: false,
};

/** A row that could not become an item; the key names it, its values are never written out. */
export interface Reject {
  readonly sourceTable: string;
  readonly key: readonly (string | { hex: string })[];
  readonly code: string;
  readonly message: string;
}

export interface LoadOptions {
  readonly connection: Connection;
  readonly client: DynamoDBClient;
  readonly model: StoreModel;
  readonly entity: EntityModel;
  readonly view: string;
  readonly key: readonly KeyColumn[];
  readonly from: EntityProgress;
  readonly signal: AbortSignal;
  /** Called after each page has been acknowledged whole; the progress it gets may be resumed from. */
  onPage(progress: EntityProgress, rejects: readonly Reject[]): Promise<void>;
}

/** Rows of one page, and calls in flight. One page is held in memory, never a table. */
const PAGE = 1000;
const CONCURRENCY = 8;
const CALL = 25;

/** Loads one entity from its view, page by page, behind the progress it is given. */
export async function loadEntity(options: LoadOptions): Promise<EntityProgress> {
  const { entity, model, key, signal } = options;
  const table = targetTable(model, entity.table);
  const support = targetTable(model, model.supportTable);
  let progress = options.from;
  let page = progress.complete ? [] : await readPage(options, progress);
  while (page.length > 0) {
    signal.throwIfAborted();
    const items = page.map((row) => rowToItem(model, entity, row, 0n));
    const guards = page.flatMap((row) => guardItems(model, entity, row));
    const last = page.at(-1) as SourceRow;
    const after = keyToJson(keyOf(last, key));
    // The next page is read while this one is written; it is used only if this one is acknowledged.
    const [outcome, guardOutcome, next] = await Promise.all([
      insertAll(options.client, table, items, signal),
      insertAll(options.client, support, guards, signal),
      page.length < PAGE ? [] : readPage(options, { ...progress, after }),
    ]);
    const rejects = [
      ...outcome.rejected.map(({ item, code, message }) => reject(page, items, item, code, message)),
      ...guardOutcome.rejected.map(({ code, message }) => ({
        sourceTable: entity.sourceTable,
        key: [],
        code,
        message,
      })),
    ];
    progress = {
      read: progress.read + page.length,
      written: progress.written + outcome.written,
      existed: progress.existed + outcome.existed,
      rejected: progress.rejected + rejects.length,
      guardsWritten: progress.guardsWritten + guardOutcome.written,
      after,
      complete: next.length === 0,
    };
    await options.onPage(progress, rejects);
    page = next;
  }
  if (!progress.complete) {
    progress = { ...progress, complete: true };
    await options.onPage(progress, []);
  }
  return progress;

  function reject(rows: SourceRow[], all: Item[], item: Item, code: string, message: string): Reject {
    const row = rows[all.indexOf(item)] as SourceRow;
    return { sourceTable: entity.sourceTable, key: keyToJson(keyOf(row, key)), code, message };
  }
}

async function readPage(options: LoadOptions, progress: EntityProgress): Promise<SourceRow[]> {
  const { sql, values } = pageQuery({
    from: identifier(options.view),
    columns: Object.keys(options.entity.columns).map(identifier),
    key: options.key,
    ...(progress.after === undefined ? {} : { after: keyFromJson(progress.after) }),
    limit: PAGE,
  });
  const [rows] = await options.connection.query<RowDataPacket[]>(sql, values);
  return rows;
}

function keyOf(row: SourceRow, key: readonly KeyColumn[]): KeyValue[] {
  return key.map(({ name }) => {
    const value = row[name];
    return Buffer.isBuffer(value) ? value : String(value);
  });
}

async function insertAll(client: DynamoDBClient, table: TargetTable, items: readonly Item[], signal: AbortSignal) {
  const limit = pLimit(CONCURRENCY);
  const calls: Promise<Awaited<ReturnType<typeof insertNew>>>[] = [];
  for (let start = 0; start < items.length; start += CALL) {
    const part = items.slice(start, start + CALL);
    calls.push(limit(() => insertNew(client, table, part, signal)));
  }
  const outcomes = await Promise.all(calls);
  return {
    written: outcomes.reduce((sum, outcome) => sum + outcome.written, 0),
    existed: outcomes.reduce((sum, outcome) => sum + outcome.existed, 0),
    rejected: outcomes.flatMap((outcome) => outcome.rejected),
  };
}

/** A table of the model as the writer needs it. */
export function targetTable(model: StoreModel, key: string): TargetTable {
  const table = model.tables[key];
  if (table === undefined) throw new RangeError(`The store model has no table ${key}.`);
  return { name: table.name, pk: table.pk.attribute };
}
