import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeDir } from '../base/paths.ts';
import { silentLog } from '../base/types.ts';
import { installOnce, isInstalled } from './folder.ts';

let parts = '';
beforeAll(() => {
  parts = mkdtempSync(path.join(os.tmpdir(), 'cutover-parts-'));
  process.env['CUTOVER_PARTS'] = parts;
});
afterAll(() => {
  delete process.env['CUTOVER_PARTS'];
  removeDir(parts);
});

test('simultaneous installs do the work once, and all get the same complete folder', async () => {
  let times = 0;
  const work = async (dir: string): Promise<Record<string, string>> => {
    times += 1;
    await new Promise((resolve) => setTimeout(resolve, 150));
    writeFileSync(path.join(dir, 'program'), 'x');
    return { version: '1' };
  };
  const dirs = await Promise.all([1, 2, 3].map(() => installOnce('thing', silentLog, work)));
  expect(times).toBe(1);
  expect(new Set(dirs).size).toBe(1);
  expect(readFileSync(path.join(dirs[0] ?? '', 'program'), 'utf8')).toBe('x');
});

test('an install that fails or was interrupted leaves nothing that counts as installed', async () => {
  const failing = installOnce('broken', silentLog, async (dir) => {
    writeFileSync(path.join(dir, 'half'), 'x');
    throw new Error('network gone');
  });
  await expect(failing).rejects.toThrow('network gone');
  expect(isInstalled('broken')).toBe(false);

  // What a killed process leaves: its draft, and by an even older fault the folder itself without the marker.
  mkdirSync(path.join(parts, '.draft-broken-4194303'));
  mkdirSync(path.join(parts, 'broken'));
  writeFileSync(path.join(parts, 'broken', 'half'), 'x');
  expect(isInstalled('broken')).toBe(false);
  const dir = await installOnce('broken', silentLog, async () => ({ version: '2' }));
  expect(existsSync(path.join(dir, 'half'))).toBe(false);
  expect(readdirSync(parts).filter((name) => name.includes('broken'))).toEqual(['broken']);
});
