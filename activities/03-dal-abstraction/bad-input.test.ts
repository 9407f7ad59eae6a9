import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDatabase } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { git, tryGit } from '../application/index.ts';
import { stage } from './index.ts';
import { makeFolder, makeRepository, planOf } from './testing/repository.ts';

const FILES: Record<string, string> = {
  'package.json': '{ "type": "module", "private": true }\n',
  '.gitignore': 'node_modules\n',
  'built.js': 'export const built = true;\n',
  'src/database.js': `import { createPool } from 'mysql2/promise';

export const pool = createPool(process.env.DATABASE_URL);
`,
  'src/server.js': `import { createServer } from 'node:http';
import { pool } from './database.js';

const server = createServer(async (request, response) => {
  const [rows] = await pool.query('SELECT id FROM notes');
  response.end(JSON.stringify(rows));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`,
  'tests/notes.test.js': `import { it } from 'node:test';

it('answers', async () => {
  await (await fetch(process.env.URL)).json();
});
`,
  'seed.mjs': `import { createConnection } from 'mysql2/promise';
const connection = await createConnection(process.env.DATABASE_URL);
await connection.query('CREATE TABLE notes (id INT PRIMARY KEY)');
await connection.end();
`,
  'traffic.mjs': 'await fetch(process.argv[2]);\n',
};
const COMMANDS = { start: 'node src/server.js', tests: 'node --test tests/notes.test.js', build: 'node --check built.js' }; // prettier-ignore
/** The refusal comes before anything is read of it. */
const ANALYSIS = JSON.stringify({
  schemaVersion: 1,
  tables: [],
  accessPatterns: [],
  application: { framework: 'none', driver: {}, routes: [], callSites: [], transactions: [], unresolved: [] },
});

const roots: string[] = [];
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase('bad');
}, 120_000);

afterAll(async () => {
  await database.drop();
  for (const root of roots) await rm(root, { recursive: true, force: true });
});

async function application(changed: Record<string, string> = {}): Promise<{ root: string; plan: MigrationPlan }> {
  const root = await makeFolder({ ...FILES, ...changed });
  roots.push(root);
  return { root, plan: planOf(root, database.name, COMMANDS) };
}

async function opened(plan: MigrationPlan): Promise<TestContext> {
  return stageContext(plan, { 'stage-01/analysis.json': ANALYSIS });
}

/** The stage says `code` and shows `detail`; then the user's branches and files are as they were. */
async function refuses(plan: MigrationPlan, code: string, detail: RegExp): Promise<void> {
  const root = plan.application.path;
  const seen = async (): Promise<string> =>
    `${(await tryGit(root, ['rev-parse', 'main'])).stdout} ${(await tryGit(root, ['status', '--porcelain'])).stdout}`;
  const before = await seen();
  const context = await opened(plan);
  const run = async (): Promise<void> => {
    await stage.preflight(context);
    await stage.execute(context);
  };
  await expect(run()).rejects.toMatchObject({ code, message: expect.stringMatching(detail) });
  expect(await seen()).toBe(before);
  await stage.compensate(context);
  expect(await seen()).toBe(before);
  expect((await tryGit(root, ['branch', '--format=%(refname:short)'])).stdout.replace('main', '')).toBe('');
}

it('refuses an application without git', async () => {
  const { plan } = await application();
  await refuses(plan, 'dal.no-repository', /git init/);
}, 120_000);

it('refuses a repository without a commit', async () => {
  const { root, plan } = await application();
  await git(root, ['init', '--quiet', '-b', 'main']);
  await refuses(plan, 'dal.no-repository', /no commit yet/);
}, 120_000);

it('refuses changes that are not committed, and names them', async () => {
  const { root, plan } = await application();
  await makeRepository(root);
  await writeFile(path.join(root, 'src', 'server.js'), '// half done\n');
  await refuses(plan, 'dal.dirty-tree', /src\/server\.js/);
}, 120_000);

it('refuses an application that does not build, with what the build says', async () => {
  const { root, plan } = await application({ 'built.js': 'const = 1;\n' });
  await makeRepository(root);
  await refuses(plan, 'dal.baseline-red', /build[^]*SyntaxError/);
}, 240_000);

it('refuses an application whose tests are red before anything was changed, with what they say', async () => {
  const red = `import { it } from 'node:test';\n\nit('was red before', () => {\n  throw new Error('as ever');\n});\n`;
  const { root, plan } = await application({ 'tests/notes.test.js': red });
  await makeRepository(root);
  await refuses(plan, 'dal.baseline-red', /tests[^]*as ever/);
}, 240_000);

it('refuses sources of both kinds of modules, and names the other', async () => {
  const { root, plan } = await application({ 'src/odd.cjs': 'module.exports = { odd: 1 };\n' });
  await makeRepository(root);
  await refuses(plan, 'dal.unsupported-shape', /one kind of modules/);
}, 240_000);
