import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openSession } from '../../activities/07-data-migration-execution/session.ts';
import { ScratchDatabase } from '../../activities/application/index.ts';
import { loadAll } from '../../activities/rehearsal/rehearsal.ts';
import { createTables, dropTables } from '../../activities/rehearsal/tables.ts';
import type { AwsEndpoint, MysqlEndpoint } from '../../stack/index.ts';
import { shopContests } from './by-hand/contests.ts';
import { type ContestOutcome, holdContest } from './contest.ts';
import type { MigratedApplication } from './migrated.ts';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Applications of which some statements were written by hand. */
const BY_HAND: Readonly<Record<string, typeof shopContests>> = { shop: shopContests };

/** Compiled methods against the same by hand, in this process, on tables of the migration's own design and data. */
export async function measureMethods(
  { name, plan, migrated, contract, layer, untouched }: MigratedApplication,
  mysql: MysqlEndpoint,
  aws: AwsEndpoint,
  repetitions: number,
  say: (text: string) => void,
): Promise<ContestOutcome[]> {
  const contests = BY_HAND[name];
  if (contests === undefined) return [];
  const prefix = `bench-${process.pid}-`;
  const source = { host: mysql.host, port: mysql.port, user: mysql.user, database: 'bench_items' };
  const scratch = new ScratchDatabase({ ...source, database: 'none' }, mysql.password, {
    ...plan.application.scratch,
    database: source.database,
  });
  await scratch.prepare(plan.application, { cwd: untouched });
  const { endpoint, region } = aws;
  const client = new DynamoDBClient({ endpoint, region, credentials: CREDENTIALS, maxAttempts: 8 });
  try {
    await createTables(client, contract, prefix);
    const target = { ...plan.target, endpoint, region, prefix };
    const options = { contract, source, target, migration: 'bench', secret: async (value: string) => value };
    await openSession(options, (session) => loadAll(session, source.database, new AbortController().signal));
    Object.assign(process.env, {
      DYNAMODB_ENDPOINT: endpoint,
      AWS_REGION: region,
      DYNAMODB_TABLE_PREFIX: prefix,
    });
    const dal = await compiledLayer(join(migrated, layer.folder));
    const outcomes: ContestOutcome[] = [];
    for (const contest of await contests(dal, client, prefix)) {
      const outcome = await holdContest(contest, repetitions);
      say(`  ${outcome.method}: latency ${outcome.latency.median.toFixed(3)}, CPU ${outcome.cpu.median.toFixed(3)}`);
      outcomes.push(outcome);
    }
    await dal.close();
    return outcomes;
  } finally {
    await dropTables(
      client,
      contract.tables.map(({ table }) => prefix + table),
    );
    client.destroy();
  }
}

/** The generated layer as a test calls it: names of aggregates and methods are known from the application alone. */
export interface CompiledLayer {
  readonly [aggregate: string]: Readonly<Record<string, (input: object, unit?: unknown) => Promise<unknown>>>;
}

/** A layer that can begin units of work and be closed. */
export type OpenLayer = CompiledLayer & {
  begin(): Promise<{ begin(): Promise<void>; commit(): Promise<void>; rollback(): Promise<void>; release(): void }>;
  close(): Promise<void>;
};

async function compiledLayer(folder: string): Promise<OpenLayer> {
  const file = createRequire(import.meta.url).resolve(join(folder, 'dynamodb', 'index.ts'));
  const { createDynamoDal } = (await import(file)) as { createDynamoDal: () => OpenLayer };
  return createDynamoDal();
}
