import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { downStack, ensureInstalled, readState, runningParts, startStack } from './index.ts';
import { identify, isRunning, waitGone } from './base/process.ts';
import { writeState } from './base/state.ts';
import type { ProcessIdentity } from './base/types.ts';
import { runElsewhere, useOwnHome } from './testing/home.ts';

// Real servers on a machine that may be busy with other things.
jest.setTimeout(180_000);

let removeHome = (): void => undefined;
beforeAll(async () => {
  await ensureInstalled(['mysql']);
  removeHome = useOwnHome();
}, 300_000);
afterAll(() => removeHome());

/** The MySQL process of a stack that another process has started, as that process has written it down. */
function mysqlOf(name: string): ProcessIdentity {
  const identity = readState(name)?.parts.mysql?.process;
  if (identity === undefined) throw new Error(`stack ${name} has no MySQL process`);
  return identity;
}

test('up leaves the stack running; down from another process stops exactly what was started', async () => {
  const other = await startStack({ name: 'other', parts: ['mysql'] });
  const up = await runElsewhere(['stack/cli.ts', 'up', 'mysql', '--name', 'cli']).ended;
  expect(up).toMatchObject({ code: 0 });
  const identity = mysqlOf('cli');
  expect(isRunning(identity)).toBe(true);
  const again = await runElsewhere(['stack/cli.ts', 'up', 'mysql', '--name', 'cli']).ended;
  expect(again.output).toContain(`up, pid ${identity.pid}`);
  const status = await runElsewhere(['stack/cli.ts', 'status', '--json', '--name', 'cli']).ended;
  expect(status.output).toContain('"running": [\n      "mysql"\n    ]');

  const down = await runElsewhere(['stack/cli.ts', 'down', '--name', 'cli']).ended;
  expect(down.output).toContain('stopped mysql');
  expect(isRunning(identity)).toBe(false);
  expect(other.processes().every(isRunning)).toBe(true);
  await other.stop();
});

test('a process that merely has the pid of a part is never stopped', async () => {
  const stranger = spawn('sleep', ['60']);
  const identity = identify(stranger.pid ?? 0);
  if (identity === undefined) throw new Error('no stranger');
  try {
    const part = { process: { ...identity, started: `${identity.started}0` }, ports: {}, logFile: '' };
    const owner = { pid: 2 ** 22 - 1, started: 'long ago' };
    writeState({ version: 1, name: 'recycled', owner, detached: true, parts: { mysql: part } });
    await expect(downStack('recycled')).resolves.toEqual([]);
    expect(isRunning(identity)).toBe(true);
  } finally {
    stranger.kill();
  }
});

test.each([
  ['ends by itself', 'return', undefined],
  ['dies of an error', 'throw', undefined],
  ['is interrupted', 'wait', 'SIGINT'],
  ['is terminated', 'wait', 'SIGTERM'],
] as const)('the stack ends with its process when that %s', async (_what, how, sent) => {
  const name = `held-${how}-${sent ?? 'none'}`;
  const { child, firstLine, ended } = runElsewhere(['stack/testing/hold.ts', name, how]);
  const pid = Number(await firstLine);
  expect(pid).toBeGreaterThan(0);
  const identity = mysqlOf(name);
  if (sent !== undefined) child.kill(sent);
  const end = await ended;
  if (sent !== undefined) expect(end.signal).toBe(sent);
  else expect(end.code).toBe(how === 'throw' ? 1 : 0);
  await expect(waitGone(identity, 20_000)).resolves.toBe(true);
});

test('what a killed process has left is ended by the next start of that stack', async () => {
  const { child, firstLine, ended } = runElsewhere(['stack/testing/hold.ts', 'orphan', 'wait']);
  await firstLine;
  const identity = mysqlOf('orphan');
  child.kill('SIGKILL');
  await ended;
  expect(isRunning(identity)).toBe(true);
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  const stack = await startStack({ name: 'orphan', parts: ['mysql'], log });
  expect(isRunning(identity)).toBe(false);
  expect(warnings).toEqual(['ending mysql of stack orphan, left by a process that died']);
  await stack.stop();
  const state = readState('orphan');
  expect(state && runningParts(state)).toEqual([]);
});

test('a part that ends by itself is reported, and can be started again', async () => {
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  const stack = await startStack({ name: 'sudden', parts: ['mysql'], log });
  const identity = mysqlOf('sudden');
  process.kill(identity.pid, 'SIGKILL');
  await waitGone(identity, 5000);
  while (warnings.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(warnings[0]).toContain('mysql of stack sudden ended by itself (signal SIGKILL): see ');
  await stack.start('mysql');
  await stack.stop();
});
