import { expect, test } from '@jest/globals';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import { skeleton, taskFile } from './task.ts';

const METHOD = { aggregate: 'notes', name: 'listChecksums' };
const typescript = { folder: 'src/dal', importSuffix: '.js' } as DataAccessLayer;
const commonJs = {
  folder: 'lib/dal',
  importSuffix: '',
  language: 'javascript',
  modules: 'commonjs',
  strict: true,
} as unknown as DataAccessLayer;

test('a method is to be written in the application’s language, where the layer looks for it', async () => {
  expect(taskFile(typescript, METHOD)).toBe('src/dal/dynamodb/by-hand/notes/listChecksums.ts');
  expect(await skeleton(typescript, METHOD)).toContain(
    "export function listChecksums(store: Store): Notes['listChecksums'] {",
  );
  expect(taskFile(commonJs, METHOD)).toBe('lib/dal/dynamodb/by-hand/notes/listChecksums.js');
  const text = await skeleton(commonJs, METHOD);
  expect(text).toMatch(/^'use strict';/);
  expect(text).toContain('function listChecksums(store) {');
  expect(text).toMatch(/exports\b.*listChecksums/);
  expect(text).not.toMatch(/^import /m);
});

test('a method with the name of a word of the language is exported under it nevertheless', async () => {
  const text = await skeleton(typescript, { aggregate: 'notes', name: 'delete' });
  expect(text).toContain("function deleteMethod(store: Store): Notes['delete'] {");
  expect(text).toContain('export { deleteMethod as delete };');
});
