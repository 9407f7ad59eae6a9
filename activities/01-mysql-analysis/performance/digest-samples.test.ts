import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MigrationPlan } from '../../../core/plan.ts';
import { testDatabase, testEndpoints } from '../../../test/support/shared-stack.ts';
import { stageContext } from '../../../test/support/stage-context.ts';
import { openSource } from '../source.ts';
import { requireDigests, sampleDigests } from './digest-samples.ts';
import { measure, requireMeasurement } from './index.ts';
import { analyseFile } from './log-facts.ts';

const NAMES = Array.from({ length: 200 }, (_, index) => `a AS alias_number_${index}`).join(', ');
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase('digest', ['CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b INT)']);
  await database.connection.query("INSERT INTO t VALUES (100, 'before', 1)");
});
afterAll(() => database.drop());

function plan(): MigrationPlan {
  const { host, port, user, password } = testEndpoints().mysql;
  const source = { host, port, user, ...(password === '' ? {} : { password }), database: database.name };
  return { name: 'digests', source: { ...source, statementDigests: { seconds: 2 } } } as unknown as MigrationPlan;
}

async function work(): Promise<void> {
  const { connection } = database;
  for (let id = 0; id < 10; id++) await connection.execute('SELECT a FROM t WHERE id = ? AND b > 5', [id]);
  await connection.query("INSERT INTO t (id, a, b) VALUES (1, 'x', 2), (2, 'y', 3), (3, 'z', 4)");
  await connection.query('SELECT t.id FROM t WHERE id IN (1, 2, 3, 100) ORDER BY id LIMIT 0, 3');
  await connection.query(`SELECT ${NAMES} FROM t`);
}

test('what a real server executed while it was watched is counted, and nothing of before', async () => {
  const context = await stageContext(plan(), {});
  expect(await requireMeasurement(context)).toEqual([expect.objectContaining({ id: 'S1-R3', passed: 1 })]);
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-digests-'));
  const [analysis] = await Promise.all([measure(context, folder), delayed(500).then(work)]);
  const shapes = new Map(analysis?.facts.shapes.map((shape) => [shape.normalisedSql, shape]));
  expect(shapes.get('SELECT a FROM t WHERE id = ? AND b > ?')).toMatchObject({
    count: 10,
    kind: 'read',
    tables: ['t'],
    keyColumns: ['t.b', 't.id'],
    rowsSent: { mean: 0 },
  });
  expect(shapes.get('INSERT INTO t (id, a, b) VALUES (?, ?, ?)')).toMatchObject({ count: 1, kind: 'write' });
  expect(shapes.get('SELECT t.id FROM t WHERE id IN (?) ORDER BY id LIMIT ?, ?')).toMatchObject({
    count: 1,
    rowsSent: { mean: 3 },
  });
  // The server keeps 1024 bytes of tokens and says nothing of what it left out.
  const cut = [...shapes.values()].filter((shape) => shape.normalisedSql.includes('alias_number_0'));
  expect(cut.map((shape) => shape.normalisedSql.slice(-3))).toEqual(['...']);
  expect([...shapes.keys()].join('\n')).not.toMatch(/INSERT INTO t VALUES|events_statements_summary|CREATE TABLE/);
  expect(analysis?.facts.notes).toEqual([
    'counters of the server, read 3 times; a peak is the mean of the busiest of 2 steps',
    expect.stringContaining('max_digest_length'),
  ]);
  expect([...(analysis?.charts.keys() ?? [])]).toContain('top_shapes.svg');
  expect(context.progressed.at(-1)).toMatchObject({ done: 2, total: 2, unit: 'seconds' });
}, 120_000);

test('a table of digests that somebody empties meanwhile is noticed', async () => {
  const reader = await openSource(plan().source, async (reference) => reference);
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'cutover-digests-')), 'samples.jsonl');
  const { connection } = database;
  for (let id = 0; id < 20; id++) await connection.query(`SELECT b FROM t WHERE id = ${id}`);
  const signal = new AbortController().signal;
  const sampled = sampleDigests(reader, file, { seconds: 1, signal, progress: () => undefined });
  await delayed(500);
  await connection.query('TRUNCATE performance_schema.events_statements_summary_by_digest');
  for (let id = 0; id < 5; id++) await connection.query(`SELECT b FROM t WHERE id = ${id}`);
  await sampled.finally(() => reader.close());
  expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(4);
  const { facts } = await analyseFile({ path: file, format: 'digest' }, path.dirname(file));
  expect(facts.shapes.find((shape) => shape.normalisedSql === 'SELECT b FROM t WHERE id = ?')?.count).toBe(5);
  expect(facts.notes?.join('\n')).toContain('emptied between two samples');
}, 60_000);

test('watching ends at once when the run is cancelled', async () => {
  const reader = await openSource(plan().source, async (reference) => reference);
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'cutover-digests-')), 'samples.jsonl');
  const aborter = new AbortController();
  const sampled = sampleDigests(reader, file, { seconds: 600, signal: aborter.signal, progress: () => undefined });
  setTimeout(() => {
    aborter.abort();
  }, 200);
  await expect(sampled).rejects.toThrow(/abort/i);
  await reader.close();
}, 20_000);

test('a user who may not read the counters is told so', async () => {
  const { connection, name } = database;
  await connection.query(`CREATE USER 'u_${name}'@'%' IDENTIFIED BY 'secret-enough-1'`);
  await connection.query(`GRANT SELECT ON \`${name}\`.* TO 'u_${name}'@'%'`);
  const source = { ...plan().source, user: `u_${name}`, password: 'secret-enough-1' };
  const reader = await openSource(source, async (reference) => reference);
  await expect(requireDigests(reader)).rejects.toMatchObject({ code: 'analysis.digests-unavailable' });
  await reader.close();
  await connection.query(`DROP USER 'u_${name}'@'%'`);
}, 20_000);

function delayed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
