import type { MigrationContract } from '../../../contract/types.ts';
import type { StageContext } from '../../../core/stage.ts';
import { withRehearsal } from '../../rehearsal/rehearsal.ts';
import { type GeneratedTests, testPath, writeTests } from './index.ts';
import type { GeneratedTestsRecord } from './record.ts';
import { onDynamo, onMysql, runTests, type TestBench, type TestRun } from './run.ts';

/** Endpoint of AWS's DynamoDB Local in the worker's environment: a second opinion beside the plan's target. */
const LOCAL = 'CUTOVER_DYNAMODB_LOCAL';

/** What the implementation calls on its way. */
export interface TestFirst {
  /** Puts the tests into the application. */
  write(): Promise<void>;
  /** Runs all on the stub. */
  red(): Promise<void>;
  /** Runs one aggregate's on what was just implemented. */
  green(aggregate: string): Promise<void>;
}

/** What the runs gave: all on the stub, then each aggregate's on what was implemented. */
export interface FirstRuns {
  readonly red: TestRun | undefined;
  readonly green: ReadonlyMap<string, TestRun>;
}

/** Lets `work` implement test first, on rehearsal tables with the prepared state. */
export async function testFirst(
  bench: TestBench,
  contract: MigrationContract,
  tests: GeneratedTests,
  work: (steps: TestFirst) => Promise<void>,
): Promise<FirstRuns> {
  const { context, session } = bench;
  const green = new Map<string, TestRun>();
  let red: TestRun | undefined;
  await session.scratch.restore();
  await withRehearsal(context, contract, async (rehearsal) => {
    await rehearsal.load();
    const environment = onDynamo(bench, rehearsal.environment);
    await work({
      write: () => writeTests(bench, tests),
      red: async () => {
        context.progress({ step: 'Generated tests: all must fail on the stub' });
        red = await runTests(bench, allFiles(bench, tests), environment);
      },
      green: async (aggregate) => {
        if (!tests.byAggregate.has(aggregate)) return;
        green.set(aggregate, await runTests(bench, [testPath(bench, aggregate)], environment));
      },
    });
  });
  return { red, green };
}

/** What the other stores say of all tests: MySQL, and DynamoDB Local where that is. */
export interface OtherRuns {
  readonly mysql: TestRun;
  readonly local: TestRun | undefined;
}

/** Runs all tests where they were not run while the implementation was made. */
export async function runOnOthers(
  bench: TestBench,
  contract: MigrationContract,
  tests: GeneratedTests,
): Promise<OtherRuns> {
  const files = allFiles(bench, tests);
  bench.context.progress({ step: 'Generated tests: all on MySQL' });
  const mysql = await runTests(bench, files, onMysql(bench));
  return { mysql, local: await onDynamoLocal(bench, contract, files) };
}

/** Runs what is on the branch again, on both stores, each on the prepared state. */
export async function runAgain(
  bench: TestBench,
  contract: MigrationContract,
  record: GeneratedTestsRecord,
): Promise<{ dynamo: TestRun; mysql: TestRun }> {
  const files = record.aggregates.map(({ aggregate }) => testPath(bench, aggregate));
  await bench.session.scratch.restore();
  bench.context.progress({ step: 'Generated tests: again, on DynamoDB' });
  const dynamo = await onTables(bench, bench.context, contract, files);
  bench.context.progress({ step: 'Generated tests: again, on MySQL' });
  return { dynamo, mysql: await runTests(bench, files, onMysql(bench)) };
}

async function onDynamoLocal(
  bench: TestBench,
  contract: MigrationContract,
  files: readonly string[],
): Promise<TestRun | undefined> {
  const endpoint = process.env[LOCAL];
  if (endpoint === undefined || endpoint === '') return undefined;
  const { context } = bench;
  context.progress({ step: "Generated tests: all on AWS's DynamoDB Local" });
  const plan = { ...context.plan, target: { ...context.plan.target, endpoint } };
  return onTables(bench, { ...context, plan }, contract, files);
}

/** Runs test files on tables of their own, with the prepared state. */
export async function onTables(
  bench: TestBench,
  context: StageContext,
  contract: MigrationContract,
  files: readonly string[],
): Promise<TestRun> {
  return withRehearsal(context, contract, async (rehearsal) => {
    await rehearsal.load();
    return runTests(bench, files, onDynamo(bench, rehearsal.environment));
  });
}

function allFiles(bench: TestBench, tests: GeneratedTests): string[] {
  return [...tests.byAggregate.keys()].map((aggregate) => testPath(bench, aggregate));
}
