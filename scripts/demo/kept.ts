import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isRunning, waitGone } from '../../stack/base/process.ts';
import type { ProcessIdentity } from '../../stack/index.ts';
import { DEMO } from './settings.ts';

const FILE = join(DEMO, 'processes.json');

/** Writes down what `--keep` leaves running, so that it can be stopped from another process. */
export async function rememberKept(pids: readonly (number | undefined)[]): Promise<void> {
  const identities = pids.flatMap((pid) => (pid === undefined ? [] : (identify(pid) ?? [])));
  await writeFile(FILE, `${JSON.stringify(identities)}\n`);
}

/** Stops exactly what was written down, each with the processes that it started; never a pid that was reused. */
export async function stopKept(): Promise<number> {
  let stopped = 0;
  for (const identity of await kept()) {
    if (!isRunning(identity)) continue;
    // Each was started as the leader of a group of its own.
    process.kill(-identity.pid, 'SIGTERM');
    if (!(await waitGone(identity, 15_000))) process.kill(-identity.pid, 'SIGKILL');
    stopped++;
  }
  await rm(FILE, { force: true });
  return stopped;
}

async function kept(): Promise<ProcessIdentity[]> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8')) as ProcessIdentity[];
  } catch {
    return [];
  }
}
