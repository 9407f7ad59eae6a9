import path from 'node:path';
import { StackError } from './base/errors.ts';
import { withLock } from './base/lock.ts';
import { removeDir, stackDir, stacksDir } from './base/paths.ts';
import { isRunning, ownIdentity, terminate } from './base/process.ts';
import { readState, runningParts, withoutProcess, writeState, type StackState } from './base/state.ts';
import { PART_NAMES, silentLog, type PartName, type StackLog, type StackOptions } from './base/types.ts';
import { DRIVERS } from './parts/index.ts';
import { Stack } from './stack.ts';

export { StackError, type StackErrorCode } from './base/errors.ts';
export { listStacks, readState, runningParts, type PartState, type StackState } from './base/state.ts';
export * from './base/types.ts';
export { ensureInstalled } from './install/index.ts';
export { SEARCH_ATTRIBUTES } from './parts/temporal.ts';
export { Stack } from './stack.ts';

/** Starting all parts on a slow machine, with all downloads. */
const LOCK_TIMEOUT_MS = 120_000;

function lockFile(name: string): string {
  stackDir(name);
  return path.join(stacksDir(), `${name}.lock`);
}

/**
 * Starts the parts, all at once, installing what is missing; returns when all are healthy. When one can't be had, the
 * others are stopped and its error is thrown. The stack ends with this process unless `detached` is asked.
 * @throws StackError of one sentence: what is missing or wrong, and what to do
 */
export async function startStack<const P extends PartName>(options: StackOptions<P>): Promise<Stack<P>> {
  for (const part of options.parts) {
    if (PART_NAMES.includes(part)) continue;
    throw new StackError('BAD_INPUT', `there is no part "${String(part)}": take some of ${PART_NAMES.join(', ')}`);
  }
  if (options.parts.length === 0)
    throw new StackError('BAD_INPUT', `no parts were asked for: take some of ${PART_NAMES.join(', ')}`);
  return withLock(lockFile(options.name), { timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const earlier = await clearEarlier(options.name, options.log ?? silentLog);
    if (options.fresh === true) removeDir(stackDir(options.name));
    const state: StackState = {
      version: 1,
      name: options.name,
      owner: ownIdentity(),
      detached: options.detached === true,
      parts: earlier?.parts ?? {},
    };
    writeState(state);
    const stack = new Stack(options, state);
    const results = await Promise.allSettled(stack.parts.map((part) => stack.start(part)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return stack;
    await stack.stop();
    throw failed.reason;
  });
}

/** Refuses to start a stack twice; ends what a process that died has left of it. Gives what is remembered of it. */
async function clearEarlier(name: string, log: StackLog): Promise<StackState | undefined> {
  const earlier = readState(name);
  if (earlier === undefined) return undefined;
  const running = runningParts(earlier);
  if (running.length > 0 && (earlier.detached || isRunning(earlier.owner))) {
    throw new StackError(
      'ALREADY_RUNNING',
      `stack ${name} runs already (${running.join(', ')}): stop it with "down --name ${name}", or take another name`,
    );
  }
  if (running.length > 0) log.warn(`ending ${running.join(', ')} of stack ${name}, left by a process that died`);
  return endParts(earlier, running);
}

/** Ends exactly the processes that were written down, if they still are the same processes. */
async function endParts(state: StackState, parts: readonly PartName[]): Promise<StackState> {
  await Promise.all(
    parts.map(async (part) => {
      const identity = state.parts[part]?.process;
      if (identity !== undefined) await terminate(identity, DRIVERS[part].graceMs);
    }),
  );
  const kept = PART_NAMES.flatMap((part) => {
    const known = state.parts[part];
    return known === undefined ? [] : [[part, withoutProcess(known)] as const];
  });
  return { ...state, parts: Object.fromEntries(kept) };
}

/**
 * Stops a stack from any process: exactly what was started under this name, never a process that merely has its pid.
 * @returns the parts that were running
 */
export async function downStack(name: string, options: { wipe?: boolean } = {}): Promise<PartName[]> {
  return withLock(lockFile(name), { timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    const state = readState(name);
    const running = state === undefined ? [] : runningParts(state);
    if (state !== undefined) writeState(await endParts(state, running));
    if (options.wipe === true) removeDir(stackDir(name));
    return running;
  });
}
