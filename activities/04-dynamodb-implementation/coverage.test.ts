import { expect, test } from '@jest/globals';
import type { Analysis } from '../../core/analysis.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { CompiledMethod } from './compile/index.ts';
import { coverageOf, refusalQuestions } from './coverage.ts';
import { withRefusals } from './handwork.ts';
import { coverageMarkdown } from './reports.ts';

const METHODS = [
  { aggregate: 'books', name: 'find', status: 'compiled', plan: 'Get books by id', sql: 'SELECT 1' },
  { aggregate: 'books', name: 'tree', status: 'by hand', plan: 'by hand, in by-hand/books/tree.ts', sql: 'SELECT 2' },
  {
    aggregate: 'books',
    name: 'rank',
    accessPattern: 'AP-003',
    status: 'refused',
    sql: 'SELECT RANK() OVER ()',
    reason: 'Window functions are not compiled.',
    help: 'Write it by hand.',
  },
] as unknown as CompiledMethod[];
const LAYER = {
  methods: [{ aggregate: 'books', name: 'rank', callSites: ['CS-001', 'CS-002'] }],
} as unknown as DataAccessLayer;
const ANALYSIS = {
  application: {
    callSites: [
      { id: 'CS-001', span: { file: 'src/books.ts', line: 7 }, within: 'Books.rank' },
      { id: 'CS-002', span: { file: 'src/top.ts', line: 19 }, within: 'GET /top' },
    ],
  },
} as unknown as Analysis;

const coverage = coverageOf(METHODS, LAYER, ANALYSIS, {
  writtenBy: new Map([['books.tree', 'executor']]),
  attempts: new Map([['books.rank', 'it ended with exit code 3']]),
});

test('methods are counted by what became of them', () => {
  expect(coverage).toMatchObject({ found: 3, compiled: 1, byHand: 1, refused: 1 });
  expect(coverage.methods[1]).toMatchObject({ writtenBy: 'executor' });
});

test('a refusal is reported with statement, places, reason, what would help, and the ways on', () => {
  const text = coverageMarkdown(coverage);
  for (const said of [
    'SELECT RANK() OVER ()',
    '- src/books.ts:7, in Books.rank',
    '- src/top.ts:19, in GET /top',
    'Why: Window functions are not compiled.',
    'What would help: Write it by hand.',
    "The executor's attempt: it ended with exit code 3",
    '--contract FILE',
    'by-hand/<aggregate>/<method>',
    'application.executor',
  ])
    expect(text).toContain(said);
  expect(text).toContain('1 by hand (1 of them by the executor)');
});

test('each refusal is a question of its own, which policy does not answer', () => {
  expect(refusalQuestions(coverage)).toEqual([
    expect.objectContaining({
      id: '04-dynamodb-implementation/refused/books.rank',
      personOnly: true,
      evidence: expect.arrayContaining(['src/books.ts:7, in Books.rank', 'why: Window functions are not compiled.']),
    }),
  ]);
});

test('failed checks say which methods throw, for that may be all there is to them', () => {
  const check = (passed: number) => ({ id: 'S4-R4', title: '', passed, total: 2, failures: ['GET /rank: 500'] });
  expect(withRefusals([check(1)], coverage)[0]?.failures).toEqual([
    expect.stringMatching(
      /^Refused methods throw: books\.rank\. stage-04\/coverage\.md says why, and the three ways on/,
    ),
    'GET /rank: 500',
  ]);
  expect(withRefusals([check(2)], coverage)).toEqual([check(2)]);
});
