import { expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeatedBlocks } from './repeated-blocks.ts';

const BLOCK = ['a();', 'b();', '', '// said twice', 'c();', '}', 'd();', 'e();', 'f();'];

async function found(files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-review-'));
  try {
    await mkdir(join(folder, 'inner'));
    for (const [name, lines] of Object.entries(files)) await writeFile(join(folder, name), lines.join('\n'));
    return await repeatedBlocks(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('six lines that stand twice are told with both places, in one file or in two', async () => {
  expect(await found({ 'a.ts': BLOCK, 'inner/b.js': ['x();', ...BLOCK] })).toEqual(['a.ts:1-9 and inner/b.js:2-10']);
  expect(await found({ 'a.ts': [...BLOCK, 'x();', ...BLOCK] })).toEqual(['a.ts:1-9 and a.ts:11-19']);
});

test('five lines, lists of imports, comments and tests are none', async () => {
  expect(await found({ 'a.ts': BLOCK.slice(0, 8), 'b.ts': BLOCK.slice(0, 8) })).toEqual([]);
  const names = ['import type {', ...'abcdefg'.split('').map((name) => `  ${name},`), "} from './x.ts';"];
  expect(await found({ 'a.ts': names, 'b.ts': names })).toEqual([]);
  expect(await found({ 'a.test.ts': BLOCK, 'b.test.ts': BLOCK })).toEqual([]);
});

test('the runtimes that are copied into applications repeat nothing', async () => {
  expect(await repeatedBlocks(join(import.meta.dirname, '..', '..', 'runtime'))).toEqual([]);
});
