import { describe, expect, test } from '@jest/globals';
import { analyseProject } from './analyse.ts';
import { locateCallSites } from './call-sites.ts';
import { fixture, FIXTURE_ROOT } from './testing/fixture.ts';

const promise = `import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2/promise';\n`;

function locate(files: Readonly<Record<string, string>>) {
  return locateCallSites(fixture(files), FIXTURE_ROOT);
}

function texts(files: Readonly<Record<string, string>>): string[] {
  return locate(files).callSites.map((each) => {
    const [first] = each.template.parts;
    return first?.kind === 'text' ? first.text.trim() : '';
  });
}

describe('what a call is made on', () => {
  test('pools, connections, injected fields and parameters are known by type', () => {
    const found = locate({
      'a.ts': `${promise}
        export const pool = createPool('mysql://x');
        class Store { constructor(private readonly db: Pool) {} all() { return this.db.query('SELECT 1'); } }
        async function withConnection(connection: PoolConnection) { await connection.execute('SELECT 2'); }
        const other = { query: (sql: string) => sql };
        other.query('SELECT 3');
        export async function both(database: Pool | PoolConnection) { await database.query('SELECT 4'); }
        export { Store, withConnection };`,
    });
    expect(found.callSites.map((each) => [each.within, each.receiver])).toEqual([
      ['Store.all', 'pool'],
      ['withConnection', 'connection'],
      ['both', 'connection'],
    ]);
    expect(found.unresolved).toEqual([]);
  });

  test('plain JavaScript with require and callbacks', () => {
    const { callSites } = locate({
      'db.js': `const mysql = require('mysql'); const pool = mysql.createPool({}); module.exports = { pool };`,
      'a.js': `const { pool } = require('./db');
        function find(id, done) {
          pool.query('SELECT * FROM t WHERE id = ?', [id], (error, rows) => done(error, rows && rows[0]));
        }
        module.exports = { find };`,
    });
    expect(callSites.map((each) => [each.style, each.inputs.map((one) => one.name), each.within])).toEqual([
      ['callback', ['id'], 'find'],
    ]);
  });

  test('a value handed on by a shorthand property is written by its name alone', () => {
    const { callSites } = locate({
      'a.ts': `${promise}
        const pool = createPool('mysql://x');
        function parts({ least }: { least: number | undefined }) {
          const conditions = ['a = 1'];
          const values: number[] = [];
          if (least !== undefined) { conditions.push('price >= ?'); values.push(least); }
          return { where: conditions.join(' AND '), values };
        }
        export async function list(least: number | undefined) {
          const { where, values } = parts({ least });
          await pool.query(\`SELECT * FROM t WHERE \${where}\`, values);
        }`,
    });
    const text = JSON.stringify(callSites[0]?.template);
    expect(text).toContain('"condition":"least !== undefined"');
    expect(text).toContain('{"kind":"parameter","expression":"least"}');
  });

  test("an application's own helpers are seen through, to where their callers give the SQL", () => {
    const found = locate({
      'db.ts': `${promise}
        const pool = createPool('mysql://x');
        export async function query<T>(sql: string, params: unknown[] = []): Promise<T[]> {
          const [rows] = await pool.query<RowDataPacket[]>(sql, params);
          return rows as T[];
        }
        export async function one<T>(sql: string, params: unknown[]): Promise<T | undefined> {
          const rows = await query<T>(sql, params);
          return rows[0];
        }`,
      'a.ts': `import { one, query } from './db.js';
        interface Thing { id: number }
        export const things = () => query<Thing>('SELECT * FROM things');
        export const thing = (id: number) => one<Thing>('SELECT * FROM things WHERE id = ?', [id]);`,
    });
    expect(found.callSites.map((each) => [each.within, each.helper?.name, each.binding.shape, each.result])).toEqual([
      ['things', 'query', 'rows', 'rows'],
      ['thing', 'one', 'first-row', 'first-row'],
    ]);
  });
});

describe('what can not be told', () => {
  test('is listed with file, line and reason', () => {
    const { callSites, unresolved } = locate({
      'a.ts': `${promise}
        export async function run(pool: Pool, table: string, filter: Record<string, unknown>) {
          await pool.query(\`SELECT * FROM \${table}\`);
          const sets = Object.keys(filter).map((key) => \`\${key} = ?\`).join(', ');
          await pool.query('UPDATE t SET ' + sets, Object.values(filter));
          await pool.query('SELECT 1');
        }`,
    });
    expect(callSites).toHaveLength(1);
    expect(unresolved.map((each) => [each.file, each.line])).toEqual([
      ['a.ts', 4],
      ['a.ts', 6],
    ]);
    expect(unresolved[0]?.reason).toContain('table');
  });

  test('a receiver without a type is listed, not dropped', () => {
    const { callSites, unresolved } = locate({ 'a.js': `module.exports = (db) => db.query('SELECT 1');` });
    expect([callSites.length, unresolved.map((each) => each.line)]).toEqual([0, [1]]);
  });

  test('values out of step with the text are refused', () => {
    const { unresolved } = locate({
      'a.ts': `${promise}
        export async function run(pool: Pool, a: string | undefined, b: boolean) {
          const params: unknown[] = [];
          if (b) params.push(a);
          await pool.query(\`SELECT * FROM t\${a ? ' WHERE a = ?' : ''}\`, params);
          await pool.query('SELECT ?, ?', [a]);
        }`,
    });
    expect(unresolved).toHaveLength(2);
  });
});

describe('what stage 3 needs to move a statement', () => {
  const source = `${promise}
    export async function search(pool: Pool, filter: { name?: string; max?: number }) {
      const where: string[] = ['a = 1'];
      const params: unknown[] = [];
      if (filter.name !== undefined) { where.push('name = ?'); params.push(filter.name); }
      const started = Date.now();
      if (where.length === 1 && started > 0) console.log('all');
      const [rows] = await pool.query<RowDataPacket[]>('SELECT * FROM t WHERE ' + where.join(' AND '), params);
      return rows.length > 0;
    }`;
  const [site] = locate({ 'a.ts': source }).callSites;

  test('the statements that only build, in order', () => {
    expect(site?.sliceStatements.map((each) => each.getText().slice(0, 12))).toEqual([
      'const where:',
      'const params',
      'if (filter.n',
    ]);
  });

  test('inputs with their nodes, and uses of the builders that stay behind', () => {
    expect(site?.inputs.map(({ name, source: code, type }) => [name, code, type])).toEqual([
      ['name', 'filter.name', 'string | undefined'],
    ]);
    expect(site?.inputs[0]?.nodes.map((each) => each.getText())).toEqual(['filter.name', 'filter.name']);
    expect(site?.leftovers.map((each) => each.node.getText())).toEqual(['where.length === 1 && started > 0']);
    expect(site?.binding).toMatchObject({ kind: 'destructured', awaited: true, shape: 'tuple' });
    expect(site?.result).toBe('first-row');
  });
});

describe('transactions', () => {
  test('by hand, by a helper with a callback, and through functions that take the connection', () => {
    const { transactions, callSites } = analyseProject(
      fixture({
        'a.ts': `${promise}
          const pool = createPool('mysql://x');
          async function inTransaction<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
            const connection = await pool.getConnection();
            try { await connection.beginTransaction(); const r = await work(connection); await connection.commit(); return r; }
            finally { connection.release(); }
          }
          async function log(connection: PoolConnection, what: string) { await connection.execute('INSERT INTO logs (what) VALUES (?)', [what]); }
          export async function byHelper(id: number) {
            return inTransaction(async (c) => { await c.execute('DELETE FROM t WHERE id = ?', [id]); await log(c, 'gone'); });
          }
          export async function byHand() {
            const c = await pool.getConnection();
            await c.query('START TRANSACTION');
            await c.query('UPDATE t SET a = 1');
            await c.query('COMMIT');
          }`,
      }),
      FIXTURE_ROOT,
    );
    const name = (id: string): string | undefined => callSites.find((each) => each.id === id)?.within;
    expect(transactions.map((each) => [each.within, each.callSites.map(name)])).toEqual([
      ['byHelper', ['log', 'byHelper']],
      ['byHand', ['byHand']],
    ]);
  });
});

test('text in quotes and comments holds no placeholder', () => {
  const code = `${promise}export const run = (pool: Pool, id: number) => pool.execute("SELECT '?' AS a /* ? */ FROM t WHERE id = ?", [id]);`;
  expect(texts({ 'a.ts': code })).toEqual(["SELECT '?' AS a /* ? */ FROM t WHERE id ="]);
});
