import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { UNREACHABLE_MYSQL } from '../../activities/application/index.ts';
import { Background, run } from './processes.ts';
import { ADMIN_KEY, DEMO } from './settings.ts';

/** The migrated application: a clone of the branch that the migration left, installed as a team would. */
export async function checkOutMigrated(shop: string): Promise<string> {
  const target = join(DEMO, 'shop-on-dynamodb');
  const log = join(DEMO, 'migrated.log');
  await rm(target, { recursive: true, force: true });
  await run('git', ['clone', '--quiet', '--branch', 'cutover/shop', shop, target], { cwd: DEMO, log });
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, log });
  return target;
}

/** The migrated application with its flags, as one running instance. */
export interface Instance {
  readonly url: string;
  readonly control: string;
  readonly process: Background;
}

export interface InstanceSettings {
  readonly folder: string;
  readonly databaseUrl?: string;
  readonly aws: string;
  readonly prefix: string;
  readonly token: string;
}

export async function startInstance(settings: InstanceSettings): Promise<Instance> {
  const port = await getPort();
  const controlPort = await getPort();
  const process = new Background('migrated shop', 'npm', ['start'], {
    cwd: settings.folder,
    env: {
      PORT: String(port),
      ADMIN_KEY,
      DATABASE_URL: settings.databaseUrl ?? UNREACHABLE_MYSQL,
      DAL_STORE: 'flags',
      DYNAMODB_ENDPOINT: settings.aws,
      DYNAMODB_TABLE_PREFIX: settings.prefix,
      AWS_REGION: 'us-east-1',
      FLAGS_CONTROL_PORT: String(controlPort),
      FLAGS_CONTROL_TOKEN: settings.token,
      FLAGS_COOKIE_SECRET: settings.token,
    },
    log: join(DEMO, 'migrated.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  await process.ready(`${url}/health`);
  return { url, control: `http://127.0.0.1:${controlPort}`, process };
}

/** Takes the application from phase 1 to `last`, a phase at a time, through its own REST API. */
export async function throughThePhases(instance: Instance, token: string, last: number): Promise<void> {
  // Nobody has written to MySQL since stage 7 compared; a team would be in phase 2 before it.
  const confirmations: Readonly<Record<number, string>> = { 2: 'tables-current', 5: 'dynamodb-only' };
  for (const to of [2, 3, 4, 5].filter((phase) => phase <= last)) {
    const answer = await fetch(`${instance.control}/api/phase`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        to,
        by: 'demo',
        why: 'the demo goes through all phases',
        ...(confirmations[to] === undefined ? {} : { confirm: confirmations[to] }),
      }),
    });
    if (!answer.ok) throw new Error(`Phase ${to} was refused: ${await answer.text()}`);
    await delay(500);
  }
}

/** The shop's own HTTP tests against a running server; gives the line that counts them. */
export async function shopTests(shop: string, url: string): Promise<string> {
  const output = await run('npm', ['test'], {
    cwd: shop,
    env: { SHOP_URL: url, SHOP_ADMIN_KEY: ADMIN_KEY },
    log: join(DEMO, 'shop-tests.log'),
  });
  const count = (name: string): string =>
    new RegExp(`^# ${name} (\\d+)`, 'm').exec(output)?.[1] ?? new RegExp(`ℹ ${name} (\\d+)`).exec(output)?.[1] ?? '?';
  return `${count('pass')} of ${count('tests')} tests passed`;
}
