import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Migrations } from '../../client/migrations.ts';
import { verifyAudit } from '../../core/audit.ts';
import { STAGE_IDS, type StageId } from '../../core/stages.ts';
import { buildWorker } from '../../worker/build-worker.ts';
import { prebuiltBundle } from '../../worker/bundle.ts';
import { registerSearchAttributes } from '../../worker/search-attributes.ts';
import { testEndpoints, uniqueName } from '../support/shared-stack.ts';
import { fakeStages } from './support/fake-stages.ts';
import { installQuietRuntime, planIn } from './support/harness.ts';

const WORKER = fileURLToPath(new URL('./support/killed-worker.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A point in each stage, so that all three kinds of point and all writing steps have their turn. */
const POINTS: readonly (readonly [StageId, string, 'before' | 'during' | 'after'])[] = [
  ['01-mysql-analysis', 'execute', 'during'],
  ['02-dynamodb-data-modeling', 'execute', 'after'],
  ['03-dal-abstraction', 'record', 'after'],
  ['04-dynamodb-implementation', 'execute', 'before'],
  ['05-feature-flags-system', 'verify', 'during'],
  ['06-infrastructure-deployment', 'execute', 'after'],
  ['07-data-migration-execution', 'execute', 'during'],
];

let folder: string;
let connection: Connection;
let native: NativeConnection;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-kill-'));
  const { address, namespace } = testEndpoints().temporal;
  connection = await Connection.connect({ address });
  await registerSearchAttributes(connection, namespace);
  installQuietRuntime();
  native = await NativeConnection.connect({ address });
  await prebuiltBundle();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await native.close();
  await connection.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a worker process; resolves with its signal when it is gone. */
function startWorker(orders: object): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', WORKER, JSON.stringify(orders)], { cwd: ROOT });
    children.add(child);
    child.once('exit', (_code, signal) => {
      children.delete(child);
      resolve(signal);
    });
  });
}

/** The worker after the killed one. In this process, for seven more processes would only cost time. */
async function startReplacement(taskQueue: string, world: string): Promise<{ stop: () => Promise<void> }> {
  const { namespace } = testEndpoints().temporal;
  const stages = fakeStages({ world, calls: new Map() });
  const workflowBundle = await prebuiltBundle();
  const worker = await buildWorker({ connection: native, namespace, taskQueue, stages, workflowBundle });
  const done = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await done;
    },
  };
}

describe('a worker killed by SIGKILL and started again', () => {
  it('goes on where it was, in each of the seven stages', async () => {
    await Promise.all(POINTS.map(([stage, step, point]) => survives(stage, step, point)));
  }, 150_000);
});

async function survives(stage: StageId, step: string, point: string): Promise<void> {
  const { address, namespace } = testEndpoints().temporal;
  const taskQueue = uniqueName('killed');
  const world = path.join(folder, taskQueue);
  const migrations = new Migrations(new Client({ connection, namespace }), taskQueue);
  const plan = planIn(folder);
  await migrations.start(plan);

  const orders = { address, namespace, taskQueue, world, activity: `${stage}.${step}`, point };
  expect(await startWorker(orders)).toBe('SIGKILL');
  expect(existsSync(path.join(folder, `killed-${taskQueue}`))).toBe(true);
  const replacement = await startReplacement(taskQueue, world);

  const result = await migrations.result(plan.name);
  await replacement.stop();
  expect(result.outcome).toBe('completed');
  expect(result.stages.every(({ status, runs }) => status === 'done' && runs === 1)).toBe(true);
  expect((await readdir(path.join(world, plan.name))).sort()).toEqual(STAGE_IDS.map((id) => `${id}.done`));
  const trail = await readFile(path.join(plan.artifactStore, plan.name, 'audit.jsonl'), 'utf8');
  expect(verifyAudit(trail, { head: result.audit })).toMatchObject({ ok: true });
}
