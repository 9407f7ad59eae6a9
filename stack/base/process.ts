import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from './types.ts';

/** When a process started, as an opaque word; undefined when there is none (a zombie counts as none). */
function startedAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold blanks and parentheses itself: cut after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'X') return undefined;
    // A killed server's first thread is a zombie before the others have let go of its files and ports.
    if (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1) return undefined;
    return `${bootId()}:${fields[19] ?? ''}`;
  } catch (error) {
    if (process.platform === 'linux' || (error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

let cachedBootId: string | undefined;

/** Start times count from boot, so the boot is part of the identity. */
function bootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}

/** The identity of a running process, or undefined when it does not run. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startedAt(pid);
  return started === undefined ? undefined : { pid, started };
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
}

/** Whether exactly this process still runs: same pid and same start. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startedAt(identity.pid) === identity.started;
}

/** Sends a signal to exactly this process; false when it no longer runs. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process is gone; false when it is still there after `timeoutMs`. */
export async function waitGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isRunning(identity)) {
    if (Date.now() > end) return false;
    await delay(25);
  }
  return true;
}

/** Asks the process to end, and insists after `graceMs`. Says whether it had to insist. */
export async function terminate(identity: ProcessIdentity, graceMs: number): Promise<'gone' | 'ended' | 'killed'> {
  if (!signal(identity, 'SIGTERM')) return 'gone';
  if (await waitGone(identity, graceMs)) return 'ended';
  signal(identity, 'SIGKILL');
  await waitGone(identity, 10_000);
  return 'killed';
}
