import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { join } from 'node:path';
import type { Analysis } from '../../core/analysis.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext } from '../../test/support/stage-context.ts';
import type { StageContext } from '../../core/stage.ts';
import { connectSource, sourceConnection } from '../mysql.ts';
import type { PatternCost } from './evaluate.ts';
import { planModel } from './plan-model.ts';
import { prove, type PatternProof } from './proof.ts';
import { isNear, proofPrefix } from './proof-checks.ts';
import { prepareSession } from './proof-session.ts';
import { createProofTables, removeProofTables } from './proof-tables.ts';
import { stage } from './stage.ts';
import { bound, LIBRARY_SQL, libraryAnalysis, pattern } from './testing/library.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let dynamodb: DynamoDBClient;

/** The last by its date and the first by its title, so that an order by the wrong one of them shows. */
const LATER = "INSERT INTO books VALUES (4, 1, 'Aardvark', 5, 'sold', NULL, '2025-01-01 00:00:00.000000')";

beforeAll(async () => {
  database = await testDatabase('proof', [...LIBRARY_SQL, LATER]);
  const { endpoint, region } = testEndpoints().dynamodbLocal;
  dynamodb = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
});
afterAll(async () => {
  dynamodb.destroy();
  await database.drop();
});

/** Proves an analysis's chosen model, with the patterns' costs changed as a test wants. */
async function proven(
  analysis: Analysis,
  change: (patterns: readonly PatternCost[]) => readonly PatternCost[] = (patterns) => patterns,
): Promise<ReadonlyMap<string, PatternProof>> {
  const { contract, choice } = planModel(analysis, {});
  const prefix = `${uniqueName('proof')}-`;
  const { host, port, user, password } = testEndpoints().mysql;
  const source = { host, port, user, password, database: database.name };
  const connection = await connectSource(await sourceConnection(source, async (value) => value));
  try {
    await prepareSession(connection);
    await createProofTables(dynamodb, contract, prefix);
    const found = await prove({
      ...{ connection, database: database.name, dynamodb, prefix, contract, analysis },
      patterns: change(choice.chosen.patterns),
      measureWrites: true,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    return new Map(found.map((one) => [one.id, one]));
  } finally {
    await connection.end();
    await removeProofTables(dynamodb, prefix);
  }
}

/** A pattern with its accesses changed. */
function changed(id: string, change: (served: PatternCost['served']) => PatternCost['served']) {
  return (patterns: readonly PatternCost[]) =>
    patterns.map((cost) => (cost.plan.pattern.id === id ? { ...cost, served: change(cost.served) } : cost));
}

/** A statement with `?` as stage 1 gives it: text and parameters. */
function parameters(sql: string): Pick<ReturnType<typeof pattern>, 'template'> {
  const texts = sql.split('?');
  const parts = texts.flatMap((text, at) => [
    ...(at > 0 ? [{ kind: 'parameter' as const, expression: `v${at}` }] : []),
    { kind: 'text' as const, text },
  ]);
  return { template: { parts } };
}

const DISTINCT = 'SELECT COUNT(*) AS n, MAX(published_at) AS last FROM books WHERE author_id = ? AND state <> ?';

describe('each pattern on both sides', () => {
  const counted = pattern('AP-020', DISTINCT, ['books'], {
    ...parameters(DISTINCT),
    predicates: [bound('books', 'author_id')],
    aggregates: true,
  });

  test('gives what MySQL gives, rows, aggregates and order, and costs what was computed', async () => {
    const found = await proven(libraryAnalysis([counted]));
    const outcomes = Object.fromEntries([...found].map(([id, { outcome, rows }]) => [id, `${outcome} ${rows}`]));
    expect(outcomes).toEqual({
      'AP-001': 'equal 1',
      'AP-002': 'equal 3',
      'AP-003': 'equal 2',
      'AP-004': 'equal 1',
      'AP-005': 'not compared 0',
      'AP-006': 'equal 1',
      'AP-007': 'equal 1',
      'AP-008': 'equal 1',
      'AP-020': 'equal 1',
    });
    for (const { requests, consumed, computed } of found.values()) {
      if (requests > 0) expect(Math.abs(consumed - computed)).toBeLessThanOrEqual(0.1 * computed);
    }
  });

  test('an access that misses a table gives other rows', async () => {
    const found = await proven(
      libraryAnalysis(),
      changed('AP-008', (served) => served.slice(0, 1)),
    );
    expect(found.get('AP-008')).toMatchObject({
      outcome: 'different',
      why: 'MySQL gives 1 rows over the sample and 0 over what was read.',
    });
  });

  test('an access by a key that finds too little gives another aggregate', async () => {
    // One book by its own id instead of all books of the author.
    const found = await proven(libraryAnalysis([counted]), (patterns) => {
      const byId = patterns.find(({ plan }) => plan.pattern.id === 'AP-008')?.served.slice(0, 1) ?? [];
      return changed('AP-020', () => byId)(patterns);
    });
    expect(found.get('AP-020')?.outcome).not.toBe('equal');
  });

  test('an order that the key does not give is told', async () => {
    const found = await proven(
      libraryAnalysis(),
      changed('AP-002', (served) =>
        served.map((one) => ({
          ...one,
          lookup: { ...one.lookup, order: [{ column: 'title', descending: false }] },
        })),
      ),
    );
    expect(found.get('AP-002')).toMatchObject({
      outcome: 'different',
      why: "Rows of books do not come in MySQL's order.",
    });
  });
});

describe('each write, executed by the store', () => {
  test('costs what the model computes from the rows', async () => {
    const writes = [...(await proven(libraryAnalysis())).values()].flatMap(({ write }) => write ?? []);
    const measured = writes.filter(({ outcome }) => outcome === 'measured');
    expect(measured.length).toBeGreaterThan(0);
    for (const { consumed, computed } of measured) {
      expect(consumed).toBeGreaterThan(0);
      expect(Math.abs(consumed - computed)).toBeLessThanOrEqual(0.1 * computed);
    }
    for (const { outcome, why } of writes) expect(why === '').toBe(outcome === 'measured');
  });

  test('a write that the model does not foresee shows as a difference', async () => {
    const found = await proven(libraryAnalysis(), (patterns) =>
      patterns.map((cost) => ({ ...cost, effects: cost.effects.map((one) => ({ ...one, kind: 'update' as const })) })),
    );
    const inserted = [...found.values()].flatMap(({ write }) => write ?? []).filter(({ items }) => items > 0);
    expect(inserted.some(({ consumed, computed }) => consumed > computed)).toBe(true);
  });
});

describe('a wrong cost model', () => {
  const measuredWith = async (change: (cost: PatternCost) => PatternCost): Promise<PatternProof['write'][]> => {
    const found = await proven(libraryAnalysis(), (patterns) => patterns.map(change));
    return [...found.values()].map(({ write }) => write).filter((write) => write?.outcome === 'measured');
  };

  test('an index that the model forgets shows as a difference', async () => {
    const tables = (model: PatternCost['model']) =>
      model.tables.map((table) => ({
        ...table,
        entities: table.entities.map((entity) => ({ ...entity, indexes: [] })),
      }));
    const writes = await measuredWith((cost) => ({ ...cost, model: { ...cost.model, tables: tables(cost.model) } }));
    expect(writes.some((write) => write !== undefined && !isNear(write))).toBe(true);
  });

  test('a parent that the model forgets to check shows as a difference', async () => {
    const without = (model: PatternCost['model']): PatternCost['model'] => ({
      ...model,
      tables: model.tables.map((table) => ({
        ...table,
        entities: table.entities.map((entity) => ({
          ...entity,
          design: { ...entity.design, facts: { ...entity.design.facts, foreignKeys: [] } },
        })),
      })),
    });
    const writes = await measuredWith((cost) => ({ ...cost, model: without(cost.model) }));
    const checking = writes.filter((write) => (write?.checks ?? 0) > 0);
    expect(checking.length).toBeGreaterThan(0);
    for (const write of checking) expect(write !== undefined && isNear(write)).toBe(false);
  });
});

describe('the proof’s tables', () => {
  async function contextFor(): Promise<StageContext> {
    const { host, port, user, password } = testEndpoints().mysql;
    const plan = {
      name: uniqueName('library'),
      source: { host, port, user, password, database: database.name },
      target: { endpoint: testEndpoints().dynamodbLocal.endpoint, region: 'us-east-1', prefix: `${uniqueName('p')}-` },
    } as MigrationPlan;
    return stageContext(plan, {
      'stage-01/analysis.json': JSON.stringify({ ...libraryAnalysis(), database: database.name }),
    });
  }
  const tables = async (prefix: string): Promise<string[]> => {
    const { TableNames: names = [] } = await dynamodb.send(new ListTablesCommand({}));
    return names.filter((name) => name.startsWith(prefix));
  };

  test('left by a killed process, they are found and removed by a rollback, and by the next attempt', async () => {
    const context = await contextFor();
    const prefix = proofPrefix(context);
    const leave = async (): Promise<void> => {
      const child = execa(
        process.execPath,
        [
          '--import',
          import.meta.resolve('tsx'),
          join(import.meta.dirname, 'testing', 'killed-proof.ts'),
          JSON.stringify(context.plan),
        ],
        { env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }, reject: false },
      );
      for (let tries = 0; (await tables(prefix)).length === 0; tries += 1) {
        if (tries > 600) throw new Error('The child made no table.');
        await wait(50);
      }
      child.kill('SIGKILL');
      expect((await child).signal).toBe('SIGKILL');
    };
    await leave();
    expect(await tables(prefix)).not.toEqual([]);
    await stage.compensate(context);
    expect(await tables(prefix)).toEqual([]);

    await leave();
    const outputs = await stage.execute(context);
    const checks = await stage.verify(Object.assign(context, { outputs }));
    expect(checks.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await tables(prefix)).toEqual([]);
  }, 120_000);

  test('have another name for each migration, so that none removes those of another', async () => {
    const [one, other] = [await contextFor(), await contextFor()];
    const target = one.plan.target;
    expect(proofPrefix({ ...one, plan: { ...one.plan, target } })).not.toBe(
      proofPrefix({ ...other, plan: { ...other.plan, target } }),
    );
    expect(proofPrefix(one)).toBe(proofPrefix(one));
  });

  test('are not made in AWS itself unless the plan says so', async () => {
    const context = await contextFor();
    const { region, prefix } = context.plan.target;
    const target = { region, prefix };
    const production = Object.assign(context, { plan: { ...context.plan, target } });
    const outputs = await stage.execute(production);
    await expect(stage.verify(Object.assign(production, { outputs }))).rejects.toMatchObject({
      code: 'model.proof-failed',
    });
  });
});
