import { writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { buildWorker } from '../../../worker/build-worker.ts';
import { prebuiltBundle } from '../../../worker/bundle.ts';
import { fakeStages } from './fake-stages.ts';

/**
 * A worker process that dies by SIGKILL at a named point, once. Points: `before`, `during` (half done) and `after`
 * (done, and the answer lost) an activity. Run by kill.test.ts: `tsx killed-worker.ts '{"address": …}'`.
 */
interface Orders {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly world: string;
  readonly activity: string;
  readonly point: 'before' | 'during' | 'after';
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
const marker = path.join(path.dirname(orders.world), `killed-${orders.taskQueue}`);

function die(activity: string, point: Orders['point']): void {
  if (activity !== orders.activity || point !== orders.point || existsSync(marker)) return;
  writeFileSync(marker, `${activity} ${point}`);
  process.kill(process.pid, 'SIGKILL');
}

const interrupting: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      die(info.activityType, 'before');
      const result = await next(input);
      die(info.activityType, 'after');
      return result;
    },
  },
});

const { address, namespace, taskQueue, world } = orders;
const stages = fakeStages({
  world,
  calls: new Map(),
  hook: (_context, stage, step) => {
    die(`${stage}.${step}`, 'during');
  },
});
const connection = await NativeConnection.connect({ address });
const worker = await buildWorker({
  connection,
  namespace,
  taskQueue,
  stages,
  workflowBundle: await prebuiltBundle(),
  interceptors: { activity: [interrupting] },
});
await worker.run();
