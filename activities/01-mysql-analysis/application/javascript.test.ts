import { describe, expect, test } from '@jest/globals';
import { analyseProject } from './analyse.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';

function analyse(files: Readonly<Record<string, string>>) {
  return analyseProject(fixture(files), FIXTURE_ROOT);
}

const pool = `const mysql = require('mysql');\nconst pool = mysql.createPool({});\n`;

describe('the callback API', () => {
  const found = analyse({
    'db.js': `${pool}
      const util = require('util');
      const original = pool.query;
      pool.query = function (sql, values, done) { console.log(sql); return original.call(pool, sql, values, done); };
      exports.pool = pool;
      exports.query = util.promisify(pool.query).bind(pool);
      exports.run = function (sql, values, done) {
        pool.query(sql, values, function (error, rows) { if (error) return done(error); done(null, rows); });
      };
      exports.ask = (sql, values) => new Promise((resolve, reject) => {
        pool.query(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)));
      });
      exports.inTransaction = function (work, done) {
        pool.getConnection(function (error, connection) {
          connection.beginTransaction(function (error) {
            work(connection, function (error, result) { connection.commit(() => done(error, result)); });
          });
        });
      };`,
    'things.js': `const db = require('./db');
      function Things(pool) { this.pool = pool; }
      Things.prototype.one = function (id, done) {
        this.pool.query('SELECT * FROM things WHERE id = ?', [id], function (error, rows) { done(error, rows && rows[0]); });
      };
      Things.prototype.list = function (filter, done) {
        var sql = 'SELECT * FROM things WHERE 1 = 1';
        var values = [];
        if (filter.name) { sql += ' AND name LIKE ?'; values.push('%' + filter.name + '%'); }
        this.pool.query(sql + ' ORDER BY name', values, done);
      };
      Things.prototype.add = function (thing, done) {
        this.pool.query('INSERT INTO things SET name = ' + this.pool.escape(thing.name), function (error, result) {
          done(error, result.insertId);
        });
      };
      Things.prototype.remove = function (id, done) {
        db.run('DELETE FROM things WHERE id = ?', [id], function (error, result) { done(error, result.affectedRows); });
      };
      module.exports = Things;`,
    'app.js': `const express = require('express');
      const db = require('./db');
      const Things = require('./things');
      const things = new Things(db.pool);
      const app = express();
      app.use(function attach(request, response, next) { request.db = db.pool; next(); });
      app.get('/things/:id', (request, response) => things.one(request.params.id, () => response.end()));
      app.get('/count', (request, response) => request.db.query('SELECT COUNT(*) FROM things', () => response.end()));
      app.get('/asked', async (request, response) => { const [row] = await db.ask('SELECT 1 FROM things WHERE a = ?', [1]); response.json(row); });
      app.get('/promised', async (request, response) => response.json(await db.query('SELECT 2 FROM things')));
      app.post('/move', (request, response) => db.inTransaction(function (connection, next) {
        connection.query('UPDATE things SET a = a - 1', function (error) { connection.query('UPDATE things SET a = a + 1', next); });
      }, () => response.end()));`,
  });

  test('is followed through prototypes, helpers, wrappers, promisify and the request', () => {
    expect(found.unresolved).toEqual([]);
    expect(
      found.callSites.map((each) => [each.within, each.statement, each.style, each.receiver, each.result]),
    ).toEqual([
      ['GET /count', 'select', 'callback', 'pool', 'ignored'],
      ['GET /asked', 'select', 'promise', 'pool', 'first-row'],
      ['GET /promised', 'select', 'promise', 'pool', 'rows'],
      ['POST /move', 'update', 'callback', 'connection', 'ignored'],
      ['POST /move', 'update', 'callback', 'connection', 'write-result'],
      ['Things.one', 'select', 'callback', 'pool', 'first-row'],
      ['Things.list', 'select', 'callback', 'pool', 'rows'],
      ['Things.add', 'insert', 'callback', 'pool', 'write-result'],
      ['Things.remove', 'delete', 'callback', 'pool', 'write-result'],
    ]);
  });

  test('what is read of an outcome, and the columns that values are bound to', () => {
    const site = (within: string) => found.callSites.find((each) => each.within === within);
    expect(site('Things.add')?.resultFields).toEqual(['insertId']);
    expect(site('Things.remove')?.resultFields).toEqual(['affectedRows']);
    expect(site('Things.one')?.inputs.map((each) => [each.name, each.column])).toEqual([['id', 'id']]);
    expect(site('Things.add')?.inputs.map((each) => [each.source, each.column])).toEqual([['thing.name', 'name']]);
  });

  test('routes and transactions reach their statements', () => {
    expect(found.routes.map((each) => [each.path, each.guards, each.callSites.length])).toEqual([
      ['/things/:id', ['attach'], 1],
      ['/count', ['attach'], 1],
      ['/asked', ['attach'], 1],
      ['/promised', ['attach'], 1],
      ['/move', ['attach'], 2],
    ]);
    expect(found.transactions.map((each) => each.callSites)).toEqual([['CS-004', 'CS-005']]);
  });
});

describe('handles without types', () => {
  test.each([
    [
      'a factory that takes what it needs',
      {
        'a.js': `${pool}const make = require('./b'); make({ pool });`,
        'b.js': `module.exports = ({ pool }) => ({ all: () => pool.query('SELECT 1 FROM t') });`,
      },
    ],
    [
      'a class with a field',
      {
        'a.js': `${pool}class S { constructor(db) { this.db = db; } all() { return this.db.query('SELECT 1 FROM t'); } }\nnew S(pool);`,
      },
    ],
    [
      'a base class',
      {
        'a.js': `${pool}class B { constructor(db) { this.db = db; } }\nclass S extends B { constructor(db) { super(db); } all() { return this.db.query('SELECT 1 FROM t'); } }\nnew S(pool);`,
      },
    ],
    [
      'a variable set later',
      {
        'a.js': `const mysql = require('mysql'); let db; exports.open = () => { db = mysql.createPool({}); }; exports.all = () => db.query('SELECT 1 FROM t');`,
      },
    ],
    [
      'a singleton behind a function',
      {
        'a.js': `const mysql = require('mysql'); let db; const get = () => db || (db = mysql.createPool({})); exports.all = () => get().query('SELECT 1 FROM t');`,
      },
    ],
    [
      'a helper that lends a connection',
      {
        'a.js': `${pool}const lend = async (work) => { const c = await pool.getConnection(); return work(c); };\nexports.all = () => lend((c) => c.query('SELECT 1 FROM t'));`,
      },
    ],
    [
      'a decorated application',
      {
        'a.js': `${pool}module.exports = async (app) => { app.decorate('db', pool); };`,
        'b.js': `module.exports = async (app) => { app.get('/', () => app.db.query('SELECT 1 FROM t')); };`,
      },
    ],
    [
      'a context variable',
      {
        'a.js': `${pool}exports.attach = (c, next) => { c.set('db', pool); return next(); }; exports.all = (c) => c.get('db').query('SELECT 1 FROM t');`,
      },
    ],
    [
      'a method taken off and bound',
      { 'a.js': `${pool}const query = pool.query.bind(pool); exports.all = () => query('SELECT 1 FROM t');` },
    ],
    [
      'an interface of its own',
      {
        'a.ts': `import mysql from 'mysql2/promise';\ninterface Db { query(sql: string, values?: unknown[]): Promise<unknown> }\nclass S { constructor(private readonly db: Db) {} all() { return this.db.query('SELECT 1 FROM t'); } }\nexport const s = new S(mysql.createPool('x'));`,
      },
    ],
    [
      'an interface in front of a helper',
      {
        'a.ts': `import mysql from 'mysql2/promise';\nconst pool = mysql.createPool('x');\ninterface Db { rows(sql: string): Promise<unknown> }\nclass Real implements Db { async rows(sql: string) { const [rows] = await pool.query(sql); return rows; } }\nexport class S { constructor(private readonly db: Db) {} all() { return this.db.rows('SELECT 1 FROM t'); } }\nexport const s = new S(new Real());`,
      },
    ],
  ])('%s', (_, files: Readonly<Record<string, string>>) => {
    const { callSites, unresolved } = analyse(files);
    expect(unresolved).toEqual([]);
    expect(callSites).toHaveLength(1);
  });
});

describe('what is not followed is said', () => {
  test.each([
    [
      'SQL for something unknown',
      `exports.all = (thing) => thing.fetch('SELECT a FROM t WHERE b = 1');`,
      /not known to pass it on/,
    ],
    ['a helper that nobody calls', `${pool}exports.ask = (sql) => pool.query(sql);`, /none is known/],
    [
      'a statement prepared by hand',
      `${pool}exports.all = (c) => pool.getConnection((e, c) => c.prepare('SELECT a FROM t', done)); function done() {}`,
      /prepared by hand/,
    ],
    [
      'a template tag',
      `${pool}const SQL = require('sql-template-strings'); exports.one = (id) => pool.query(SQL\`SELECT a FROM t WHERE id = \${id}\`);`,
      /can't be told/,
    ],
  ])('%s', (_, code, reason) => {
    const { callSites, unresolved } = analyse({ 'a.js': code });
    expect(callSites).toEqual([]);
    expect(unresolved).toEqual([expect.objectContaining({ file: 'a.js', reason: expect.stringMatching(reason) })]);
  });
});
