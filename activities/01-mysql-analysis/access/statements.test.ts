import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pageStatement, readPage } from './row-text.ts';
import { bind, outputColumns, requireReading } from './statements.ts';

test.each([
  'SELECT 1 AS a',
  "SELECT 'INSERT; INTO -- x' AS a FROM `for update`",
  'SHOW CREATE TABLE `a;b`',
  'select count(*) AS n from t',
])('lets %s through', (sql) => {
  expect(() => requireReading(sql)).not.toThrow();
});

test.each([
  'INSERT INTO t VALUES (1)',
  'SELECT 1; DROP TABLE t',
  "SELECT * FROM t INTO OUTFILE '/tmp/x'",
  'SELECT id FROM t FOR UPDATE',
  'SELECT id FROM t LOCK IN SHARE MODE',
  'SELECT @a := 1',
  "SELECT GET_LOCK('a', 1) AS l",
  'WITH a AS (SELECT 1) DELETE FROM t',
  'SELECT 1 -- x',
  'SELECT 1 /*! INTO OUTFILE "x" */',
  'SET GLOBAL x = 1',
])('does not send %s', (sql) => {
  expect(() => requireReading(sql)).toThrow('not a reading statement');
});

test('values become plain literals, or hexadecimal where they are not plain', () => {
  expect(bind('SELECT a FROM t WHERE a = ? AND b IN (?) AND c = ?', ['x_1', ['y', "it's"], 5])).toBe(
    "SELECT a FROM t WHERE a = 'x_1' AND b IN ('y', _utf8mb4 0x69742773) AND c = 5",
  );
  expect(bind("SELECT '?' AS a FROM `?` WHERE a = ?", ['a'])).toBe("SELECT '?' AS a FROM `?` WHERE a = 'a'");
  expect(() => bind('SELECT ? AS a', [])).toThrow('more marks than values');
  expect(() => bind('SELECT 1 AS a', ['x'])).toThrow('fewer marks than values');
});

test.each([
  ['SELECT TABLE_NAME AS a, UPPER(b) AS `c``d`, e FROM t', ['a', 'c`d', 'e']],
  ['SELECT IF(a, (SELECT 1 FROM x), 2) AS n, t.f FROM (SELECT 1 AS f) AS t', ['n', 'f']],
  ["SELECT 0 AS i, ', FROM (' AS x UNION ALL SELECT 1 AS i, 2 AS x", ['i', 'x']],
  ['SELECT DATABASE() AS name', ['name']],
])('names the columns of %s', (sql, names) => {
  expect(outputColumns(sql)).toEqual(names);
});

test('a column without a name is said at once', () => {
  expect(() => outputColumns('SELECT COUNT(*) FROM t')).toThrow('without a name');
});

test('rows survive any text around them, and a cut is noticed', () => {
  const seed = Number(process.env['CUTOVER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`seed ${seed}\n`);
  const value = fc.option(fc.string({ unit: 'binary' }), { nil: null });
  const row = fc.record({ a: value, b: value });
  fc.assert(
    fc.property(fc.array(row), fc.nat(), (rows, cut) => {
      const encoded = rows.map(({ a, b }) => `R:${hex(a)},${hex(b)}:R`);
      const whole = JSON.stringify([...encoded, 'R:END:R'].map((one) => ({ cutover_row: one })));
      const sql = 'SELECT a, b FROM t';
      expect(readPage(sql, whole)).toEqual({ rows: rows.map(wellFormed), complete: true });
      const part = readPage(sql, whole.slice(0, cut % Math.max(1, whole.length - 9)));
      expect(part.complete).toBe(false);
      expect(rows.map(wellFormed).slice(0, part.rows.length)).toEqual(part.rows);
    }),
    { seed },
  );
});

test('a page is one reading statement', () => {
  const sql = pageStatement("SELECT a, 'x;y' AS b FROM t ORDER BY a", 500, 100);
  expect(() => requireReading(sql)).not.toThrow();
  expect(sql).toContain("FROM (SELECT a, 'x;y' AS b FROM t ORDER BY a LIMIT 100 OFFSET 500) AS q");
});

function hex(text: string | null): string {
  return text === null ? '~' : Buffer.from(text, 'utf8').toString('hex').toUpperCase();
}

/** Text as UTF-8 can hold it: lone surrogates are no characters. */
function wellFormed(row: { a: string | null; b: string | null }): { a: string | null; b: string | null } {
  const mend = (text: string | null): string | null =>
    text === null ? null : Buffer.from(text, 'utf8').toString('utf8');
  return { a: mend(row.a), b: mend(row.b) };
}
