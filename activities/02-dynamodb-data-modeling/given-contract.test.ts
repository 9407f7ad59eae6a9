import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MigrationContract } from '../../contract/types.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import type { Remark } from '../../core/stage.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { stage } from './index.ts';
import { LIBRARY_SQL, libraryAnalysis } from './testing/library.ts';

let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cutover-given-'));
  database = await testDatabase('s2given', LIBRARY_SQL);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const STAGE = '02-dynamodb-data-modeling';

async function contextFor(contract?: MigrationPlan['contract'], remarks?: readonly Remark[]): Promise<TestContext> {
  const { mysql, aws } = testEndpoints();
  const analysis = { ...libraryAnalysis(), database: database.name };
  const plan = {
    name: uniqueName('given'),
    source: { host: mysql.host, port: mysql.port, database: database.name, user: mysql.user, password: mysql.password },
    target: { region: aws.region, endpoint: aws.endpoint, prefix: `${uniqueName('given').replaceAll('_', '-')}-` },
    gates: { policy: 'manual' },
    assumedRate: { name: 'a guess', mean: 1, peak: 2 },
    ...(contract === undefined ? {} : { contract }),
  } as unknown as MigrationPlan;
  const context = await stageContext(plan, { 'stage-01/analysis.json': JSON.stringify(analysis) });
  return Object.assign(context, remarks === undefined ? {} : { remarks });
}

async function ownContract(): Promise<MigrationContract> {
  const context = await contextFor();
  await stage.execute(context);
  return JSON.parse(context.text('stage-02/migrationContract.json')) as MigrationContract;
}

/** Writes a contract as a person would have edited it. */
async function given(text: string): Promise<NonNullable<MigrationPlan['contract']>> {
  const file = path.join(folder, `${uniqueName('contract')}.json`);
  await writeFile(file, text);
  return { path: file, sha256: createHash('sha256').update(text).digest('hex') };
}

/** The own design with an attribute of another name. */
async function edited(): Promise<NonNullable<MigrationPlan['contract']>> {
  return given(JSON.stringify(await ownContract(), null, 4).replace('"name": "title"', '"name": "bookTitle"'));
}

describe('a contract in the place of the own design', () => {
  test('is taken as it is, beside what it says otherwise; all checks and the proof are made on it', async () => {
    const contract = await edited();
    const context = await contextFor(contract);
    await stage.preflight(context);
    const outputs = await stage.execute(context);
    const written = JSON.parse(context.text('stage-02/migrationContract.json')) as MigrationContract;
    const names = written.tables.flatMap(({ entities }) =>
      entities.flatMap((one) => one.attributes.map(({ name }) => name)),
    );
    expect(names).toContain('bookTitle');
    expect(context.text('stage-02/contract_changes.md')).toMatch(/attribute bookTitle \| added/);
    expect(context.text('stage-02/dynamodb_data_model.md')).toContain(`was given** (sha256 ${contract.sha256})`);

    const done = Object.assign(context, { outputs });
    const checks = await stage.verify(done);
    expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['S2-R2', 'S2-R4', 'S2-R6', 'S2-R7', 'S2-R8']));

    const design = (await stage.gates(done)).find(({ id }) => id === `${STAGE}/design`);
    expect(design?.question).toContain('the contract that was given');
    expect(design?.evidence.join('\n')).toMatch(/attribute title removed: its values are not migrated/);
  });

  test('that has other bytes than the reviewed ones is refused', async () => {
    const contract = await edited();
    await writeFile(contract.path, '{}');
    for (const step of ['preflight', 'execute'] as const)
      await expect(stage[step](await contextFor(contract))).rejects.toMatchObject({ code: 'contract.file-altered' });
  });

  test('that is not there is refused', async () => {
    const nothing = { path: path.join(folder, 'nothing.json'), sha256: 'a'.repeat(64) };
    await expect(stage.preflight(await contextFor(nothing))).rejects.toMatchObject({
      code: 'contract.file-unreadable',
    });
  });

  test.each<[string, string, (contract: string) => string]>([
    ['a key of no column', '/tables/1/entities/0/pk_template', (text) => text.replace('"pk_template":"{id}","primary_key":["id"],"references":[{', '"pk_template":"{isbn}","primary_key":["id"],"references":[{')], // prettier-ignore
    ['no contract at all', '/', () => '[]'],
    ['a field too many', '/', (text) => text.replace('{', '{"surplus":1,')],
  ])('that is not valid is refused at its place: %s', async (_name, at, change) => {
    const text = JSON.stringify(await ownContract());
    const spoiled = change(text);
    expect(spoiled).not.toBe(text);
    const refused = stage.execute(await contextFor(await given(spoiled)));
    await expect(refused).rejects.toMatchObject({ code: 'contract.invalid', where: at });
  });

  test('that is valid and can not be built is refused before anything is deployed', async () => {
    const own = await ownContract();
    const tables = own.tables.map((one) => ({
      ...one,
      entities: one.entities.map((entity) => ({
        ...entity,
        attributes: [
          ...entity.attributes,
          ...(entity.source_table === 'books'
            ? [{ ...entity.attributes.find(({ name }) => name === 'title'), name: 'tag', type: 'S' as const, transformation: { type: 'static' as const, value: 'x' } }] // prettier-ignore
            : []),
        ],
      })),
    }));
    const refused = stage.preflight(await contextFor(await given(JSON.stringify({ ...own, tables }))));
    await expect(refused).rejects.toMatchObject({
      code: 'contract.not-buildable',
      where: expect.stringMatching(/\/transformation$/),
    });
  });
});

describe('gates', () => {
  test('ask for the requirement, each table, the design and the contract, with what they rest on', async () => {
    const context = await contextFor();
    const outputs = await stage.execute(context);
    const questions = await stage.gates(Object.assign(context, { outputs }));
    const contract = JSON.parse(context.text('stage-02/migrationContract.json')) as MigrationContract;
    for (const { table } of contract.tables) {
      const question = questions.find(({ id }) => id === `${STAGE}/table/${table}`);
      const evidence = question?.evidence.join('\n') ?? '';
      for (const part of ['purpose: ', 'patterns: ', 'cost: ', 'copies: ']) expect([table, evidence]).toEqual([table, expect.stringContaining(part)]); // prettier-ignore
      if (table !== 'support') for (const part of ['sources: ', 'key: ']) expect(evidence).toContain(part);
    }
    expect(questions.find(({ id }) => id.endsWith('/requirement'))?.evidence[0]).toMatch(/\d+ assumed/);
    expect(questions.find(({ id }) => id === `${STAGE}/table/books`)?.evidence.join('\n')).toMatch(/cost: US\$ \d/);
  });
});

describe('remarks', () => {
  test('of a refusal are in a document of the next run', async () => {
    const context = await contextFor(undefined, [{ gate: `${STAGE}/table/books`, by: 'ada', why: 'too\nhot' }]);
    const outputs = await stage.execute(context);
    expect(outputs.map(({ name }) => name)).toContain('stage-02/remarks.md');
    expect(context.text('stage-02/remarks.md')).toContain(`- ${STAGE}/table/books, by ada: too hot`);
  });
});
