import { setTimeout as delay } from 'node:timers/promises';
import { Migrations } from '../../client/migrations.ts';
import { temporalSettings } from '../../core/temporal-settings.ts';
import { startWorker } from './cutover.ts';
import type { Background } from './processes.ts';

/** One kill: which stage, and what it was doing. */
export interface Kill {
  readonly stage: string;
  readonly step: string;
}

/**
 * Kills the worker with SIGKILL once while each stage executes, and starts another: the run has to go on by itself.
 * Ends when `signal` is aborted; gives what it did, and hands every worker that it starts to `onWorker`.
 */
export async function killEachStage(
  environment: NodeJS.ProcessEnv,
  worker: Background,
  signal: AbortSignal,
  onWorker: (worker: Background) => Promise<void>,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  const { migrations, connection } = await Migrations.connect(temporalSettings({ ...process.env, ...environment }));
  let current = worker;
  try {
    while (!signal.aborted) {
      await delay(300);
      const at = await working(migrations);
      if (at === undefined || kills.some(({ stage }) => stage === at.stage)) continue;
      current.kill();
      kills.push(at);
      current = await startWorker(environment);
      await onWorker(current);
    }
  } finally {
    await connection.close();
  }
  return kills;
}

/** The stage that executes now, and its step. */
async function working(migrations: Migrations): Promise<Kill | undefined> {
  const execution = await migrations.execution('shop').catch(() => undefined);
  for (const { type, progress } of execution?.activities ?? []) {
    const [stage = '', step] = type.split('.');
    if (step === 'execute') return { stage, step: progress?.step ?? '' };
  }
  return undefined;
}
