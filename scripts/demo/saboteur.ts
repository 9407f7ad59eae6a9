import { setTimeout as delay } from 'node:timers/promises';
import { Migrations } from '../../client/migrations.ts';
import { temporalSettings } from '../../core/temporal-settings.ts';
import { startWorker } from './cutover.ts';
import type { Background } from './processes.ts';

/** One kill: which stage, and what it was doing. */
export interface Kill {
  readonly stage: string;
  readonly attempt: number;
  readonly step: string;
}

/** Into its second attempt a stage is let work for so long before it is struck again; one that is quicker is struck once. */
const FURTHER_ON_MS = 10_000;

/**
 * Kills the worker with SIGKILL while each stage executes: as its first attempt begins, and again further on in the
 * second. Then starts another; the run has to go on by itself. Ends when `signal` is aborted; gives what it did, and
 * hands every worker that it starts to `onWorker`.
 */
export async function killEachStage(
  environment: NodeJS.ProcessEnv,
  worker: Background,
  signal: AbortSignal,
  onWorker: (worker: Background) => Promise<void>,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  const firstSeen = new Map<string, number>();
  const { migrations, connection } = await Migrations.connect(temporalSettings({ ...process.env, ...environment }));
  let current = worker;
  try {
    while (!signal.aborted) {
      await delay(300);
      const at = await working(migrations);
      if (at === undefined) continue;
      const attempt = `${at.stage} ${at.attempt}`;
      const since = firstSeen.get(attempt) ?? Date.now();
      firstSeen.set(attempt, since);
      const strikes = kills.filter(({ stage }) => stage === at.stage).length;
      if (at.attempt !== strikes + 1 || at.attempt > 2) continue;
      if (at.attempt === 2 && Date.now() - since < FURTHER_ON_MS) continue;
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

/** The stage that executes now, which attempt it is, and its step. */
async function working(migrations: Migrations): Promise<Kill | undefined> {
  const execution = await migrations.execution('shop').catch(() => undefined);
  for (const { type, attempt, progress } of execution?.activities ?? []) {
    const [stage = '', step] = type.split('.');
    if (step === 'execute') return { stage, attempt, step: progress?.step ?? '' };
  }
  return undefined;
}
