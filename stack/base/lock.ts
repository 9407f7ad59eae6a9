import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './errors.ts';
import { isRunning, ownIdentity } from './process.ts';
import type { ProcessIdentity } from './types.ts';

/** How long a breaker's own marker may stand before it counts as left behind by a crash. */
const BREAKER_STALE_MS = 10_000;

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Creates the file with its content in one step (a reader never sees it empty); false when it is there already. */
function tryCreate(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a lock whose holder no longer runs. Two waiters may see the same dead holder; were both free to unlink, the
 * second would unlink the lock that the first has just taken. So breaking needs a marker of its own, and looks again.
 */
function breakIfStale(file: string): void {
  const seen = readHolder(file);
  if (seen === undefined || isRunning(seen)) return;
  const breaker = `${file}.breaking`;
  if (!tryCreate(breaker, '')) {
    try {
      if (Date.now() - statSync(breaker).mtimeMs > BREAKER_STALE_MS) rmSync(breaker, { force: true });
    } catch {
      // Gone in the meantime: the other breaker has finished.
    }
    return;
  }
  try {
    const again = readHolder(file);
    if (again !== undefined && !isRunning(again)) rmSync(file, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

/** How to wait for a lock. */
export interface LockOptions {
  readonly timeoutMs: number;
  /** Called once if the lock is held by another. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

/**
 * Runs `work` while holding a lock file that names this process; the lock of a process that died is taken over.
 * @throws StackError ALREADY_RUNNING when the lock isn't free in time.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  const content = JSON.stringify(ownIdentity());
  const end = Date.now() + options.timeoutMs;
  let told = false;
  while (!tryCreate(file, content)) {
    breakIfStale(file);
    const holder = readHolder(file);
    if (holder !== undefined && !told) {
      told = true;
      options.onWait?.(holder);
    }
    if (Date.now() > end) {
      const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
      throw new StackError(
        'ALREADY_RUNNING',
        `${who} holds ${path.basename(file)}: wait for it or end it, then try again`,
      );
    }
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
