import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { Migrations } from '../../../client/migrations.ts';
import type { MigrationPlan } from '../../../core/plan.ts';
import { buildWorker } from '../../../worker/build-worker.ts';
import { prebuiltBundle } from '../../../worker/bundle.ts';
import { registerSearchAttributes } from '../../../worker/search-attributes.ts';
import type { MigrationStatus } from '../../../workflows/status.ts';
import { testEndpoints, uniqueName } from '../../support/shared-stack.ts';
import { fakeStages, type Script } from './fake-stages.ts';

/** Receives what the worker logs; a test may look at it, nobody else wants to. */
let listener: ((line: string) => void) | undefined;

const quiet = new DefaultLogger('INFO', (entry) => {
  listener?.(JSON.stringify(entry, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
});

/** A worker with fake stages on a real server, on a task queue of its own, and a client for it. */
export interface Harness {
  readonly migrations: Migrations;
  readonly client: Client;
  readonly taskQueue: string;
  readonly script: Script;
  /** Holds the artifact store and the world. */
  readonly folder: string;
  plan(changes?: Partial<MigrationPlan>): MigrationPlan;
  handle(name: string): WorkflowHandle;
  /** Waits until the migration's status is one of these. */
  until(name: string, ...status: MigrationStatus['status'][]): Promise<MigrationStatus>;
  /** What the stages of a migration left in the world. */
  world(name: string): Promise<string[]>;
  /** The steps that ran in a migration, in order. */
  calls(name: string): string[];
  /** Stops the worker; `startWorker` starts another one on the same queue. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; `close` in `afterAll`. */
export async function harness(
  options: { readonly onLog?: (line: string) => void; readonly taskQueue?: string } = {},
): Promise<Harness> {
  listener = options.onLog;
  installQuietRuntime();
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-workflow-'));
  const script: Script = { world: path.join(folder, 'world'), calls: new Map() };
  const taskQueue = options.taskQueue ?? uniqueName('queue');
  const { address, namespace } = testEndpoints().temporal;
  const connection = await Connection.connect({ address });
  await registerSearchAttributes(connection, namespace);
  const client = new Client({ connection, namespace });
  const migrations = new Migrations(client, taskQueue);
  const native = await NativeConnection.connect({ address });
  let running: { worker: Worker; done: Promise<void> } | undefined;

  const startWorker = async (): Promise<void> => {
    const workflowBundle = await prebuiltBundle(undefined, quiet);
    const worker = await buildWorker({
      connection: native,
      namespace,
      taskQueue,
      workflowBundle,
      stages: fakeStages(script),
    });
    running = { worker, done: worker.run() };
  };
  const stopWorker = async (): Promise<void> => {
    running?.worker.shutdown();
    await running?.done;
    running = undefined;
  };
  await startWorker();

  return {
    migrations,
    client,
    taskQueue,
    script,
    folder,
    plan: (changes = {}) => planIn(folder, changes),
    handle: (name) => client.workflow.getHandle(name),
    until: (name, ...status) => until(migrations, name, status),
    world: async (name) => (await readdir(path.join(script.world, name)).catch(() => [])).sort(),
    calls: (name) => script.calls.get(name) ?? [],
    startWorker,
    stopWorker,
    close: async () => {
      await stopWorker();
      await native.close();
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A plan of its own name whose every path is below the folder. */
export function planIn(folder: string, changes: Partial<MigrationPlan> = {}): MigrationPlan {
  return {
    name: uniqueName('shop'),
    artifactStore: path.join(folder, 'artifacts'),
    source: { host: '127.0.0.1', port: 3306, database: 'shop', user: 'shop' },
    application: {
      path: path.join(folder, 'application'),
      sources: ['src'],
      server: {
        start: 'node server.js',
        portVariable: 'PORT',
        readyPath: '/health',
        databaseUrlVariable: 'DATABASE_URL',
      },
      tests: { command: 'npm test' },
      scratch: { database: 'shop_scratch', prepare: 'npm run prepare' },
    },
    target: { region: 'us-east-1', prefix: 'shop-' },
    gates: { policy: 'auto' },
    ...changes,
  };
}

async function until(
  migrations: Migrations,
  name: string,
  wanted: readonly MigrationStatus['status'][],
): Promise<MigrationStatus> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const status = await migrations.status(name);
    if (wanted.includes(status.status)) return status;
    if (Date.now() > deadline)
      throw new Error(`${name} is ${status.status}, not ${wanted.join(' or ')}: ${JSON.stringify(status, null, 1)}`);
    await sleep(50);
  }
}

let installed = false;

/** Once a process, before anything else of the worker. */
export function installQuietRuntime(): void {
  if (installed) return;
  Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'ERROR' } } });
  installed = true;
}
