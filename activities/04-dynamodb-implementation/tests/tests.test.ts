import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { ApplicationLanguage } from '../../generated/language.ts';
import { type Call, chooseCases, distinctCalls, type Outcome } from './cases.ts';
import { comparable } from './comparable.ts';
import { stubFile, testFile } from './emit.ts';
import { parseJest, parseTap, testFramework } from './framework.ts';
import { generatedTestsCheck, type GeneratedTestsRecord } from './record.ts';
import type { TestRun } from './run.ts';
import { ENCODE, literal, type Tagged } from './values.ts';

const call = (method: string, input: Tagged): Call => ({ aggregate: 'products', method, input });
const run = (results: Record<string, boolean>): TestRun => ({
  results: new Map(Object.entries(results)),
  exitCode: 0,
  output: '',
});
const TYPESCRIPT: ApplicationLanguage = { language: 'typescript', modules: 'esm', importSuffix: '.js' };

const LAYER = {
  folder: 'src/dal',
  importSuffix: '.js',
  methods: [{ aggregate: 'products', name: 'findById', kind: 'read' }],
} as unknown as DataAccessLayer;

async function application(manifest: unknown, folders: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-framework-'));
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  for (const each of folders) await mkdir(path.join(folder, each));
  return folder;
}

test('values come back from the application as the literals that they were', () => {
  const encode = runInNewContext(`${ENCODE}\nencode`, { Buffer, Date }) as (value: unknown) => Tagged;
  const value = {
    text: "it's",
    none: undefined,
    nothing: null,
    bytes: Buffer.from('00ff', 'hex'),
    when: new Date(0),
    big: 18446744073709551615n,
    list: [1, true, { 'odd-name': '😀' }],
  };
  const read: unknown = runInNewContext(`(${literal(encode(value))})`, { Buffer, Date });
  expect(JSON.stringify(encode(read))).toBe(JSON.stringify(encode(value)));
});

describe('which calls become tests', () => {
  test('inputs are taken once, and no more than asked for', () => {
    const calls = [1, 1, 2, 3].map((id) => call('findById', { id }));
    expect(distinctCalls(calls, 2).map(({ input }) => input)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('those that find something come first, then other kinds; large answers are left out', () => {
    const answers: [number, Outcome][] = [
      [1, { rows: [] }],
      [2, { rows: Array.from({ length: 21 }, () => 1) }],
      [3, { rows: [1] }],
      [4, { rows: [2] }],
    ];
    const chosen = chooseCases(
      answers.map(([id, outcome]) => ({ call: call('findById', { id }), outcome })),
      2,
    );
    expect(chosen.map(({ name }) => name)).toEqual([
      'products.findById, case 1: 1 row',
      'products.findById, case 2: 0 rows',
    ]);
    expect(chosen.map(({ call: { input } }) => input)).toEqual([{ id: 3 }, { id: 1 }]);
  });
});

test('what MySQL and its driver spell in two ways is compared in one', () => {
  const outcome = { rows: [{ flag: 1, at: '2024-01-02 03:04:05.000000', none: null }] };
  expect(comparable(outcome)).toEqual({ rows: [{ flag: '1', at: '2024-01-02 03:04:05', none: null }] });
});

describe('the framework is the application’s own', () => {
  test.each([
    [{ devDependencies: { vitest: '3' } }, 'vitest', 'tests/dal'],
    [{ devDependencies: { jest: '30' } }, 'jest', 'tests/dal'],
    [{ dependencies: { tsx: '4' } }, 'node:test', 'tests/dal'],
  ])('%j has %s', async (manifest, name, folder) => {
    expect(await testFramework(await application(manifest), TYPESCRIPT)).toMatchObject({ name, folder });
  });

  test('tests go where tests are', async () => {
    expect((await testFramework(await application({}, ['test']), TYPESCRIPT)).folder).toBe('test/dal');
  });

  test('vitest is told which files the generated tests are, one after another', async () => {
    const { settings } = await testFramework(
      await application({ devDependencies: { vitest: '3' } }, ['tests']),
      TYPESCRIPT,
    );
    expect(settings?.path).toBe('vitest.config.ts');
    expect(settings?.content).toContain("include: ['tests/dal/*.dal.ts'], fileParallelism: false");
  });

  test('results are read from TAP and from jest', () => {
    expect([...parseTap('ok 1 - a.b, case 1: 1 row\nnot ok 2 - x.ts > a.c # time=3ms\n')]).toEqual([
      ['a.b, case 1: 1 row', true],
      ['a.c', false],
    ]);
    const report = { testResults: [{ assertionResults: [{ fullName: 'a.b', status: 'failed' }] }] };
    expect([...parseJest(JSON.stringify(report))]).toEqual([['a.b', false]]);
  });
});

test('a test file imports the layer by the application’s style and nothing of ours', async () => {
  const framework = await testFramework(await application({ dependencies: { tsx: '4' } }, ['tests']), TYPESCRIPT);
  const cases = chooseCases([{ call: call('findById', { id: 3 }), outcome: { rows: [{ id: 3 }] } }], 1);
  const file = testFile(LAYER, framework, 'products', cases);
  expect(file.path).toBe('products.test.ts');
  expect(file.content).toContain("from '../../src/dal/index.js'");
  expect(file.content).toContain('await dal.products.findById({ id: 3 })');
  expect(file.content.toLowerCase()).not.toContain('cutover');
  expect(testFile(LAYER, framework, 'products', cases)).toEqual(file);
  expect(stubFile(LAYER, 'products')).toContain('findById: notImplemented');
});

test('the check fails when a test fails, is missing, or was never red', () => {
  const record = (failedOnStub: number): GeneratedTestsRecord => ({
    schemaVersion: 1,
    framework: 'node:test',
    folder: 'tests/dal',
    aggregates: [
      { aggregate: 'a', tests: ['one', 'two'], failedOnStub, passedOnDynamo: 2, passedOnMysql: 2, failures: [] },
    ],
    uncovered: [],
    dynamodbLocal: { passed: 2 },
  });
  const green = run({ one: true, two: true });
  expect(generatedTestsCheck(record(2), green, green)).toMatchObject({ passed: 2, total: 2, failures: [] });
  expect(generatedTestsCheck(record(1), green, green)).toMatchObject({ passed: 1, total: 2 });
  expect(generatedTestsCheck(record(2), run({ one: true, two: false }), green).failures[0]).toBe(
    'two: fails on DynamoDB',
  );
  expect(generatedTestsCheck(record(2), green, run({ one: true })).failures[0]).toBe('two: fails on MySQL');
});
