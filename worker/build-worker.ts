import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { Redactor } from '../activities/orchestration/redactor.ts';
import type { Stage } from '../core/stage.ts';

/** The task queue on which migrations are started; part of how the product is used, so it does not change. */
export const TASK_QUEUE = 'cutover';

/** How long running activities get to finish when the worker is told to stop; keep a service manager's patience above. */
export const SHUTDOWN_GRACE = '20s';

/** What a worker is built from. */
export interface BuildWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly stages: readonly Stage[];
  /** File with the bundled workflow code; see `bundle.ts`. */
  readonly workflowBundle: string;
  readonly taskQueue?: string;
  readonly identity?: string;
  /** Versioned workers: a migration stays on the version that it was started with. */
  readonly version?: { readonly deployment: string; readonly build: string };
  /** Tests put interceptors here, to interrupt at named points. */
  readonly interceptors?: WorkerOptions['interceptors'];
}

/** Builds the worker and does not run it, so that tests run exactly what production runs. */
export async function buildWorker(options: BuildWorkerOptions): Promise<Worker> {
  const { connection, namespace, stages, workflowBundle, taskQueue, identity, version, interceptors } = options;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueue ?? TASK_QUEUE,
    workflowBundle: { codePath: workflowBundle },
    activities: createActivities(stages, new Redactor()),
    shutdownGraceTime: SHUTDOWN_GRACE,
    // Progress is shown live, so it must reach the server far more often than the liveness of a worker would need.
    maxHeartbeatThrottleInterval: '2s',
    ...(identity === undefined ? {} : { identity }),
    ...(interceptors === undefined ? {} : { interceptors }),
    ...(version === undefined
      ? {}
      : {
          workerDeploymentOptions: {
            version: { deploymentName: version.deployment, buildId: version.build },
            useWorkerVersioning: true,
            defaultVersioningBehavior: 'PINNED' as const,
          },
        }),
  });
}
