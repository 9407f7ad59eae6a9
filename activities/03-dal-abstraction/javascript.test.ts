import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactReference, CheckResult } from '../../core/artifacts.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { Stage } from '../../core/stage.ts';
import { testDatabase } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { currentWorkTree, git, type WorkTree } from '../application/index.ts';
import { makeFolder, makeRepository, planOf } from './testing/repository.ts';

const SCHEMA = `CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, author VARCHAR(40) NOT NULL, text VARCHAR(80) NOT NULL,
  stars INT NOT NULL, KEY author (author)) COLLATE utf8mb4_0900_ai_ci;
INSERT INTO notes (author, text, stars) VALUES ('ada', 'engine', 5), ('ada', 'numbers', 3), ('bob', 'bread', 2)`;

/** Plain JavaScript, ES modules: a pool, a module of statements, a transaction, a condition in the SQL. */
const FILES: Record<string, string> = {
  'package.json': JSON.stringify({
    type: 'module',
    private: true,
    dependencies: { '@aws-sdk/client-dynamodb': '*', mysql2: '*' },
  }),
  '.gitignore': 'node_modules\n',
  '.prettierrc.json': '{ "singleQuote": true, "semi": false }\n',
  'src/database.js': `import mysql from 'mysql2/promise'

export const pool = mysql.createPool(process.env.DATABASE_URL)
`,
  'src/notes.js': `import { pool } from './database.js'

const COLUMNS = 'id, author, text, stars'

export async function notesOf(author, least) {
  const [rows] = await pool.query(
    \`SELECT \${COLUMNS} FROM notes WHERE author = ?\${least === undefined ? '' : ' AND stars >= ?'} ORDER BY id\`,
    least === undefined ? [author] : [author, least],
  )
  return rows
}

export async function addNote(author, text) {
  const connection = await pool.getConnection()
  try {
    await connection.beginTransaction()
    const [{ insertId }] = await connection.execute(
      'INSERT INTO notes (author, text, stars) VALUES (?, ?, 1)',
      [author, text],
    )
    await connection.execute('UPDATE notes SET stars = stars + 1 WHERE id = ?', [insertId])
    await connection.commit()
    return insertId
  } catch (error) {
    await connection.rollback()
    throw error
  } finally {
    connection.release()
  }
}
`,
  'src/server.js': `import { createServer } from 'node:http'
import { pool } from './database.js'
import { addNote, notesOf } from './notes.js'

async function answer(method, query) {
  const author = query.get('author') ?? ''
  if (method === 'POST') return { id: await addNote(author, query.get('text')) }
  return notesOf(author, query.has('least') ? Number(query.get('least')) : undefined)
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost')
  answer(request.method, url.searchParams).then(
    (found) => response.setHeader('content-type', 'application/json').end(JSON.stringify(found)),
    () => response.writeHead(500).end(),
  )
})
server.listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => {
  server.close(() => void pool.end())
  server.closeAllConnections()
})
`,
  'tests/notes.test.js': `import assert from 'node:assert/strict'
import { it } from 'node:test'

const url = process.env.URL + '/?author=eve'

it('adds a note with a second star', async () => {
  const before = await (await fetch(url)).json()
  await fetch(url + '&text=x', { method: 'POST' })
  const after = await (await fetch(url + '&least=2')).json()
  assert.equal(after.length, before.length + 1)
  assert.equal(after.at(-1).stars, 2)
})
`,
  'seed.mjs': `import { createConnection } from 'mysql2/promise'
const connection = await createConnection({ uri: process.env.DATABASE_URL, multipleStatements: true })
await connection.query(${JSON.stringify(SCHEMA)})
await connection.end()
`,
  'traffic.mjs': `const url = process.argv[2]
for (const author of ['ada', 'bob', 'nobody']) {
  await fetch(url + '/?author=' + author)
  await fetch(url + '/?least=4&author=' + author)
}
await fetch(url + '/?author=ada&text=looms', { method: 'POST' })
await fetch(url + '/?author=ada')
`,
};
const STAGES = ['01-mysql-analysis', '02-dynamodb-data-modeling', '03-dal-abstraction', '04-dynamodb-implementation'];

let root: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let context: TestContext;
let tree: WorkTree;
let outputs: ArtifactReference[] = [];
let verifiedAfterStage3: CheckResult[] = [];

beforeAll(async () => {
  database = await testDatabase('javascript', [SCHEMA]);
  root = await makeFolder(FILES);
  await makeRepository(root);
  const plan = planOf(root, database.name, { start: 'node src/server.js', tests: 'node --test tests/notes.test.js' });
  context = await stageContext(plan, {});
  for (const id of STAGES) {
    const { stage } = await load(id);
    await context.checkpoint.clear();
    await stage.preflight(context);
    outputs = await stage.execute(context);
    if (id === '03-dal-abstraction') verifiedAfterStage3 = await stage.verify({ ...context, outputs });
  }
  const found = await currentWorkTree(await context.artifacts.workFolder('application'));
  if (found === undefined) throw new Error('no work tree');
  tree = found;
}, 900_000);

afterAll(async () => {
  for (const name of [`${database.name}_scratch`, `${database.name}_scratch_template`])
    await database.connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await database.drop();
  await rm(root, { recursive: true, force: true });
});

async function load(id: string): Promise<{ stage: Stage }> {
  return (await import(`../${id}/index.ts`)) as { stage: Stage };
}

function failuresOf(results: readonly CheckResult[]): string[] {
  return results.flatMap(({ id, failures }) => failures.map((one) => `${id} ${one}`));
}

describe('plain JavaScript with ES modules, stages 1 to 4', () => {
  it('stage 3 writes JavaScript in the application’s style, and passes its own verification', async () => {
    const layer = JSON.parse(context.text('stage-03/data-access.json')) as DataAccessLayer;
    expect(layer).toMatchObject({ language: 'javascript', modules: 'esm', importSuffix: '.js', folder: 'src/dal' });
    const files = await readdir(path.join(tree.application, 'src/dal'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
    const notes = await git(tree.folder, ['show', `${layer.commit}:src/dal/mysql/notes.js`]);
    expect(notes).toContain("'INSERT INTO notes (author, text, stars) VALUES (?, ?, 1)',");
    expect(notes).not.toMatch(/;\n|: Pool|Rows</);
    expect(failuresOf(verifiedAfterStage3)).toEqual([]);
  });

  it('stage 4 compiles every method to JavaScript that answers as MySQL does', async () => {
    const { stage } = await load('04-dynamodb-implementation');
    const results = await stage.verify({ ...context, outputs });
    expect(failuresOf(results)).toEqual([]);
    const coverage = JSON.parse(context.text('stage-04/coverage.json')) as { methods: { status: string }[] };
    expect(coverage.methods.map(({ status }) => status)).toEqual(['compiled', 'compiled', 'compiled']);
    const compiled = await readFile(path.join(tree.application, 'src/dal/dynamodb/notes.js'), 'utf8');
    expect(compiled).toMatch(/export function dynamoNotes\(store\)/);
    expect(await readdir(path.join(tree.application, 'tests/dal'))).toEqual(['notes.dal.js', 'support.js']);
  }, 600_000);
});
