import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { locateCallSites, openProject } from '../../01-mysql-analysis/application/index.ts';
import { repeatedBlocks } from '../../../test/review/repeated-blocks.ts';
import { ownFiles } from '../steps/source.ts';
import { textAfter } from './edits.ts';
import { layoutOf } from './layout.ts';
import { planMove, type Move } from './move.ts';

const TABLES = [
  {
    name: 'albums',
    columns: [{ name: 'id' }, { name: 'title' }, { name: 'label' }],
    primaryKey: ['id'],
    indexes: [],
    foreignKeys: [],
  },
] as unknown as Parameters<typeof planMove>[3];

const FILES: Record<string, string> = {
  'src/database.ts': `import { createPool } from 'mysql2/promise';
import { settings } from './settings.js';

/** Ours. */
export const pool = createPool({ uri: settings.url, dateStrings: true });

pool.on('connection', (connection) => {
  void connection.query("SET time_zone = '+00:00'");
});
`,
  'src/settings.ts': `export const settings = { url: 'mysql://x' };\n`,
  'src/albums.ts': `import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface AlbumRow extends RowDataPacket {
  id: number;
  title: string;
}

interface CountRow extends RowDataPacket {
  total: number;
}

export class Albums {
  constructor(private readonly pool: Pool) {}

  async find(id: number): Promise<AlbumRow | undefined> {
    const [rows] = await this.pool.execute<AlbumRow[]>('SELECT id, title FROM albums WHERE id = ?', [id]);
    return rows[0];
  }

  async search(title: string | undefined): Promise<AlbumRow[]> {
    // Everything, unless a title is wished for.
    let sql = 'SELECT id, title FROM albums';
    const values: string[] = [];
    if (title !== undefined) {
      sql += ' WHERE title = ?';
      values.push(title);
    }
    return (await this.pool.query<AlbumRow[]>(sql, values))[0];
  }

  async count(from: number | undefined, to: number | undefined, label: string | undefined, title: string | undefined) {
    const parts = ['id > 0'];
    const values: (string | number)[] = [];
    if (from !== undefined) {
      parts.push('id >= ?');
      values.push(from);
    }
    if (to !== undefined) {
      parts.push('id <= ?');
      values.push(to);
    }
    if (label !== undefined) {
      parts.push('label = ?');
      values.push(label);
    }
    if (title !== undefined) {
      parts.push('title = ?');
      values.push(title);
    }
    const where = parts.join(' AND ');
    const [rows] = await this.pool.query<CountRow[]>(\`SELECT COUNT(*) AS total FROM albums WHERE \${where}\`, values);
    return rows[0]?.total;
  }

  async page(
    from: number | undefined,
    to: number | undefined,
    label: string | undefined,
    title: string | undefined,
    limit: number,
  ): Promise<AlbumRow[]> {
    const parts = ['id > 0'];
    const values: (string | number)[] = [];
    if (from !== undefined) {
      parts.push('id >= ?');
      values.push(from);
    }
    if (to !== undefined) {
      parts.push('id <= ?');
      values.push(to);
    }
    if (label !== undefined) {
      parts.push('label = ?');
      values.push(label);
    }
    if (title !== undefined) {
      parts.push('title = ?');
      values.push(title);
    }
    const where = parts.join(' AND ');
    const sql = \`SELECT id, title FROM albums WHERE \${where} ORDER BY id LIMIT ?\`;
    const [rows] = await this.pool.query<AlbumRow[]>(sql, [...values, limit]);
    return rows;
  }

  async rename(id: number, title: string): Promise<boolean> {
    const connection = await this.pool.getConnection();
    try {
      await connection.beginTransaction();
      const [result] = await connection.execute<ResultSetHeader>('UPDATE albums SET title = ? WHERE id = ?', [title, id]);
      await note(connection, title);
      await connection.commit();
      return result.affectedRows === 1;
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  }
}

export async function note(database: Pool | PoolConnection, title: string): Promise<void> {
  await database.execute('INSERT INTO albums (title) VALUES (?)', [title]);
}
`,
  'src/main.ts': `import { Albums, note } from './albums.js';
import { pool } from './database.js';

export const albums = new Albums(pool);

export async function start(): Promise<void> {
  await pool.query('SELECT 1');
  await note(pool, 'first');
}

export function stop(): void {
  void pool.end();
}
`,
};

let root: string;
let move: Move;

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-move-')));
  await symlink(path.join(process.cwd(), 'node_modules'), path.join(root, 'node_modules'));
  await mkdir(path.join(root, 'src'));
  await writeFile(path.join(root, 'package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(FILES)) await writeFile(path.join(root, name), text);
  move = plan();
}, 120_000);

afterAll(async () => rm(root, { recursive: true, force: true }));

function plan(): Move {
  const project = openProject({ root, sources: ['src'] });
  const files = ownFiles(project);
  return planMove(layoutOf(root, ['src'], files), files, locateCallSites(project, root).callSites, TABLES);
}

/** All files after a step, as text. */
function after(step: number): Map<string, string> {
  const result = new Map(Object.entries(FILES));
  for (const [name, edits] of move.changes.edits) result.set(name, textAfter(FILES[name] ?? '', edits, step));
  for (const one of move.changes.created) if (one.step <= step) result.set(one.path, one.text);
  for (const one of move.changes.deleted) if (one.step <= step) result.delete(one.path);
  return result;
}

/** What the strict compiler says of the application after a step. */
async function complaints(step: number): Promise<string[]> {
  const folder = path.join(root, `after-${step}`);
  const files = [...after(step)].map(([name, text]) => ({ name: path.join(folder, name), text }));
  for (const { name, text } of files) {
    await mkdir(path.dirname(name), { recursive: true });
    await writeFile(name, text);
  }
  const program = ts.createProgram(
    files.map(({ name }) => name),
    {
      strict: true,
      noEmit: true,
      noUnusedLocals: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules', '@types')],
    },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      (one) => `${path.basename(one.file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
    );
}

describe('moving the SQL of a small application', () => {
  it.each([4, 6, 7])('gives code that compiles after step %i', async (step) => {
    expect(await complaints(step)).toEqual([]);
  });

  it('leaves no driver outside the MySQL side', () => {
    const outside = [...after(7)].filter(
      ([name, text]) => !name.startsWith('src/dal/mysql/') && text.includes('mysql2'),
    );
    expect(outside).toEqual([]);
  });

  it('switches each shape of call', () => {
    const text = after(7).get('src/albums.ts') ?? '';
    expect(text).toContain('const rows = await this.dal.albums.findById({ id });');
    expect(text).toContain('return (await this.dal.albums.search({ title }));');
    expect(text).toContain('const connection = await this.dal.begin();');
    expect(text).toContain('const result = await this.dal.albums.updateTitleById({ title, id }, connection);');
    expect(text).toContain('note(database: UnitOfWork | undefined, title: string)');
    expect(text).toContain('await dal.albums.insert({ title }, database);');
    expect(text).not.toContain('let sql');
    const main = after(7).get('src/main.ts') ?? '';
    expect(main).toContain("await note(undefined, 'first');");
    expect(main).toContain('await dal.ping();');
    expect(main).toContain('void dal.close();');
  });

  it('moves statements, comments and the pool verbatim', () => {
    const side = after(7).get('src/dal/mysql/albums.ts') ?? '';
    expect(side).toContain(
      "// Everything, unless a title is wished for.\n    let sql = 'SELECT id, title FROM albums';",
    );
    expect(side).toContain("sql += ' WHERE title = ?';");
    const pool = after(7).get('src/dal/mysql/pool.ts') ?? '';
    expect(pool).toContain('/** Ours. */');
    expect(pool).toContain('createPool({ uri: settings.url, dateStrings: true })');
    expect(pool).toContain("pool.on('connection'");
    expect(pool).toContain("from '../../settings.js'");
  });

  it('writes what methods have in common once', async () => {
    const folder = path.join(root, 'layer');
    for (const [name, text] of after(7)) {
      if (!name.startsWith('src/dal/')) continue;
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    expect(await repeatedBlocks(folder)).toEqual([]);
    const side = after(7).get('src/dal/mysql/albums.ts') ?? '';
    expect(side).toContain('const { values, where } = partsOfCountAndSearchForPage({ from, to, label, title });');
    expect(after(7).get('src/dal/albums.ts')).toContain('searchForPage(input: CountInput & { limit: number }');
  });

  it('gives the same bytes again', () => {
    expect(plan().changes).toEqual(move.changes);
  });
});
