import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { locateCallSites, openProject } from '../../01-mysql-analysis/application/index.ts';
import { ownFiles } from '../steps/source.ts';
import { STEP, textAfter } from './edits.ts';
import { layoutOf } from './layout.ts';
import { planMove, type Move } from './move.ts';

const TABLES = [
  { name: 'albums', columns: [{ name: 'id' }, { name: 'made' }], primaryKey: ['id'], indexes: [], foreignKeys: [] },
] as unknown as Parameters<typeof planMove>[3];

const DATABASE = `import { createPool } from 'mysql2/promise';
import { settings, shown } from './settings.js';

const LIMIT = 12;

export const pool = createPool({ uri: settings.url, connectionLimit: LIMIT });

pool.on('connection', (connection) => {
  void connection.query("SET time_zone = '+00:00'");
});

/** As it is shown. */
export function moment(text: string): string {
  return shown(text);
}
`;
const ROUTES = `import { moment, pool } from './database.js';

export async function made(id: number): Promise<string[]> {
  const [rows] = await pool.query<(RowDataPacket & { made: string })[]>(
    'SELECT made FROM albums WHERE id = ?',
    [id],
  );
  return rows.map((row) => moment(row.made));
}
`;
const FILES: Record<string, string> = {
  'src/database.ts': DATABASE,
  'src/settings.ts': `export const settings = { url: 'mysql://x' };\nexport const shown = (text: string): string => text;\n`,
  'src/routes.ts': `import type { RowDataPacket } from 'mysql2/promise';\n${ROUTES}`,
  'src/label.ts': `import { moment } from './database.js';\n\nexport const label = moment('now');\n`,
};

let root: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-shared-')));
  await symlink(path.join(process.cwd(), 'node_modules'), path.join(root, 'node_modules'));
  await mkdir(path.join(root, 'src'));
  await writeFile(path.join(root, 'package.json'), '{"type":"module"}');
}, 120_000);

afterAll(async () => rm(root, { recursive: true, force: true }));

async function plan(files: Record<string, string>): Promise<Move> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, name), text);
  const project = openProject({ root, sources: ['src'] });
  const own = ownFiles(project);
  return planMove(layoutOf(root, ['src'], own), own, locateCallSites(project, root).callSites, TABLES);
}

function after(move: Move, name: string, step: number): string {
  const created = move.changes.created.filter((one) => one.path === name && one.step <= step).at(-1);
  return created?.text ?? textAfter(FILES[name] ?? '', move.changes.edits.get(name) ?? [], step);
}

describe('a pool whose module has more in it', () => {
  let move: Move;
  beforeAll(async () => {
    move = await plan(FILES);
  }, 120_000);

  it('leaves the module with what else it has, and the imports that that needs', () => {
    expect(move.changes.deleted).toEqual([]);
    expect(after(move, 'src/database.ts', STEP.transactions)).toBe(`import { shown } from './settings.js';

export const LIMIT = 12;

/** As it is shown. */
export function moment(text: string): string {
  return shown(text);
}
`);
  });

  it('moves the pool verbatim, with what it uses of the module imported from there', () => {
    const pool = after(move, 'src/dal/mysql/pool.ts', STEP.transactions);
    expect(pool).toContain("import { settings } from '../../settings.js';");
    expect(pool).toContain("import { LIMIT } from '../../database.js';");
    expect(pool).toContain('createPool({ uri: settings.url, connectionLimit: LIMIT })');
    expect(pool).toContain("pool.on('connection'");
  });

  it('keeps imports of the other names where they were', () => {
    const routes = after(move, 'src/routes.ts', STEP.transactions);
    expect(routes).toContain("import { dal } from './dal.js';\nimport { moment } from './database.js';\n");
    expect(routes).not.toContain('mysql2');
    expect(after(move, 'src/label.ts', STEP.transactions)).toBe(FILES['src/label.ts']);
  });

  it('is refused where the rest of the module uses the pool, with the place', async () => {
    const using = `${DATABASE}\nexport const close = (): Promise<void> => pool.end();\n`;
    await expect(plan({ ...FILES, 'src/database.ts': using })).rejects.toMatchObject({
      code: 'dal.unsupported-shape',
      where: 'src/database.ts:17',
    });
  });
});
