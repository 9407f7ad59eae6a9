import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import mysql from 'mysql2/promise';
import { analyseDatabase, mergeSources } from '../../activities/01-mysql-analysis/analyse.ts';
import { openSource } from '../../activities/01-mysql-analysis/source.ts';
import { planModel } from '../../activities/02-dynamodb-data-modeling/plan-model.ts';
import { createTables, dropTables } from '../../activities/rehearsal/tables.ts';
import { loadTables } from '../../activities/rehearsal/rehearsal.ts';
import { storeModel } from '../../contract/store-model.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { Store } from '../../runtime/store/index.ts';
import type { StoreModel } from '../../runtime/store/model.ts';
import { noApplication } from '../../bench/model/synthesised.ts';
import { testEndpoints, uniqueName } from '../support/shared-stack.ts';
import { callSites, compileSchema, DRIVER, type Runnable } from './compiled.ts';
import type { Schema } from './statements.ts';

/** One schema on both stores, with the same rows, and its statements compiled. */
export interface World {
  readonly database: string;
  readonly connection: mysql.Connection;
  readonly client: DynamoDBClient;
  readonly model: StoreModel;
  readonly store: Store;
  readonly compiled: ReadonlyMap<string, Runnable>;
  close(): Promise<void>;
}

/** The moment at which all statements run, on both stores. */
export const NOW = new Date('2024-06-15T12:34:56.123Z');

/** Where the compiled code runs: `ministack`, or `dynamodb-local` by the environment. */
export const STORE = process.env['CUTOVER_CORPUS_STORE'] === 'dynamodb-local' ? 'dynamodb-local' : 'ministack';

/** Makes the database, has stages 1 and 2 plan its contract, makes and loads the tables, compiles the statements. */
export async function createWorld(schema: Schema): Promise<World> {
  const { host, port, user, password } = testEndpoints().mysql;
  const { endpoint, region } = STORE === 'ministack' ? testEndpoints().aws : testEndpoints().dynamodbLocal;
  const database = uniqueName(`corpus_${schema.name}`);
  const connection = await mysql.createConnection({
    ...{ host, port, user, password, timezone: 'Z', dateStrings: true, supportBigNumbers: true },
  });
  await connection.query(`CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4`);
  await connection.changeUser({ database });
  await connection.query(`SET time_zone = '+00:00', SESSION timestamp = ${NOW.getTime() / 1000}`);
  for (const statement of schema.ddl) await connection.query(statement);
  // A long transaction that a failed test left must not hold up the next one's ALTER TABLE.
  await connection.query('SET SESSION lock_wait_timeout = 20');

  const source = { host, port, user, database };
  const { contract, patterns } = await contractOf(source, schema);
  const compiled = await compileSchema(schema, contract, patterns);
  const prefix = `${database.replaceAll('_', '-')}-`;
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const target = { endpoint, region, prefix };
  await createTables(client, contract, prefix);
  await loadTables({ contract, source, target, migration: 'corpus', secret: (name) => Promise.resolve(name) });
  const model: StoreModel = { ...storeModel(contract, prefix), database };
  return {
    ...{ database, connection, client, model, compiled, store: new Store(client, model, DRIVER) },
    close: async () => {
      await connection.query(`DROP DATABASE IF EXISTS \`${database}\``);
      await connection.end();
      await dropTables(client, contract.tables.map(({ table }) => prefix + table)); // prettier-ignore
      client.destroy();
    },
  };
}

interface Source {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The contract that stages 1 and 2 make of the database and the statements, and the pattern of each statement. */
async function contractOf(
  source: Source,
  schema: Schema,
): Promise<{ contract: MigrationContract; patterns: Map<string, string> }> {
  const reader = await openSource(source, (value) => Promise.resolve(value));
  try {
    const facts = await analyseDatabase(reader, { progress: () => undefined, signal: new AbortController().signal });
    const analysis = mergeSources(source.database, facts, noApplication(callSites(schema)), undefined);
    const { contract } = planModel(analysis, { assumedRate: { name: 'corpus', mean: 0.01, peak: 0.1 } });
    const sites = analysis.application.callSites;
    return { contract, patterns: new Map(sites.map(({ within, accessPattern }) => [within, accessPattern ?? ''])) };
  } finally {
    await reader.close();
  }
}
