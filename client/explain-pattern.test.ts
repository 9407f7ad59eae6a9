import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { sampleContract } from '../contract/sample.ts';
import type { Analysis } from '../core/analysis.ts';
import { run } from '../test/workflow/support/tools.ts';
import { explainPattern, patternText, type PatternSources } from './explain-pattern.ts';

const BIN = fileURLToPath(new URL('./bin/cutover.js', import.meta.url));
const contract = sampleContract();
const [first] = contract.access_patterns;
const id = first?.id ?? '';
const method = {
  aggregate: 'books',
  name: 'find',
  accessPattern: id,
  sql: 'SELECT * FROM books WHERE id = ?',
  status: 'compiled',
  plan: 'Get books by id',
  callSites: ['src/books.ts:7, in Books.find'],
};
const refused = { ...method, name: 'rank', status: 'refused', plan: '', reason: 'No rank.', help: 'By hand.' };
const sources = {
  contract,
  analysis: { accessPatterns: [{ id, normalisedSql: ['select * from books where id = ?'] }] } as unknown as Analysis,
  coverage: { methods: [method, refused] },
  tests: {
    aggregates: [
      { tests: ['books.find, case 1: 1 row', 'books.find, case 2: 0 rows', 'books.findAll, case 1: 1 row'], failures: ['books.find, case 2: 0 rows'] }, // prettier-ignore
    ],
    uncovered: [{ method: 'books.rank', why: 'it is refused' }],
  },
} as unknown as PatternSources;

test('a pattern is told with its statement, its way over tables and indexes, cost, call sites and tests', () => {
  const text = patternText(explainPattern(sources, id.toLowerCase()));
  const units = first?.units ?? { read: NaN, write: NaN };
  expect(text.split('\n')[0]).toBe(`access pattern ${id}: ${units.read} RCU, ${units.write} WCU`);
  for (const said of [
    '  select * from books where id = ?',
    '  plan:  Get books by id',
    '  at:    src/books.ts:7, in Books.find',
    '  tests: 1 of 2 generated tests pass',
    '    fails: books.find, case 2: 0 rows',
    'books.rank: refused',
    '  why:   No rank.',
    '  tests: none: it is refused',
  ])
    expect(text).toContain(said);
});

test('a stage that has not come so far is no error; a pattern that is none is', () => {
  expect(patternText(explainPattern({ contract }, id))).toContain('Stage 4 has not compiled it yet.');
  expect(() => explainPattern(sources, 'AP-999')).toThrow(
    expect.objectContaining({ code: 'client.usage', detail: expect.stringContaining(id) }),
  );
});

test('the command reads a folder of artifacts, and its exit codes are those of the others', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-explain-'));
  const explainIn = (...args: string[]) => run(process.execPath, [BIN, 'explain', ...args, '--artifacts', folder], {});
  expect(await explainIn(id)).toMatchObject({ code: 5, stderr: expect.stringContaining('core.artifact-missing') });
  await mkdir(path.join(folder, 'stage-02'));
  await writeFile(path.join(folder, 'stage-02', 'migrationContract.json'), JSON.stringify(contract));
  const { code, stdout } = await explainIn(id, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ pattern: id, sql: [], methods: null });
  expect(await explainIn('AP-999')).toMatchObject({ code: 2 });
  expect(await explainIn(id, 'a-migration')).toMatchObject({ code: 2 });
}, 120_000);
