import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { analyseApplication } from './index.ts';
import { MAX_DEPTH, MAX_FILE_BYTES } from './source-files.ts';

const folders: string[] = [];
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

/** An application on disk, outside the repository: no package is installed for it. */
function application(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'cutover-application-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const POOL = `import mysql from 'mysql2/promise';\nexport const pool = mysql.createPool('mysql://x');\n`;
const analyse = (root: string, sources = ['src']) => analyseApplication({ root, sources });

test('packages need not be installed: TypeScript with mysql2, JavaScript with mysql', async () => {
  const root = application({
    'src/db.ts': POOL,
    'src/a.ts': `import { pool } from './db.js';\nexport const all = async () => { const [rows] = await pool.query('SELECT a FROM t'); return rows; };`,
    'src/b.js': `const mysql = require('mysql'); const c = mysql.createConnection({}); c.query('SELECT b FROM t', (e, rows) => console.log(rows));`,
  });
  const { callSites, unresolved } = await analyse(root);
  expect(unresolved).toEqual([]);
  expect(callSites.map((each) => [each.span.file, each.receiver])).toEqual([
    ['src/a.ts', 'pool'],
    ['src/b.js', 'connection'],
  ]);
});

describe('source that does not compile', () => {
  test('syntax errors stop the analysis, each with file and line', async () => {
    const root = application({
      'src/a.ts': 'export const a = 1;',
      'src/b.ts': 'const b = 1;\nconst = 2;\n',
      'src/c.js': 'function (',
    });
    await expect(analyse(root)).rejects.toMatchObject({
      code: 'application.syntax',
      where: 'src/b.ts:2',
      detail: expect.stringMatching(/src\/b\.ts:2 .*src\/c\.js:1 /),
    });
  });

  test('errors of types, missing packages and Flow types in JavaScript do not', async () => {
    const root = application({
      'src/a.ts': `${POOL}import { gone } from 'not-installed';\nconst n: number = 'text';\nexport const all = () => pool.query('SELECT a FROM t WHERE b = ?', [gone(n)]);`,
      'src/b.js': `export function id(value: number) { return value; }`,
    });
    expect((await analyse(root)).callSites).toHaveLength(1);
  });

  test('a folder without source, and one outside, are refused', async () => {
    const root = application({ 'src/readme.md': '#' });
    await expect(analyse(root)).rejects.toMatchObject({ code: 'application.no-sources' });
    await expect(analyse(root, ['../other'])).rejects.toMatchObject({ code: 'application.sources-outside' });
    await expect(analyse(join(root, 'none'))).rejects.toMatchObject({ code: 'application.root-missing' });
  });
});

describe('hostile source', () => {
  const outside = application({
    'secret.ts': `${POOL}export const secret = () => pool.query('SELECT secret FROM t');`,
  });

  test('links out of the folder are not followed and are said; loops end', async () => {
    const root = application({ 'src/a.ts': `${POOL}export const all = () => pool.query('SELECT a FROM t');` });
    symlinkSync(outside, join(root, 'src', 'out'));
    symlinkSync(join(root, 'src'), join(root, 'src', 'loop'));
    symlinkSync(join(root, 'nothing'), join(root, 'src', 'broken.ts'));
    const found = await analyse(root);
    expect(found.callSites.map((each) => each.span.file)).toEqual(['src/a.ts']);
    expect(found.unresolved.map((each) => [each.file, each.reason.replace(/^.*: /, '')])).toEqual([
      ['src/broken.ts', 'the symbolic link leads nowhere'],
      ['src/out', "the symbolic link leads out of the application's folder"],
    ]);
  });

  test('imports that leave the folder are not read and are said', async () => {
    const root = application({
      'src/a.ts': `import { secret } from '${outside}/secret.js';\nimport x from '../../${outside.split('/').at(-1)}/secret.js';\nexport const all = () => secret(x);`,
    });
    const found = await analyse(root);
    expect(found.callSites).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('SELECT secret');
    expect(found.unresolved.some((each) => each.file === 'src/a.ts' && each.line === 2)).toBe(true);
  });

  test('huge files and deep nesting are left out and said; the rest is analysed', async () => {
    const root = application({
      'src/a.ts': `${POOL}export const all = () => pool.query('SELECT a FROM t');`,
      'src/huge.ts': `export const text = '${'x'.repeat(MAX_FILE_BYTES)}';`,
      'src/deep.ts': `export const deep = ${'('.repeat(100_000)}1${')'.repeat(100_000)};`,
      'src/long.ts': `export const long = ${Array.from({ length: MAX_DEPTH + 50 }, (_, n) => `'${n}'`).join(' + ')};`,
      'src/calls.js': `exports.calls = x${'.a()'.repeat(20_000)};`,
    });
    const found = await analyse(root);
    expect(found.callSites).toHaveLength(1);
    expect(found.unresolved.map((each) => each.file)).toEqual([
      'src/calls.js',
      'src/deep.ts',
      'src/huge.ts',
      'src/long.ts',
    ]);
  }, 60_000);

  test('nesting just below the limit is analysed', async () => {
    const terms = Array.from({ length: MAX_DEPTH - 40 }, (_, n) => `'SELECT ${n} '`).join(' + ');
    const root = application({
      'src/a.ts': `${POOL}export const all = () => pool.query(${terms});\nexport const b = x${'.a()'.repeat(MAX_DEPTH / 2 - 20)};`,
    });
    const found = await analyse(root);
    expect(found.callSites.length + found.unresolved.length).toBe(1);
  }, 60_000);

  test('code that doubles or branches without end costs bounded time and is said', async () => {
    const doubled = Array.from({ length: 60 }, () => 'sql += sql;').join(' ');
    const named = Array.from({ length: 60 }, (_, n) => `const v${n + 1} = v${n} + f(v${n});`).join(' ');
    const branched = Array.from(
      { length: 40 },
      (_, n) => `if (f(${n})) { if (f(-${n})) { return; } sql += ' AND a = ${n}'; }`,
    ).join(' ');
    const root = application({
      'src/db.ts': POOL,
      'src/a.ts': `import { pool } from './db.js'; declare function f(n: unknown): unknown;
        export async function one() { let sql = 'SELECT a FROM t '; ${doubled} await pool.query(sql); }
        export async function two(v0: string) { if (f(1)) { ${named} await pool.query('SELECT a FROM t WHERE b = ' + v60); } }
        export async function three() { let sql = 'SELECT a FROM t WHERE 1 = 1'; ${branched} await pool.query(sql); }`,
      'src/x.ts': `import { y } from './y.js'; export const x = (n: number): string => 'SELECT ' + y(n);`,
      'src/y.ts': `import { x } from './x.js'; import { pool } from './db.js'; export const y = (n: number): string => x(n) + x(n); export const z = () => pool.query(y(1));
        export function again(sql: string, n: number): unknown { return n > 0 ? again(sql, n - 1) : pool.query(sql); } again('SELECT a FROM t', 3);`,
    });
    const started = Date.now();
    const found = await analyse(root);
    expect(Date.now() - started).toBeLessThan(45_000);
    expect(found.callSites.length + found.unresolved.length).toBeGreaterThanOrEqual(5);
    expect(found.unresolved.filter((each) => each.file === 'src/a.ts')).toHaveLength(3);
  }, 60_000);
});
