import type { MigrationContract } from '../../../contract/types.ts';
import type { StageContext } from '../../../core/stage.ts';
import { withRehearsal } from '../../rehearsal/rehearsal.ts';
import { type GeneratedTests, testPath, writeTests } from './index.ts';
import { failed, type GeneratedTestsRecord, passed } from './record.ts';
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

/** Lets `work` implement test first, on rehearsal tables with the prepared state; gives the record of it. */
export async function testFirst(
  bench: TestBench,
  contract: MigrationContract,
  tests: GeneratedTests,
  work: (steps: TestFirst) => Promise<void>,
): Promise<GeneratedTestsRecord> {
  const { context, session } = bench;
  const files = allFiles(bench, tests);
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
        red = await runTests(bench, files, environment);
      },
      green: async (aggregate) => {
        if (!tests.byAggregate.has(aggregate)) return;
        green.set(aggregate, await runTests(bench, [testPath(bench, aggregate)], environment));
      },
    });
  });
  context.progress({ step: 'Generated tests: all on MySQL' });
  const mysql = await runTests(bench, files, onMysql(bench));
  const local = await onDynamoLocal(bench, contract, files);
  const names = [...tests.byAggregate.values()].flat();
  return {
    schemaVersion: 1,
    framework: bench.framework.name,
    folder: bench.framework.folder,
    aggregates: [...tests.byAggregate].map(([aggregate, mine]) => {
      const onStub = red === undefined ? [] : failed(red, mine);
      const run = green.get(aggregate);
      const dynamo = run === undefined ? [] : passed(run, mine);
      const sql = passed(mysql, mine);
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

async function onTables(
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
