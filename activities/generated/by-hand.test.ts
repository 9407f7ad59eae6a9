import { expect, test } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataAccessLayer } from '../../core/data-access.ts';
import { handMethods, readHandFiles, writeHandFiles } from './by-hand.ts';

const LAYER = {
  folder: 'src/dal',
  methods: [
    { aggregate: 'products', name: 'topSellers' },
    { aggregate: 'orders', name: 'delete' },
  ],
} as unknown as DataAccessLayer;
const files = (...paths: string[]) => paths.map((each) => ({ path: each }));

test('files in an aggregate’s folder are methods, whatever the language; others are help for them', () => {
  expect(handMethods(LAYER, files('orders/delete.js', 'products/topSellers.ts', 'ranks.ts', 'help/x.ts'))).toEqual([
    { aggregate: 'orders', name: 'delete', path: 'orders/delete.js' },
    { aggregate: 'products', name: 'topSellers', path: 'products/topSellers.ts' },
  ]);
});

test('a file that names no method is refused with those that there are', () => {
  expect(() => handMethods(LAYER, files('products/topSeller.ts'))).toThrow(
    expect.objectContaining({
      code: 'compile.by-hand-unknown',
      where: 'src/dal/dynamodb/by-hand/products/topSeller.ts',
      detail: expect.stringContaining('It has: topSellers.'),
    }),
  );
});

test('a folder holds exactly the files that were written', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'cutover-hand-')), 'by-hand');
  expect(await readHandFiles(folder)).toEqual([]);
  await writeHandFiles(folder, [{ path: 'products/a.ts', content: 'a' }]);
  await writeHandFiles(folder, [{ path: 'b.ts', content: 'b' }]);
  expect(await readHandFiles(folder)).toEqual([{ path: 'b.ts', content: 'b' }]);
});
