import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Analysis } from '../../core/analysis.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDynamo } from '../../test/support/dynamo.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { stage } from './index.ts';
import { LIBRARY_SQL, libraryAnalysis } from './testing/library.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('s2', LIBRARY_SQL);
});
afterAll(() => database.drop());

function contextFor(
  analysis: Analysis,
  endpoint = testEndpoints().aws.endpoint,
  name = database.name,
): Promise<TestContext> {
  const { host, port, user, password } = testEndpoints().mysql;
  const plan = {
    name: 'library',
    source: { host, port, user, password, database: name },
    target: { endpoint, region: 'us-east-1', prefix: `${uniqueName('s2')}-` },
  } as MigrationPlan;
  return stageContext(plan, { 'stage-01/analysis.json': JSON.stringify({ ...analysis, database: name }) });
}

test('models, proves on real servers and leaves nothing behind', async () => {
  const context = await contextFor(libraryAnalysis());
  for (const check of await stage.preflight(context)) expect(check.failures).toEqual([]);
  const outputs = await stage.execute(context);
  expect(outputs.map(({ name }) => name)).toEqual([
    'stage-02/dynamodb_requirement.md',
    'stage-02/dynamodb_data_model.md',
    'stage-02/Stage3_DataModel.md',
    'stage-02/migrationContract.json',
    'stage-02/alternatives.json',
    'stage-02/alternatives.md',
  ]);
  const done = Object.assign(context, { outputs });
  const checks = await stage.verify(done);
  expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
  expect(checks.map(({ id }) => id).sort()).toEqual(['S2-R2', 'S2-R3', 'S2-R4', 'S2-R5', 'S2-R6', 'S2-R7', 'S2-R8']);
  expect(checks.find(({ id }) => id === 'S2-R6')?.total).toBe(7);

  const client = testDynamo();
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  client.destroy();
  expect(names.filter((name) => name.startsWith(context.plan.target.prefix))).toEqual([]);

  expect((await stage.gates(done)).map(({ id }) => id)).toEqual([
    '02-dynamodb-data-modeling/requirement',
    ...['authors', 'books', 'loans', 'support'].map((table) => `02-dynamodb-data-modeling/table/${table}`),
    '02-dynamodb-data-modeling/design',
    '02-dynamodb-data-modeling/scan-budgets',
    '02-dynamodb-data-modeling/contract',
  ]);
  await stage.compensate(context);
  expect(context.written.size).toBe(0);
});

test('capacity as DynamoDB Local meters it is what was computed, for large items too', async () => {
  const local = await testDatabase('s2', LIBRARY_SQL);
  try {
    await local.connection.query("INSERT INTO loans VALUES (1, 3, REPEAT('x', 9000)), (1, 4, REPEAT('y', 3000))");
    const context = await contextFor(libraryAnalysis(), testEndpoints().dynamodbLocal.endpoint, local.name);
    const outputs = await stage.execute(context);
    const checks = await stage.verify(Object.assign(context, { outputs }));
    expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
    // Seven patterns that read, two that write.
    expect(checks.find(({ id }) => id === 'S2-R7')?.total).toBe(9);
  } finally {
    await local.drop();
  }
});

test('a contract edited after it was written does not pass', async () => {
  const context = await contextFor(libraryAnalysis());
  const outputs = await stage.execute(context);
  const text = context.text('stage-02/migrationContract.json').replace('"{author_id}"', '"{auther_id}"');
  context.written.set('stage-02/migrationContract.json', Buffer.from(text));
  await expect(stage.verify(Object.assign(context, { outputs }))).rejects.toMatchObject({ code: 'contract.invalid' });
});

test('an input that is no analysis is told by its field', async () => {
  const context = await contextFor({ ...libraryAnalysis(), tables: [] });
  await expect(stage.preflight(context)).rejects.toMatchObject({ code: 'core.artifact-invalid' });
});

test('data that forbids the migration fails the preflight', async () => {
  const finding = {
    id: 'D-001',
    severity: 'stop' as const,
    table: 'authors',
    columns: ['email'],
    count: 2,
    finding: 'Keys collide.',
  };
  const checks = await stage.preflight(await contextFor({ ...libraryAnalysis(), dataFindings: [finding] }));
  expect(checks.flatMap(({ failures }) => failures)).toEqual(['D-001 authors: Keys collide.']);
});
