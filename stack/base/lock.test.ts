import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runElsewhere } from '../testing/home.ts';
import { withLock } from './lock.ts';
import { removeDir } from './paths.ts';
import { ownIdentity } from './process.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'cutover-lock-'));
});
afterAll(() => removeDir(dir));

test('several processes never hold the lock at once, even when it starts out stale', async () => {
  const lock = path.join(dir, 'shared.lock');
  const file = path.join(dir, 'turns');
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 - 1, started: 'long ago' }));
  const script = 'stack/testing/locked-append.ts';
  const ended = await Promise.all([1, 2, 3].map(() => runElsewhere([script, lock, file]).ended));
  expect(ended.map((each) => each.code)).toEqual([0, 0, 0]);
  const turns = readFileSync(file, 'utf8');
  expect(turns).toBe('in\nout\n'.repeat(30));
  expect(existsSync(lock)).toBe(false);
});

test('a lock whose pid now belongs to another process is taken over', async () => {
  const lock = path.join(dir, 'recycled.lock');
  writeFileSync(lock, JSON.stringify({ pid: process.pid, started: 'another start' }));
  await expect(withLock(lock, { timeoutMs: 2000 }, async () => 'mine')).resolves.toBe('mine');
});

test('a living holder is respected, and named when the wait is over', async () => {
  const lock = path.join(dir, 'held.lock');
  writeFileSync(lock, JSON.stringify(ownIdentity()));
  const waited: number[] = [];
  const options = { timeoutMs: 300, onWait: (holder: { pid: number }) => waited.push(holder.pid) };
  await expect(withLock(lock, options, async () => 'never')).rejects.toThrow(
    `process ${process.pid} holds held.lock: wait for it or end it, then try again`,
  );
  expect(waited).toEqual([process.pid]);
  expect(existsSync(lock)).toBe(true);
});

test('the lock is given back when the work fails', async () => {
  const lock = path.join(dir, 'failing.lock');
  const failing = withLock(lock, { timeoutMs: 1000 }, async () => {
    throw new Error('no luck');
  });
  await expect(failing).rejects.toThrow('no luck');
  expect(existsSync(lock)).toBe(false);
});
