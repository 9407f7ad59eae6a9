import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { MigrationPlan } from '../../../core/plan.ts';
import type { Stage } from '../../../core/stage.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../../test/support/stage-context.ts';
import { git } from '../../application/index.ts';

const SCHEMA = `CREATE TABLE notes (id INT AUTO_INCREMENT PRIMARY KEY, author VARCHAR(40) NOT NULL, text VARCHAR(80) NOT NULL,
  stars INT NOT NULL, KEY author (author)) COLLATE utf8mb4_0900_ai_ci;
INSERT INTO notes (author, text, stars) VALUES ('ada', 'engine', 5), ('ada', 'numbers', 3), ('bob', 'bread', 2)`;

/** A statement of the application: its route, and what it selects, by the same author. */
export interface Question {
  readonly route: string;
  readonly select: string;
}

/** A small application on its own database, in a repository of its own, that stages 1 to 3 can be run on. */
export interface NotesApplication {
  readonly root: string;
  readonly plan: MigrationPlan;
  /** What the stages before gave, and what later ones will. */
  readonly context: TestContext;
  readonly layer: DataAccessLayer;
  /** The method that answers a route. */
  method(route: string): { readonly aggregate: string; readonly name: string };
  close(): Promise<void>;
}

/** Makes the application and takes it through stages 1 to 3. */
export async function notesApplication(questions: readonly Question[]): Promise<NotesApplication> {
  const database = await testDatabase('notes', [SCHEMA]);
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-notes-')));
  for (const [name, text] of Object.entries(filesOf(questions))) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  await git(root, ['init', '--quiet', '-b', 'main']);
  await git(root, ['add', '--all']);
  await git(root, ['-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'first']);
  const plan = planOf(root, database.name);
  const context = await stageContext(plan, {});
  for (const id of ['01-mysql-analysis', '02-dynamodb-data-modeling', '03-dal-abstraction']) {
    const { stage } = (await import(`../../${id}/index.ts`)) as { stage: Stage };
    await context.checkpoint.clear();
    await stage.preflight(context);
    await stage.execute(context);
  }
  await context.checkpoint.clear();
  const layer = JSON.parse(context.text('stage-03/data-access.json')) as DataAccessLayer;
  return {
    root,
    plan,
    context,
    layer,
    method: (route) => {
      const select = questions.find((each) => each.route === route)?.select ?? route;
      const found = layer.methods.find(({ template }) => JSON.stringify(template).includes(select));
      if (found === undefined) throw new Error(`No method of the layer selects ${select}.`);
      return found;
    },
    close: async () => {
      await database.connection.query(`DROP DATABASE IF EXISTS \`${database.name}_scratch\``);
      await database.connection.query(`DROP DATABASE IF EXISTS \`${database.name}_scratch_template\``);
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function planOf(root: string, database: string): MigrationPlan {
  const { mysql, aws } = testEndpoints();
  const { host, port, user } = mysql;
  return {
    name: 'notes',
    artifactStore: root,
    source: { host, port, user, database },
    application: {
      path: root,
      sources: ['src'],
      install: `ln -sfn ${path.join(process.cwd(), 'node_modules')} node_modules`,
      build: 'node node_modules/typescript/bin/tsc --noEmit -p .',
      server: {
        start: 'node --import tsx src/server.ts',
        portVariable: 'PORT',
        readyPath: '/ready',
        databaseUrlVariable: 'DATABASE_URL',
      },
      tests: { command: 'node --import tsx --test tests/notes.test.ts', environment: { URL: '{serverUrl}' } },
      traffic: { command: 'node traffic.mjs {serverUrl}' },
      scratch: { database: `${database}_scratch`, prepare: 'node seed.mjs' },
    },
    target: { region: 'us-east-1', endpoint: aws.endpoint, prefix: `${uniqueName('n')}-` },
    gates: { policy: 'auto' },
    assumedRate: { name: 'few', mean: 1, peak: 2 },
  };
}

function filesOf(questions: readonly Question[]): Record<string, string> {
  const read = ({ route, select }: Question): string => `    if (url.pathname === '/${route}') {
      const [rows] = await pool.query<RowDataPacket[]>('SELECT ${select} FROM notes WHERE author = ? ORDER BY id', [author]);
      return rows;
    }`;
  return {
    'package.json': JSON.stringify({
      type: 'module',
      private: true,
      dependencies: { '@aws-sdk/client-dynamodb': '*', mysql2: '*', tsx: '*' },
    }),
    '.gitignore': 'node_modules\n',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        skipLibCheck: true,
        types: ['node'],
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
      },
      include: ['src', 'tests'],
    }),
    'src/database.ts': `import { createPool } from 'mysql2/promise';

export const pool = createPool(process.env['DATABASE_URL'] ?? '');
`,
    'src/server.ts': `import { createServer } from 'node:http';
import type { RowDataPacket } from 'mysql2/promise';
import { pool } from './database.js';

async function answer(method: string, url: URL): Promise<unknown> {
  const author = url.searchParams.get('author');
  if (method === 'POST') {
    await pool.query('INSERT INTO notes (author, text, stars) VALUES (?, ?, ?)', [author, url.searchParams.get('text'), 1]);
  }
${questions.map(read).join('\n')}
  return [];
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  answer(request.method ?? 'GET', url).then(
    (rows) => response.setHeader('content-type', 'application/json').end(JSON.stringify(rows)),
    () => response.writeHead(500).end(),
  );
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
  const notes = (process.env['URL'] ?? '') + '/notes?author=eve';
  const before = (await (await fetch(notes)).json()) as unknown[];
  const after = (await (await fetch(notes + '&text=x', { method: 'POST' })).json()) as unknown[];
  assert.equal(after.length, before.length + 1);
});
`,
    'seed.mjs': `import { createConnection } from 'mysql2/promise';
const connection = await createConnection({ uri: process.env.DATABASE_URL, multipleStatements: true });
await connection.query(${JSON.stringify(SCHEMA)});
await connection.end();
`,
    'traffic.mjs': `for (const route of ${JSON.stringify(questions.map(({ route }) => route))})
  for (const author of ['ada', 'bob', 'nobody']) await fetch(process.argv[2] + '/' + route + '?author=' + author);
await fetch(process.argv[2] + '/notes?author=ada&text=looms', { method: 'POST' });
await fetch(process.argv[2] + '/notes?author=ada');
`,
  };
}
