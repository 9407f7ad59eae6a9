import { setTimeout as sleep } from 'node:timers/promises';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { CutoverError, type ErrorCode } from '../core/errors/index.ts';
import type { MigrationStatus, StatusName } from '../workflows/status.ts';
import type { Activity, Execution, Migrations } from './migrations.ts';
import type { Output } from './output.ts';
import { Pace, type PaceText } from './pace.ts';
import { headline } from './status-text.ts';

/** States in which nothing happens until a person does something. */
const STILL: readonly StatusName[] = [
  'waiting',
  'paused',
  'parked',
  'rolled-back',
  'completed',
  'aborted',
  'cancelled',
];

const EVERY_MS = 500;
const PATIENCE_MS = 120_000;
const PASSING: readonly ErrorCode[] = ['client.no-worker', 'client.temporal-unreachable'];

/** Shows progress until the migration ends or waits for a person; gives its last state. */
export async function watch(migrations: Migrations, name: string, out: Output): Promise<MigrationStatus> {
  const display = out.json ? silent : process.stderr.isTTY ? bars() : lines(out);
  try {
    for (;;) {
      const [status, execution] = await patiently(() =>
        Promise.all([migrations.status(name), migrations.execution(name)]),
      );
      display.show(status, execution);
      if (STILL.includes(status.status) || execution.closed) return status;
      await sleep(EVERY_MS);
    }
  } finally {
    display.stop();
  }
}

/** A worker that restarts, or a server that is slow to answer, is no reason to stop watching; one that stays away is. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof CutoverError && PASSING.includes(error.code);
      if (!passing || Date.now() > until) throw error;
      await sleep(EVERY_MS);
    }
  }
}

interface Display {
  show(status: MigrationStatus, execution: Execution): void;
  stop(): void;
}

const silent: Display = { show: () => undefined, stop: () => undefined };

/** A line for every change: for logs and pipes. */
function lines(out: Output): Display {
  let last = '';
  const pace = new Pace();
  return {
    show: (status, { activities }) => {
      const progress = activities.map((activity: Activity) => activity.progress).find((of) => of !== undefined);
      const step = progress === undefined ? [] : [progress.step, ...written(pace.of(progress))];
      const line = [headline(status), ...step].join(': ');
      if (line !== last) out.note(line);
      last = line;
    },
    stop: () => undefined,
  };
}

function written({ count, rate, left }: PaceText): string[] {
  return count === '' ? [] : [[count, rate, left].filter((part) => part !== '').join(', ')];
}

/** Two bars: the stages, and what the running step counts. */
function bars(): Display {
  const multi = new MultiBar(
    {
      format: '{bar} {percentage}% | {value}/{total} {unit} {rate} {left} | {what}',
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const all = multi.create(7, 0, { unit: 'stages', rate: '', left: '', what: '' });
  let current: SingleBar | undefined;
  const pace = new Pace();
  return {
    show: (status, { activities }) => {
      all.setTotal(status.stages.length);
      all.update(status.stages.filter((stage) => stage.status === 'done').length, { what: headline(status) });
      const progress = activities.map((activity: Activity) => activity.progress).find((of) => of !== undefined);
      if (progress?.total === undefined) {
        if (current !== undefined) multi.remove(current);
        current = undefined;
        return;
      }
      current ??= multi.create(1, 0, { unit: '', rate: '', left: '', what: '' });
      current.setTotal(progress.total);
      const { rate, left } = pace.of(progress);
      current.update(progress.done ?? 0, { unit: progress.unit ?? '', rate, left, what: progress.step });
    },
    stop: () => {
      multi.stop();
    },
  };
}
