import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downStack, ensureInstalled, type PartName, startStack, type Stack } from '../../stack/index.ts';
import { startWorker } from './cutover.ts';
import { rememberKept, stopKept } from './kept.ts';
import type { Background } from './processes.ts';
import { DEMO, PASSWORD_VARIABLE, PORTS, ROOT, STACK } from './settings.ts';
import { copyApplication, driveTraffic, fillDatabase } from './source.ts';

const PARTS = ['temporal', 'mysql', 'aws'] as const satisfies readonly PartName[];

/** The servers of a run from an empty folder. */
export interface Servers {
  readonly stack: Stack<(typeof PARTS)[number]>;
  /** Has a process stopped at the end, or by the next run when this one is interrupted. */
  readonly track: (process: Background) => Promise<void>;
}

/** A shop on MySQL with a query log, the servers, and a worker: all that a migration needs. */
export interface Prepared extends Servers {
  /** Folder of the application's repository. */
  readonly shop: string;
  readonly databaseUrl: string;
  /** What a worker and the command line need to know. */
  readonly environment: NodeJS.ProcessEnv;
  readonly worker: Background;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
const log = { info: (message: string) => say(`  ${message}`), warn: (message: string) => say(`  ! ${message}`) };

/** Starts everything from an empty folder, does `work`, and stops everything, whatever happens; unless it is kept. */
export async function withPrepared(
  options: { readonly orders: number; readonly requests: number; readonly keep?: boolean },
  work: (prepared: Prepared) => Promise<void>,
): Promise<void> {
  await withServers(options.keep === true, async ({ stack, track }) => {
    const { temporal, mysql } = stack.endpoints;
    const { orders, requests } = options;
    say(`The shop, on MySQL ${mysql.version}: ${orders} orders, then ${requests} requests for a real query log`);
    const password = randomBytes(12).toString('base64url');
    const shop = await copyApplication(join(ROOT, 'examples', 'shop'), 'shop');
    const databaseUrl = await fillDatabase(shop, mysql, password, orders);
    await driveTraffic(shop, databaseUrl, mysql, requests);
    const environment = workerEnvironment(temporal.address, PASSWORD_VARIABLE, password);
    const worker = await startWorker(environment);
    await track(worker);
    say(`Migrating; look at it in the Temporal Web UI: ${temporal.uiUrl}`);
    await work({ stack, shop, databaseUrl, environment, worker, track });
  });
}

/** What a worker and the command line need to know of the servers and the database's password. */
export function workerEnvironment(temporal: string, passwordVariable: string, password: string): NodeJS.ProcessEnv {
  return {
    TEMPORAL_ADDRESS: temporal,
    [passwordVariable]: password,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** Starts the servers from an empty folder, does `work`, and stops what was started; unless it is kept. */
export async function withServers(keep: boolean, work: (servers: Servers) => Promise<void>): Promise<void> {
  say('Cleaning up after an earlier run');
  await stopKept();
  await downStack(STACK, { wipe: true });
  await rm(DEMO, { recursive: true, force: true });
  await mkdir(DEMO, { recursive: true });

  say('Starting Temporal, MySQL and the AWS endpoint');
  await ensureInstalled(PARTS, log);
  const stack = await startStack({ name: STACK, parts: PARTS, ports: PORTS, fresh: true, detached: true, log });
  const background: Background[] = [];
  // Written down at once: what an interrupted run leaves is found by the next one, and by stack:down.
  const track = async (process: Background): Promise<void> => {
    background.push(process);
    await rememberKept(background.map(({ pid }) => pid));
  };
  try {
    await work({ stack, track });
  } finally {
    if (keep) {
      for (const process of background) process.release();
    } else {
      for (const process of background.reverse()) await process.stop();
      await stack.stop();
    }
  }
}
