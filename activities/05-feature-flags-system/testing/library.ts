import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import mysql, { type Connection, type Pool, type RowDataPacket } from 'mysql2/promise';
import { loadEntity, NOTHING_LOADED } from '../../07-data-migration-execution/load/load-entity.ts';
import { openSession } from '../../07-data-migration-execution/session.ts';
import type { Difference } from '../../07-data-migration-execution/validate/compare.ts';
import { validateAll } from '../../07-data-migration-execution/validate/validate.ts';
import { sampleContract } from '../../../contract/sample.ts';
import { storeModel } from '../../../contract/store-model.ts';
import { createTables, testDynamo } from '../../../test/support/dynamo.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../../test/support/shared-stack.ts';
import { guardItems } from '../../../runtime/store/codec.ts';
import type { StoreModel } from '../../../runtime/store/model.ts';
import type { SourceTables } from '../../../runtime/flags/source-tables.ts';

const SCHEMA = [
  `CREATE TABLE authors (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL UNIQUE, born DATE NULL)
   COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE books (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, author_id BIGINT UNSIGNED NOT NULL,
   title VARCHAR(190) NOT NULL, price DECIMAL(10,2) NOT NULL, published_at DATETIME(6) NOT NULL, cover VARBINARY(32) NULL,
   FOREIGN KEY (author_id) REFERENCES authors (id)) COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE loans (book_id BIGINT UNSIGNED, loan_no INT UNSIGNED, state ENUM('out','back') NOT NULL, legacy_code INT NULL,
   PRIMARY KEY (book_id, loan_no), FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE)`,
];

const ID = { column: 'id', form: 'text' } as const;

/** The library of the sample contract, as `flags/tables.ts` would say it. */
export const LIBRARY: SourceTables = {
  authors: {
    migrated: true,
    key: [ID],
    unique: [{ column: 'email', form: 'text' }],
    referencedBy: [
      { table: 'books', columns: ['author_id'], targetColumns: ['id'], onDelete: 'RESTRICT', onUpdate: 'RESTRICT' },
    ],
  },
  books: {
    migrated: true,
    key: [ID],
    unique: [],
    referencedBy: [
      { table: 'loans', columns: ['book_id'], targetColumns: ['id'], onDelete: 'CASCADE', onUpdate: 'RESTRICT' },
    ],
  },
  loans: {
    migrated: true,
    key: [
      { column: 'book_id', form: 'text' },
      { column: 'loan_no', form: 'text' },
    ],
    unique: [],
    referencedBy: [],
  },
};

/** A database and tables of a test's own. */
export interface Library {
  readonly database: string;
  readonly url: string;
  readonly prefix: string;
  readonly model: StoreModel;
  readonly connection: Connection;
  readonly client: DynamoDBClient;
  /** A pool with an application's usual, lossy options. */
  pool(): Pool;
  backfill(): Promise<void>;
  /** Everything that differs between rows and items, both ways, and guards that nobody owns. */
  differences(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openLibrary(): Promise<Library> {
  const database = await testDatabase('flags', SCHEMA);
  const client = testDynamo();
  const prefix = `${uniqueName('flags')}-`;
  const contract = sampleContract();
  const dropTables = await createTables(client, contract, prefix);
  const { host, port, user, password } = testEndpoints().mysql;
  const { endpoint, region } = testEndpoints().aws;
  const model = storeModel(contract, prefix);
  const pools: Pool[] = [];
  const options = {
    contract,
    source: { host, port, user, database: database.name },
    target: { endpoint, region, prefix },
    migration: 'library',
    secret: (reference: string) => Promise.resolve(reference),
  };
  return {
    database: database.name,
    url: `mysql://${user}@${host}:${port}/${database.name}`,
    prefix,
    model,
    connection: database.connection,
    client,
    pool: () => {
      const pool = mysql.createPool({ host, port, user, password, database: database.name, connectionLimit: 10 });
      pools.push(pool);
      return pool;
    },
    backfill: () =>
      openSession(options, async (session) => {
        for (const view of session.views) {
          const entity = model.entities[view.entity.source_table];
          if (entity === undefined) continue;
          await session.connection.query(view.create);
          await loadEntity({
            connection: session.connection,
            client,
            model,
            entity,
            view: view.name,
            key: session.keyColumns(view.entity),
            from: NOTHING_LOADED,
            signal: new AbortController().signal,
            onPage: () => Promise.resolve(),
          });
        }
      }),
    differences: () =>
      openSession(options, async (session) => {
        const found: Difference[] = [];
        await validateAll({
          connection: session.connection,
          client,
          contract,
          tableName: (table) => session.tableName(table),
          keyColumns: (entity) => session.keyColumns(entity),
          signal: new AbortController().signal,
          onRows: () => undefined,
          onDifference: (difference) => void found.push(difference),
        });
        const differences = found.map(
          ({ kind, table, key, attributes }) => `${kind} ${table} ${key} ${attributes.join()}`,
        );
        return [...differences, ...(await wrongGuards(session.connection, client, model))];
      }),
    close: async () => {
      for (const pool of pools) await pool.end().catch(() => undefined);
      await dropTables();
      client.destroy();
      await database.drop();
    },
  };
}

/** Guards that say something else than the rows: too many, too few, of another owner. */
async function wrongGuards(connection: Connection, client: DynamoDBClient, model: StoreModel): Promise<string[]> {
  const authors = model.entities['authors'];
  const support = model.tables[model.supportTable];
  if (authors === undefined || support === undefined) return ['no model'];
  const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM authors');
  const wanted = rows
    .flatMap((row) => guardItems(model, authors, row))
    .map((guard) => `${guard['pk']?.S} ${guard['owner']?.S}`);
  const present: string[] = [];
  let from: Record<string, never> | undefined | object;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: support.name,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from as Record<string, never> }),
      }),
    );
    for (const item of page.Items ?? [])
      if (item['owner'] !== undefined) present.push(`${item['pk']?.S} ${item['owner'].S}`);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  const [have, need] = [new Set(present), new Set(wanted)];
  return [
    ...wanted.filter((guard) => !have.has(guard)).map((guard) => `guard missing: ${guard}`),
    ...present.filter((guard) => !need.has(guard)).map((guard) => `guard too many: ${guard}`),
  ];
}
