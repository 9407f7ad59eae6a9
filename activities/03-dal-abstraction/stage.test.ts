import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactReference } from '../../core/artifacts.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDatabase } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { locateCallSites, openProject, toCallSite } from '../01-mysql-analysis/application/index.ts';
import { currentWorkTree, git } from '../application/index.ts';
import { stage } from './index.ts';
import { makeFolder, makeRepository, planOf } from './testing/repository.ts';

const FILES: Record<string, string> = {
  'package.json': '{ "type": "module", "private": true }\n',
  '.gitignore': 'node_modules\n',
  'src/database.ts': `import { createPool } from 'mysql2/promise';

export const pool = createPool(process.env['DATABASE_URL'] ?? '');
`,
  'src/server.ts': `import { createServer } from 'node:http';
import type { RowDataPacket } from 'mysql2/promise';
import { pool } from './database.ts';

interface NoteRow extends RowDataPacket {
  id: number;
  text: string;
}

const server = createServer((request, response) => {
  void (async () => {
    if (request.method === 'POST') {
      const connection = await pool.getConnection();
      await connection.beginTransaction();
      await connection.execute('INSERT INTO notes (text) VALUES (?)', [request.url]);
      await connection.commit();
      connection.release();
    }
    const [rows] = await pool.query<NoteRow[]>('SELECT id, text FROM notes ORDER BY id DESC');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows));
  })();
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close(() => void pool.end());
  server.closeAllConnections();
});
`,
  'tests/notes.test.ts': `import assert from 'node:assert/strict';
import { it } from 'node:test';

it('adds a note', async () => {
  const url = process.env['URL'] ?? '';
  const before = (await (await fetch(url)).json()) as unknown[];
  const after = (await (await fetch(url + '/b', { method: 'POST' })).json()) as unknown[];
  assert.equal(after.length, before.length + 1);
});
`,
  'seed.mjs': `import { createConnection } from 'mysql2/promise';
const connection = await createConnection({ uri: process.env.DATABASE_URL, multipleStatements: true });
await connection.query("CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(40)); INSERT INTO notes (text) VALUES ('a'), ('b')");
await connection.end();
`,
  'traffic.mjs': `for (const path of ['/x', '/y', '/z']) await fetch(process.argv[2] + path, { method: 'POST' });\n`,
};

let root: string;
let context: TestContext;
let outputs: ArtifactReference[];
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase('notes');
  root = await makeFolder(FILES);
  await makeRepository(root);
  context = await stageContext(plan(), { 'stage-01/analysis.json': JSON.stringify(analysis()) });
  await stage.preflight(context);
  outputs = await stage.execute(context);
}, 240_000);

afterAll(async () => {
  await database.drop();
  await rm(root, { recursive: true, force: true });
});

function plan(): MigrationPlan {
  return planOf(root, database.name, {
    start: 'node --import tsx src/server.ts',
    tests: 'node --import tsx --test tests/notes.test.ts',
  });
}

/** As stage 1 gives it, without asking the database. */
function analysis(): unknown {
  const project = openProject({ root, sources: ['src'] });
  const callSites = locateCallSites(project, root).callSites.map((one) => ({
    ...toCallSite(one),
    accessPattern: `AP-${one.id}`,
  }));
  const driver = { decimals: 'string', dates: 'Date', bigNumbers: 'number', timeZone: 'local' };
  const application = { framework: 'none', driver, routes: [], callSites, transactions: [], unresolved: [] };
  const notes = {
    name: 'notes',
    columns: [{ name: 'id' }, { name: 'text' }],
    primaryKey: ['id'],
    indexes: [],
    foreignKeys: [],
  };
  return { schemaVersion: 1, tables: [notes], accessPatterns: [], application };
}

describe('stage 3 on a small application', () => {
  it('gives nine commits, five artifacts, and passes its own verification', async () => {
    expect(outputs.map(({ name }) => name)).toContain('stage-03/branch.bundle');
    expect((await git(root, ['rev-list', '--count', 'main..cutover/notes'])).trim()).toBe('9');
    const results = await stage.verify({ ...context, outputs });
    expect(results.flatMap((result) => result.failures)).toEqual([]);
    expect(results.find(({ id }) => id === 'S3-R7')).toMatchObject({ passed: 3, total: 3 });
  }, 240_000);

  it('gives the same commits when it is asked again, and finds its work again', async () => {
    const before = await git(root, ['rev-parse', 'cutover/notes']);
    await stage.execute(context);
    expect(await git(root, ['rev-parse', 'cutover/notes'])).toBe(before);
  }, 120_000);

  it('finds a changed order by the traffic, and a statement that is not the application’s own', async () => {
    const tree = await currentWorkTree(await context.artifacts.workFolder('application'));
    if (tree === undefined) throw new Error('no work tree');
    const file = path.join(tree.application, 'src/dal/mysql/notes.ts');
    const text = await git(tree.folder, ['show', 'HEAD:src/dal/mysql/notes.ts']);
    await writeFile(file, text.replace('ORDER BY id DESC', 'ORDER BY id'));
    const failed = (await stage.verify({ ...context, outputs }))
      .filter((result) => result.passed < result.total)
      .map(({ id }) => id);
    expect(failed).toEqual(['S3-R4', 'S3-R6', 'S3-R7']);
    await git(tree.folder, ['checkout', '--quiet', '--', '.']);
  }, 240_000);

  it('puts everything back, twice', async () => {
    const main = await git(root, ['rev-parse', 'main']);
    await stage.compensate(context);
    await stage.compensate(context);
    expect(await git(root, ['branch', '--format=%(refname:short)'])).toBe('main');
    expect(await git(root, ['rev-parse', 'main'])).toBe(main);
    expect(context.written.size).toBe(0);
    const [left] = await database.connection.query(`SHOW DATABASES LIKE '${database.name}\\_scratch%'`);
    expect(left).toEqual([]);
  }, 120_000);
});
