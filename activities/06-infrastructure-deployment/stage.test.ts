import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { awsClients, type AwsClients } from '../aws.ts';
import { findStack } from './change-set.ts';
import { readTable } from './deployed.ts';
import { stage } from './index.ts';
import { stackName } from './naming.ts';

let clients: AwsClients;
beforeAll(() => {
  clients = awsClients({ ...testEndpoints().aws, prefix: '' });
});
afterAll(() => {
  clients.dynamodb.destroy();
  clients.cloudformation.destroy();
  clients.cloudwatch.destroy();
});

function planFor(prefix: string): MigrationPlan {
  const { endpoint, region } = testEndpoints().aws;
  return { name: 'library', target: { endpoint, region, prefix } } as MigrationPlan;
}

function contextFor(prefix: string, contract: MigrationContract = sampleContract()): Promise<TestContext> {
  return stageContext(planFor(prefix), { 'stage-02/migrationContract.json': JSON.stringify(contract) });
}

const failed = (results: readonly { passed: number; total: number; failures: readonly string[] }[]) =>
  results.flatMap(({ failures }) => failures);

describe('deploying', () => {
  test('gives the tables of the contract, protected, and takes them away again', async () => {
    const prefix = `${uniqueName('s6')}-`;
    const context = await contextFor(prefix);
    expect(failed(await stage.preflight(context))).toEqual([]);
    await stage.execute(context);
    const checks = await stage.verify(context);
    expect(failed(checks)).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(['S6-R2', 'S6-R3', 'S6-R4']);
    expect(context.text('stage-06/change_set.json')).toContain('AuthorsTable');
    expect(context.text('stage-06/deployment_report.md')).toContain(`${prefix}books | ACTIVE`);

    // The same again changes nothing and is no error: what a retry after a killed worker does.
    await stage.execute(context);
    expect(JSON.parse(context.text('stage-06/change_set.json'))).toMatchObject({ waves: [] });

    await stage.compensate(context);
    expect(await readTable(clients.dynamodb, `${prefix}books`)).toBeNull();
    expect(await findStack(clients.cloudformation, stackName(prefix, 'library'))).toBeNull();
    expect(context.written.size).toBe(0);
    await stage.compensate(context);
  });

  test('adds and removes indexes one by one, and keeps the items', async () => {
    const prefix = `${uniqueName('s6')}-`;
    const context = await contextFor(prefix);
    await stage.execute(context);
    const contract = JSON.parse(JSON.stringify(sampleContract())) as MigrationContract;
    const books = contract.tables.find(({ table }) => table === 'books');
    if (!books) throw new Error('the sample has books');
    const index = (name: string, column: string) => ({
      index_name: name,
      pk: { name: `${name}_pk`, type: 'S' as const },
      sk: null,
      projection: 'ALL' as const,
      projected_attributes: [],
      rationale: `by ${column}`,
    });
    const wanted = {
      ...contract,
      access_patterns: contract.access_patterns.filter(({ id }) => id !== 'AP-002'),
      tables: contract.tables.map((table) =>
        table !== books
          ? table
          : {
              ...table,
              satisfies: ['AP-004', 'AP-005'],
              gsis: [index('books_by_title', 'title'), index('books_by_price', 'price')],
              entities: table.entities.map((entity) => ({
                ...entity,
                index_templates: {
                  books_by_title: { pk: 'title#{title:fold}', sk: null },
                  books_by_price: { pk: 'price#{price}', sk: null },
                },
              })),
            },
      ),
    };
    const again: TestContext = Object.assign(await contextFor(prefix, wanted), { checkpoint: context.checkpoint });
    await stage.execute(again);
    expect(failed(await stage.verify(again))).toEqual([]);
    expect((JSON.parse(again.text('stage-06/change_set.json')) as { waves: unknown[] }).waves.length).toBe(3);
    await stage.compensate(again);
    expect(await readTable(clients.dynamodb, `${prefix}books`)).toBeNull();
  });
});

describe('refusing', () => {
  test('tables with items are never removed', async () => {
    const prefix = `${uniqueName('s6')}-`;
    const context = await contextFor(prefix);
    await stage.execute(context);
    await clients.dynamodb.send(new PutItemCommand({ TableName: `${prefix}authors`, Item: { id: { N: '1' } } }));
    await expect(stage.compensate(context)).rejects.toMatchObject({ code: 'infrastructure.tables-not-empty' });
    expect(await readTable(clients.dynamodb, `${prefix}authors`)).not.toBeNull();
    expect(await readTable(clients.dynamodb, `${prefix}books`)).not.toBeNull();
  });

  test('a table that somebody else made is left alone', async () => {
    const prefix = `${uniqueName('s6')}-`;
    const other = await stageContext(
      { ...planFor(prefix), name: 'other' },
      {
        'stage-02/migrationContract.json': JSON.stringify(sampleContract()),
      },
    );
    await stage.execute(other);
    const context = await contextFor(prefix);
    await expect(stage.preflight(context)).rejects.toMatchObject({ code: 'infrastructure.foreign-resource' });
    await expect(stage.execute(context)).rejects.toMatchObject({ code: 'infrastructure.foreign-resource' });
    await stage.compensate(context);
    expect(await readTable(clients.dynamodb, `${prefix}books`)).not.toBeNull();
    await stage.compensate(other);
  });

  test('AWS itself, unless the plan allows it', async () => {
    const plan = { name: 'library', target: { region: 'eu-west-1', prefix: 'x-' } } as MigrationPlan;
    const contract = JSON.stringify(sampleContract());
    const context = await stageContext(plan, { 'stage-02/migrationContract.json': contract });
    await expect(stage.preflight(context)).rejects.toMatchObject({ code: 'infrastructure.production-refused' });
  });

  test('a contract that was edited into nonsense', async () => {
    const contract = { ...sampleContract(), tables: [] };
    const context = await contextFor('s6-', contract);
    await expect(stage.preflight(context)).rejects.toMatchObject({ code: 'contract.invalid' });
  });
});
