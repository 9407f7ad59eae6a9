import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, paginateListTables, paginateScan } from '@aws-sdk/client-dynamodb';
import Table from 'cli-table3';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { isFlagKey } from '../../runtime/flags/flag-store.ts';
import type { AwsEndpoint } from '../../stack/index.ts';
import { cutover, untilItRests } from './cutover.ts';
import { writePlan } from './plan.ts';
import { say, withPrepared } from './prepare.ts';
import { run } from './processes.ts';
import { DATABASE, DEMO } from './settings.ts';
import { checkOutMigrated, startInstance, throughThePhases } from './target.ts';

/** The last question of the last stage: everything is made, nothing is accepted. */
const LAST_GATE = '07-data-migration-execution/completion';

/** What of a migration is in the world. */
interface Traces {
  readonly tables: number;
  readonly items: number;
  readonly stacks: number;
  readonly views: number;
  readonly triggers: number;
  /** Of the application, and how many commits `cutover/shop` is ahead of `main`; -1 without that branch. */
  readonly commits: number;
  readonly artifactFolders: string;
  readonly sourceChecksum: string;
  readonly main: string;
}

/**
 * Rolls a finished migration of the shop back through all its real stages, with the application in phase 4: first one
 * stage, then on again to the end, then everything. Prints what is in the world before and after each.
 */
await withPrepared({ orders: 300, requests: 800 }, async ({ stack, shop, databaseUrl, environment, track }) => {
  const { mysql: source, aws } = stack.endpoints;
  const rows: [string, Traces][] = [];
  const look = async (when: string): Promise<Traces> => {
    const traces = await lookAround(shop, databaseUrl, aws);
    rows.push([when, traces]);
    say(`${when}: ${JSON.stringify(traces)}`);
    return traces;
  };
  const before = await look('before the migration');
  const plan = await writePlan(source, aws, [LAST_GATE]);
  await untilItRests(['start', plan, '--wait'], environment);
  await look('migrated, not accepted');

  const migrated = await checkOutMigrated(shop);
  const token = randomBytes(24).toString('base64url');
  const settings = { folder: migrated, aws: aws.endpoint, prefix: 'shop-', token, databaseUrl };
  const instance = await startInstance(settings);
  await track(instance.process);
  await throughThePhases(instance, token, 4);
  await look('the application in phase 4');

  const ask = async (...args: string[]): Promise<void> => {
    const code = await cutover([...args, '--by', 'operator', '--why', 'rehearsal of a way back'], environment);
    if (code !== 0) throw new Error(`cutover ${args.join(' ')} ended with ${code}`);
  };
  await ask('rollback', 'shop', '--to', '07-data-migration-execution');
  await untilItRests(['status', 'shop', '--watch'], environment);
  const one = await look('rolled back to 07-data-migration-execution');
  const phase = await fetch(`${instance.control}/api/status`, { headers: { authorization: `Bearer ${token}` } });
  say(`the application says: ${(await phase.text()).slice(0, 200)}`);
  await ask('retry', 'shop');
  await untilItRests(['status', 'shop', '--watch'], environment);
  const again = await look('on again to the last gate');
  await instance.process.stop();

  await ask('abort', 'shop');
  await untilItRests(['status', 'shop', '--watch'], environment);
  const after = await look('everything rolled back');
  await cutover(['audit', 'shop', '--verify'], environment);

  const table = new Table({ head: ['', ...rows.map(([when]) => when)], style: { head: [], border: [] } });
  for (const name of Object.keys(before) as (keyof Traces)[]) table.push([name, ...rows.map(([, of]) => of[name])]);
  say(table.toString());
  const wrong = [
    ...(one.items === 0 && one.tables > 0 && one.views === 0 && one.triggers === 0 ? [] : ['stage 7 was not undone']),
    ...(again.items > 0 ? [] : ['the second load gave nothing']),
    ...Object.entries(before).flatMap(([name, value]) =>
      after[name as keyof Traces] === value ? [] : [`${name} is ${after[name as keyof Traces]}, it was ${value}`],
    ),
  ];
  if (wrong.length > 0) throw new Error(`The rollback left something: ${wrong.join('; ')}`);
  say('The world is as it was before the migration.');
});

async function lookAround(shop: string, databaseUrl: string, { endpoint, region }: AwsEndpoint): Promise<Traces> {
  const configuration = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const dynamodb = new DynamoDBClient(configuration);
  const cloudformation = new CloudFormationClient(configuration);
  const connection = await mysql.createConnection(databaseUrl);
  try {
    const count = async (table: string, column: string): Promise<number> => {
      const sql = `SELECT COUNT(*) AS n FROM information_schema.${table} WHERE ${column} = ?`;
      const [[row]] = await connection.query<RowDataPacket[]>(sql, [DATABASE]);
      return Number(row?.['n']);
    };
    const names = await tablesOf(dynamodb);
    let items = 0;
    for (const name of names) items += await dataItems(dynamodb, name);
    const git = async (...args: string[]): Promise<string> =>
      (await run('git', args, { cwd: shop, log: join(DEMO, 'prepare.log') })).trim();
    const branch = await git('branch', '--list', 'cutover/shop');
    const artifacts = join(DEMO, 'artifacts', 'shop');
    return {
      tables: names.length,
      items,
      stacks: await liveStacks(cloudformation),
      views: await count('VIEWS', 'TABLE_SCHEMA'),
      triggers: await count('TRIGGERS', 'TRIGGER_SCHEMA'),
      commits: branch === '' ? -1 : Number(await git('rev-list', '--count', 'main..cutover/shop')),
      artifactFolders: existsSync(artifacts)
        ? (await readdir(artifacts))
            .filter((name) => name.startsWith('stage-'))
            .sort()
            .join(' ')
        : '',
      sourceChecksum: await checksum(connection),
      main: (await git('rev-parse', 'main')).slice(0, 12),
    };
  } finally {
    await connection.end();
    dynamodb.destroy();
    cloudformation.destroy();
  }
}

async function tablesOf(client: DynamoDBClient): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListTables({ client }, {})) names.push(...(page.TableNames ?? []));
  return names;
}

/** Items but for flags and tombstones. */
async function dataItems(client: DynamoDBClient, TableName: string): Promise<number> {
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    count += Items.filter((item) => !isFlagKey(item['pk']?.S ?? '') && item['_deleted'] === undefined).length;
  }
  return count;
}

async function liveStacks(client: CloudFormationClient): Promise<number> {
  let live = 0;
  for await (const page of paginateListStacks({ client }, {})) {
    live += (page.StackSummaries ?? []).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').length;
  }
  return live;
}

/** One text for the content of all tables. */
async function checksum(connection: mysql.Connection): Promise<string> {
  const [tables] = await connection.query<RowDataPacket[]>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1",
    [DATABASE],
  );
  let sum = 0n;
  for (const { name } of tables) {
    const [[row]] = await connection.query<RowDataPacket[]>('CHECKSUM TABLE ??', [name]);
    sum = (sum * 31n + BigInt((row?.['Checksum'] as number | null) ?? 0)) % 1_000_000_007n;
  }
  return `${tables.length} tables, ${sum}`;
}
