import { existsSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { loadStages } from '../activities/registry.ts';
import { CutoverError } from '../core/errors/index.ts';
import { temporalSettings, type TemporalSettings } from '../core/temporal-settings.ts';
import { TASK_QUEUE, buildWorker } from './build-worker.ts';
import { prebuiltBundle } from './bundle.ts';
import { workerLogger } from './logger.ts';
import { registerSearchAttributes } from './search-attributes.ts';

const logger = workerLogger();

/** Runs a worker until it gets SIGINT or SIGTERM; settings come from the environment (docs/cli.md). */
async function main(): Promise<void> {
  Runtime.install({ logger });
  const settings = temporalSettings();
  const stages = await loadStages();
  const workflowBundle = await bundleFile();
  await prepareServer(settings);
  const connection = await NativeConnection.connect(settings.connection);
  try {
    const { namespace } = settings;
    const version = versionOf(process.env);
    const worker = await buildWorker({
      connection,
      namespace,
      stages,
      workflowBundle,
      ...(version === undefined ? {} : { version }),
    });
    logger.info('worker started', { address: settings.address, namespace, taskQueue: TASK_QUEUE });
    await worker.run();
  } finally {
    await connection.close();
  }
}

/** The bundle that `CUTOVER_WORKFLOW_BUNDLE` names, which must then be there; without it, one made of the sources. */
async function bundleFile(): Promise<string> {
  const file = process.env['CUTOVER_WORKFLOW_BUNDLE'];
  if (file === undefined || file === '') return prebuiltBundle(undefined, logger);
  if (existsSync(file)) return file;
  throw new CutoverError('core.settings-invalid', {
    where: 'CUTOVER_WORKFLOW_BUNDLE',
    detail: `There is no file ${file}; make it with \`npx tsx worker/build-bundle.ts\`.`,
  });
}

async function prepareServer({ connection: options, namespace }: TemporalSettings): Promise<void> {
  const connection = await Connection.connect(options);
  try {
    const missing = await registerSearchAttributes(connection, namespace);
    if (missing.length === 0) return;
    throw new CutoverError('core.settings-invalid', {
      where: `search attributes of namespace ${namespace}`,
      detail: `Missing, and this worker may not add them: ${missing.join(', ')} (all of type Keyword).`,
    });
  } finally {
    await connection.close();
  }
}

function versionOf(environment: NodeJS.ProcessEnv): { deployment: string; build: string } | undefined {
  const deployment = environment['TEMPORAL_DEPLOYMENT_NAME'];
  const build = environment['TEMPORAL_WORKER_BUILD_ID'];
  return deployment && build ? { deployment, build } : undefined;
}

main().then(
  () => {
    logger.info('worker stopped');
  },
  (error: unknown) => {
    logger.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
