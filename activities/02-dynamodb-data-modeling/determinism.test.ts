import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { testDatabase, testEndpoints } from '../../test/support/shared-stack.ts';
import { LIBRARY_SQL } from './testing/library.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('same', LIBRARY_SQL);
});
afterAll(() => database.drop());

const SOURCE = `import mysql from 'mysql2/promise';
const pool = mysql.createPool(process.env['DATABASE_URL'] ?? '');
export const byAuthor = (id: string) => pool.execute('SELECT title, price FROM books WHERE author_id = ? ORDER BY published_at DESC', [id]);
export const Ångström = (id: string) => pool.execute('SELECT * FROM loans WHERE book_id = ?', [id]);
export const rename = (email: string, id: string) => pool.execute('UPDATE authors SET email = ? WHERE id = ?', [email, id]);
export const joined = (id: string) => pool.execute('SELECT b.title, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE b.id = ?', [id]);
`;
const LOG = `Time                 Id Command    Argument
2026-01-02T03:04:05.000001Z\t   14 Query\tSELECT * FROM loans WHERE book_id = '1'
2026-01-02T03:04:07.000001Z\t   14 Query\tSELECT * FROM loans WHERE book_id = '2'
2026-01-02T23:59:59.900001Z\t   14 Query\tUPDATE authors SET email = 'x' WHERE id = 4
`;

/** Both stages in a process of their own, with the application at a place of its own. */
async function run(zone: string, locale: string): Promise<[string, string, number][]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-same-'));
  const application = join(folder, `application ${locale}`);
  await mkdir(join(application, 'src'), { recursive: true });
  await writeFile(join(application, 'src', 'store.ts'), SOURCE);
  const log = join(folder, 'query.log');
  await writeFile(log, LOG);
  const { host, port, user, password } = testEndpoints().mysql;
  const plan = {
    name: 'library',
    source: {
      ...{ host, port, user, password, database: database.name },
      queryLog: { path: log, format: 'general', timeZone: 'UTC' },
    },
    application: { path: application, sources: ['src'] },
    target: { region: 'us-east-1', endpoint: testEndpoints().aws.endpoint, prefix: 'same-' },
    assumedRate: { name: 'quiet', mean: 0.1, peak: 1 },
  };
  const loader = import.meta.resolve('tsx');
  const child = join(import.meta.dirname, 'testing', 'determinism-child.ts');
  const environment = { TZ: zone, LANG: locale, LC_ALL: locale };
  const { stdout } = await execa(process.execPath, ['--import', loader, child, JSON.stringify(plan)], {
    cwd: folder,
    env: environment,
  });
  return JSON.parse(stdout) as [string, string, number][];
}

test('stages 1 and 2 give the same bytes in other folders, time zones and locales', async () => {
  const first = await run('UTC', 'C');
  const second = await run('Pacific/Kiritimati', 'tr_TR.UTF-8');
  const third = await run('America/St_Johns', 'de_DE.UTF-8');
  expect(first.map(([name]) => name)).toEqual(
    expect.arrayContaining(['stage-01/analysis.json', 'stage-02/migrationContract.json', 'stage-02/alternatives.md']),
  );
  expect(second).toEqual(first);
  expect(third).toEqual(first);
}, 240_000);
