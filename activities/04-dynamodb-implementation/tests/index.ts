import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import { inLanguage } from '../../generated/language.ts';
import type { CompiledMethod } from '../compile/index.ts';
import { captureCalls, recordOutcomes } from './capture.ts';
import { type Case, chooseCases, distinctCalls } from './cases.ts';
import { comparable } from './comparable.ts';
import { supportFile, testFile, type TestFile } from './emit.ts';
import type { TestBench } from './run.ts';

export { stubFile } from './emit.ts';
export { testFramework } from './framework.ts';
export { onDynamo, onMysql, runTests, type TestBench, type TestRun } from './run.ts';

const READS = 3;
const WRITES = 2;
/** Inputs of a method that are tried on MySQL before the telling ones among them are taken. */
const CANDIDATES = 30;

/** The generated tests: files, the names of their tests by aggregate, and what they do not cover. */
export interface GeneratedTests {
  readonly cases: readonly Case[];
  /** Relative to the framework's folder. */
  readonly files: readonly TestFile[];
  readonly byAggregate: ReadonlyMap<string, readonly string[]>;
  readonly uncovered: readonly { readonly method: string; readonly why: string }[];
}

/**
 * Makes the tests from what the application really calls, with what MySQL really answers. Methods that are refused get
 * tests only where somebody will be asked to write them.
 */
export async function generateTests(
  bench: TestBench,
  layer: DataAccessLayer,
  compiled: readonly CompiledMethod[],
  testRefused = false,
): Promise<GeneratedTests> {
  const { context } = bench;
  context.progress({ step: 'Generated tests: capture the calls of the recorded traffic' });
  const calls = await captureCalls(bench, layer);
  const candidates = distinctCalls(calls, CANDIDATES);
  context.progress({ step: 'Generated tests: record what MySQL answers, twice' });
  const once = await recordOutcomes(bench, layer, candidates);
  const again = await recordOutcomes(bench, layer, candidates);
  const cases: Case[] = [];
  const uncovered: { method: string; why: string }[] = [];
  for (const { aggregate, name, kind } of layer.methods) {
    const method = `${aggregate}.${name}`;
    const refused =
      !testRefused &&
      compiled.some((one) => one.aggregate === aggregate && one.name === name && one.status === 'refused');
    const mine = candidates
      .map((call, position) => ({ call, outcome: once[position] ?? {}, repeated: again[position] ?? {} }))
      .filter(({ call }) => call.aggregate === aggregate && call.method === name);
    const stable = mine.filter(
      ({ outcome, repeated }) => JSON.stringify(comparable(outcome)) === JSON.stringify(comparable(repeated)),
    );
    const chosen = refused ? [] : chooseCases(stable, kind === 'read' ? READS : WRITES);
    cases.push(
      ...chosen.map((one) => ({
        ...one,
        outcome: comparable(one.outcome),
      })),
    );
    if (chosen.length > 0) continue;
    uncovered.push({
      method,
      why: refused
        ? REFUSED
        : mine.length === 0
          ? 'the recorded traffic never calls it'
          : stable.length === 0
            ? 'MySQL answered differently when it was asked again'
            : 'every answer was too large to be written down',
    });
  }
  return assembled(bench, layer, cases, uncovered);
}

const REFUSED = 'it is refused';

/** The tests without those of methods that are refused after all. */
export function withoutTestsOf(
  bench: TestBench,
  layer: DataAccessLayer,
  tests: GeneratedTests,
  refused: ReadonlySet<string>,
): GeneratedTests {
  const of = ({ call }: Case): string => `${call.aggregate}.${call.method}`;
  const gone = new Set(tests.cases.map(of).filter((method) => refused.has(method)));
  return assembled(
    bench,
    layer,
    tests.cases.filter((each) => !gone.has(of(each))),
    [...tests.uncovered, ...[...gone].map((method) => ({ method, why: REFUSED }))],
  );
}

function assembled(
  bench: TestBench,
  layer: DataAccessLayer,
  cases: readonly Case[],
  uncovered: GeneratedTests['uncovered'],
): GeneratedTests {
  const aggregates = [...new Set(cases.map(({ call }) => call.aggregate))];
  const of = (aggregate: string): Case[] => cases.filter(({ call }) => call.aggregate === aggregate);
  return {
    cases,
    files: [
      supportFile(layer, bench.framework),
      ...aggregates.map((aggregate) => testFile(layer, bench.framework, aggregate, of(aggregate))),
      ...(bench.framework.settings === undefined ? [] : [bench.framework.settings]),
    ],
    byAggregate: new Map(aggregates.map((aggregate) => [aggregate, of(aggregate).map(({ name }) => name)])),
    uncovered,
  };
}

/** Puts the tests into the application, in the place of others that were there, and the npm script that runs them. */
export async function writeTests(bench: TestBench, tests: GeneratedTests, before?: GeneratedTests): Promise<void> {
  const folder = path.join(bench.application, bench.framework.folder);
  await mkdir(folder, { recursive: true });
  for (const file of before?.files ?? []) await rm(path.join(folder, file.path), { force: true });
  for (const { path: name, content } of tests.files) {
    const isConfiguration = name.startsWith('vitest.config.');
    const source = { path: name, text: content };
    const file = isConfiguration ? source : await inLanguage(source, bench.framework.language);
    if (file !== undefined) await writeFile(path.join(folder, file.path), file.text);
  }
  const manifest = path.join(bench.application, 'package.json');
  const text = await readFile(manifest, 'utf8');
  const content = JSON.parse(text) as { scripts?: Record<string, string> };
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  content.scripts = { ...content.scripts, 'test:dal': bench.framework.script };
  await writeFile(manifest, `${JSON.stringify(content, null, indent)}\n`);
}

/** The file of one aggregate's tests, relative to the application. */
export function testPath(bench: TestBench, aggregate: string): string {
  return `${bench.framework.folder}/${aggregate}${bench.framework.fileEnd}`;
}
