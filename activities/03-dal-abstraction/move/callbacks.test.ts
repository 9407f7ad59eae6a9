import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { locateCallSites, openProject } from '../../01-mysql-analysis/application/index.ts';
import { inLanguage } from '../../generated/language.ts';
import { printToCallback } from '../print/to-callback.ts';
import { ownFiles } from '../steps/source.ts';
import { textAfter } from './edits.ts';
import { layoutOf } from './layout.ts';
import { planMove, type Move } from './move.ts';

const FILES: Record<string, string> = {
  'src/db.js': `'use strict';

const mysql = require('mysql');

const target = new URL(process.env.DATABASE_URL);
const pool = mysql.createPool({ host: target.hostname });

function many(sql, params, callback) {
  pool.query(sql, params, callback);
}

/** The first row. */
function one(sql, params, callback) {
  pool.query(sql, params, function (err, rows) {
    callback(err, rows && rows[0]);
  });
}

function insert(table, row, callback) {
  pool.query('INSERT INTO ?? SET ?', [table, row], function (err, result) {
    callback(err, result && result.insertId);
  });
}

module.exports = { pool, many, one, insert };
`,
  'src/albums.js': `'use strict';

const db = require('./db');

const LIST = 'SELECT id, title FROM albums';

function find(id, callback) {
  db.one(LIST + ' WHERE id = ?', [id], callback);
}

function all(callback) {
  db.many(LIST, [], function (err, rows) {
    if (err) return callback(err);
    callback(null, rows.length);
  });
}

function add(title, callback) {
  db.insert('albums', { title: title }, callback);
}

function rename(id, title, callback) {
  db.pool.getConnection(function (err, connection) {
    if (err) return callback(err);
    connection.beginTransaction(function (err) {
      if (err) return callback(err);
      connection.query('UPDATE albums SET title = ? WHERE id = ?', [title, id], function (err, result) {
        if (err) {
          return connection.rollback(function () {
            connection.release();
            callback(err);
          });
        }
        connection.commit(function (err) {
          connection.release();
          callback(err, result.changedRows);
        });
      });
    });
  });
}

function stop() {
  db.pool.end();
}

module.exports = { find, all, add, rename, stop };
`,
};

let folder: string;

async function planned(files: Record<string, string>): Promise<{ move: Move; after: (file: string) => string }> {
  const root = await mkdtemp(path.join(folder, 'application-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  const project = openProject({ root, sources: ['src'] });
  const sources = ownFiles(project);
  const move = planMove(layoutOf(root, ['src'], sources), sources, locateCallSites(project, root).callSites, []);
  return { move, after: (file) => textAfter(files[file] ?? '', move.changes.edits.get(file) ?? [], 7) };
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-callbacks-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('calls with callbacks', () => {
  it('become methods handed to the same callback; helpers take the answer, and one that only hands on goes', async () => {
    const { move, after } = await planned(FILES);
    expect(after('src/db.js')).toBe(`'use strict';

const { toCallback } = require('./dal/to-callback');

/** The first row. */
function one(answer, callback) {
  toCallback(answer, function (err, rows) {
    callback(err, rows && rows[0]);
  });
}

function insert(answer, callback) {
  toCallback(answer, function (err, result) {
    callback(err, result && result.insertId);
  });
}

module.exports = { one, insert };
`);
    const albums = after('src/albums.js');
    expect(albums).toContain('db.one(dal.albums.listById({ id }), callback);');
    expect(albums).toContain(
      'toCallback(dal.albums.list(), function (err, rows) {\n    if (err) return callback(err);',
    );
    expect(albums).toContain('db.insert(dal.albums.insert({ title }), callback);');
    expect(albums).toContain('toCallback(dal.begin(), function (err, connection) {');
    expect(albums).toContain('toCallback(connection.begin(), function (err) {');
    expect(albums).toContain(
      'toCallback(dal.albums.updateTitleById({ title, id }, connection), function (err, result) {',
    );
    expect(albums).toContain('return toCallback(connection.rollback(), function () {');
    expect(albums).toContain('toCallback(connection.commit(), function (err) {');
    expect(albums).toContain('dal.close();');
    expect(albums).not.toContain('LIST');
    const mysql = move.changes.created.find((one) => one.path === 'src/dal/mysql/albums.ts')?.text ?? '';
    expect(mysql).toContain("const LIST = 'SELECT id, title FROM albums';");
    expect(mysql).toContain("query(pool, unit, LIST + ' WHERE id = ?', [id])");
    expect(mysql).toContain("query(pool, unit, 'INSERT INTO `albums` SET `title` = ?', [title])");
    const pool = move.changes.created.find((one) => one.path === 'src/dal/mysql/pool.ts')?.text ?? '';
    expect(pool.match(/new URL/g)).toHaveLength(1);
  });

  it.each([
    ['columns', 'function (err, rows, fields) { callback(err, fields); }', 'description of the columns'],
    ['more than once', 'callback); console.log(sql', 'for more than its statement'],
  ])('are refused with their place where they use %s', async (_, written, reason) => {
    const text = (FILES['src/db.js'] ?? '').replace('params, callback);', `params, ${written});`);
    await expect(planned({ ...FILES, 'src/db.js': text })).rejects.toMatchObject({
      code: 'dal.unsupported-shape',
      where: expect.stringMatching(/^src\/db\.js:\d+$/) as unknown,
      detail: expect.stringContaining(reason) as unknown,
    });
  });
});

describe('the function that hands an outcome to a callback', () => {
  const run = async (script: string): Promise<{ code: number; stdout: string; stderr: string }> => {
    const language = { language: 'javascript', modules: 'commonjs', importSuffix: '' } as const;
    const file = await inLanguage({ path: 'to-callback.ts', text: printToCallback() }, language);
    await writeFile(path.join(folder, 'to-callback.js'), file?.text ?? '');
    const program = `const { toCallback } = require('./to-callback');\n${script}`;
    return promisify(execFile)(process.execPath, ['-e', program], { cwd: folder }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };

  it('gives what a callback throws to uncaughtException, and calls it once', async () => {
    const { stdout } = await run(`let calls = 0;
process.on('uncaughtException', (error) => console.log('uncaught', error.message, calls));
process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
toCallback(Promise.resolve(1), () => { calls += 1; throw new Error('mine'); });`);
    expect(stdout).toBe('uncaught mine 1\n');
  });

  it('hands on the very error of the driver, and a result after null, in the order of the answers', async () => {
    const { stdout } =
      await run(`const error = Object.assign(new Error('Duplicate'), { code: 'ER_DUP_ENTRY', errno: 1062 });
toCallback(Promise.reject(error), (...given) => console.log(given.length, given[0] === error));
toCallback(Promise.resolve({ insertId: 7 }), (...given) => console.log(JSON.stringify(given)));
console.log('first');`);
    expect(stdout).toBe('first\n1 true\n[null,{"insertId":7}]\n');
  });
});
