import type { CheckResult } from '../../../core/artifacts.ts';
import type { FirstRuns, OtherRuns } from './drive.ts';
import type { TestFramework } from './framework.ts';
import type { GeneratedTests } from './index.ts';
import type { TestRun } from './run.ts';

/** `stage-04/generated_tests.json`: red on the stub, then green on both stores, aggregate by aggregate. */
export interface GeneratedTestsRecord {
  readonly schemaVersion: 1;
  readonly framework: string;
  readonly folder: string;
  readonly aggregates: readonly AggregateRecord[];
  readonly uncovered: GeneratedTests['uncovered'];
  /** Whether AWS's DynamoDB Local was tried too. */
  readonly dynamodbLocal: 'not run: CUTOVER_DYNAMODB_LOCAL is not set' | { readonly passed: number };
}

export interface AggregateRecord {
  readonly aggregate: string;
  readonly tests: readonly string[];
  /** On the stub, where all must fail. */
  readonly failedOnStub: number;
  readonly passedOnDynamo: number;
  readonly passedOnMysql: number;
  /** Names of what failed where it had to pass. */
  readonly failures: readonly string[];
}

/** What the runs say of the tests. */
export function recordOf(
  framework: TestFramework,
  tests: GeneratedTests,
  runs: FirstRuns & OtherRuns,
): GeneratedTestsRecord {
  const { red, local } = runs;
  const names = [...tests.byAggregate.values()].flat();
  return {
    schemaVersion: 1,
    framework: framework.name,
    folder: framework.folder,
    aggregates: [...tests.byAggregate].map(([aggregate, mine]) => {
      const onStub = red === undefined ? [] : failed(red, mine);
      const run = runs.green.get(aggregate);
      const dynamo = run === undefined ? [] : passed(run, mine);
      const sql = passed(runs.mysql, mine);
      return {
        aggregate,
        tests: mine,
        failedOnStub: onStub.length,
        passedOnDynamo: dynamo.length,
        passedOnMysql: sql.length,
        failures: mine.filter((name) => !dynamo.includes(name) || !sql.includes(name)),
      };
    }),
    uncovered: tests.uncovered,
    dynamodbLocal:
      local === undefined ? 'not run: CUTOVER_DYNAMODB_LOCAL is not set' : { passed: passed(local, names).length },
  };
}

/** Of the named tests, those that the run says it passed, or failed. A test that is missing from it did neither. */
export function passed(run: TestRun, names: readonly string[]): string[] {
  return names.filter((name) => run.results.get(name) === true);
}

export function failed(run: TestRun, names: readonly string[]): string[] {
  return names.filter((name) => run.results.get(name) === false);
}

/** S4-R7 for what a record says and what was found when the tests ran again. */
export function generatedTestsCheck(record: GeneratedTestsRecord, dynamo: TestRun, mysql: TestRun): CheckResult {
  const names = record.aggregates.flatMap(({ tests }) => tests);
  const green = new Set(passed(dynamo, passed(mysql, names)));
  const red = record.aggregates.filter(({ tests, failedOnStub }) => failedOnStub !== tests.length);
  const failures = [
    ...names
      .filter((name) => !green.has(name))
      .map((name) => `${name}: ${dynamo.results.get(name) === true ? 'fails on MySQL' : 'fails on DynamoDB'}`),
    ...red.map(
      ({ aggregate, failedOnStub, tests }) => `${aggregate}: ${failedOnStub} of ${tests.length} failed on the stub`,
    ),
  ];
  const notRed = red.reduce((sum, { tests, failedOnStub }) => sum + tests.length - failedOnStub, 0);
  return {
    id: 'S4-R7',
    title: 'The generated tests pass on MySQL and DynamoDB, and failed before the implementation was there',
    passed: Math.max(0, green.size - notRed),
    total: names.length,
    failures: [...failures, ...(failures.length > 0 ? [dynamo.output.slice(-1500)] : [])].slice(0, 12),
  };
}

/** For the report. */
export function generatedTestsMarkdown(record: GeneratedTestsRecord): string[] {
  const local = record.dynamodbLocal;
  return [
    '## Generated tests',
    '',
    `In \`${record.folder}\`, by ${record.framework}; \`npm run test:dal\` runs them on the store that DAL_STORE names.`,
    '',
    '| aggregate | tests | failed on the stub | passed on DynamoDB | passed on MySQL |',
    '|---|--:|--:|--:|--:|',
    ...record.aggregates.map(
      (one) =>
        `| ${one.aggregate} | ${one.tests.length} | ${one.failedOnStub} | ${one.passedOnDynamo} | ${one.passedOnMysql} |`,
    ),
    '',
    `DynamoDB Local: ${typeof local === 'string' ? local : `${local.passed} passed`}.`,
    '',
    ...(record.uncovered.length === 0
      ? []
      : [
          'Not covered by a generated test:',
          '',
          ...record.uncovered.map(({ method, why }) => `- ${method}: ${why}`),
          '',
        ]),
  ];
}
