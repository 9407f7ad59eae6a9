import { describe, expect, it } from '@jest/globals';
import { sampleContract } from '../../../contract/sample.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { HandMethod } from '../../generated/by-hand.ts';
import { compileLayer } from './index.ts';

/** `?name` is a parameter, `[condition: text]` an optional part. */
function parts(sql: string): SqlPart[] {
  return [...sql.matchAll(/\?(\w+)|\[([^:\]]+):([^\]]*)\]|([^?[]+)/g)].map(
    ([, name, condition, inner, text]): SqlPart => {
      if (name !== undefined) return { kind: 'parameter', expression: name };
      if (condition !== undefined) return { kind: 'optional', condition, parts: parts(inner ?? '') };
      return { kind: 'text', text: text ?? '' };
    },
  );
}

async function compiled(sql: string, accessPattern = 'AP-999', byHand: readonly HandMethod[] = []) {
  const inputs = [...new Set([...sql.matchAll(/\?(\w+)/g)].map(([, name]) => name ?? ''))];
  const method: DataAccessMethod = {
    aggregate: 'library',
    name: 'statement',
    accessPattern,
    callSites: [],
    inputs: inputs.map((name) => ({ name, source: name, type: 'unknown' })),
    template: { parts: parts(sql) },
    kind: /^select/i.test(sql) ? 'read' : 'write',
    result: 'rows',
  };
  const layer: DataAccessLayer = {
    schemaVersion: 1,
    branch: 'b',
    commit: 'c',
    folder: 'src/dal',
    importSuffix: '.js',
    driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
    methods: [method],
  };
  const outcome = await compileLayer(layer, sampleContract(), byHand);
  const code = outcome.files.find(({ path }) => path === 'library.ts')?.content ?? '';
  return { ...outcome.methods[0], code };
}

describe('plans', () => {
  it.each([
    ['SELECT * FROM books WHERE id = ?id', 'Get books by id'],
    [
      'SELECT title FROM books WHERE author_id = ?a ORDER BY published_at DESC LIMIT 3',
      'Query books_by_author by author_id',
    ],
    [
      'SELECT id FROM books WHERE author_id = ?a AND published_at >= ?f',
      'Query books_by_author by author_id, range of published_at',
    ],
    ['SELECT id FROM authors WHERE email = ?e', 'Query authors_by_email by email'],
    [
      'SELECT b.title, a.email FROM books b LEFT JOIN authors a ON a.id = b.author_id WHERE b.id = ?id',
      'Get books by id; then Get authors by id, batched for all rows so far',
    ],
  ])('%s', async (sql, plan) => {
    expect(await compiled(sql)).toMatchObject({ status: 'compiled', plan });
  });

  it('lets the key do order and limit where it can', async () => {
    const { code } = await compiled('SELECT title FROM books WHERE author_id = ?a ORDER BY published_at DESC LIMIT ?n');
    expect(code).toContain('backwards: true');
    expect(code).toContain('limit: sql.reach(sql.arg(n))');
    expect(code).not.toContain('sortBy');
  });

  it('keeps optional conditions as conditions', async () => {
    const { code } = await compiled('SELECT id FROM books WHERE author_id = ?a[t !== undefined: AND title = ?t]');
    expect(code).toContain('t === undefined || sql.holds(sql.eq(row.title, sql.arg(t)))');
  });

  it('scans only where the contract allows it, and within its budget', async () => {
    expect(await compiled('SELECT id FROM books WHERE title = ?t')).toMatchObject({ status: 'refused' });
    const { code } = await compiled('SELECT id FROM books WHERE title = ?t', 'AP-004');
    expect(code).toContain("read.scan('books', 1000)");
  });
});

describe('a contract without what a statement needs', () => {
  it.each([
    [
      'SELECT id FROM books WHERE title = ?t',
      'an index by title and name it in the served_by of AP-002; or allow AP-002 a scan',
    ],
    ['SELECT id FROM books WHERE title = ?t AND price > ?p', 'give books an index by title, sorted by price'],
    ['SELECT id FROM books WHERE title LIKE ?t', 'No index helps: title is searched for a text in its middle'],
    ['SELECT id FROM books', 'No index helps: the statement compares no column'],
  ])('is told the index or the scan that would help: %s', async (sql, help) => {
    const outcome = await compiled(sql, 'AP-002');
    expect(outcome.reason).toBe('No key or index of books finds the rows of books that AP-002 asks for.');
    expect(outcome.help).toContain(help);
  });

  it('searches the middle of a text by the scan that the contract allows, within its budget', async () => {
    const { status, plan, code } = await compiled(
      "SELECT id FROM books WHERE title LIKE CONCAT('%', ?t, '%')",
      'AP-004',
    );
    expect({ status, plan }).toEqual({ status: 'compiled', plan: 'Scan books, at most 1000 items' });
    expect(code).toContain("read.scan('books', 1000)");
  });
});

describe('refusals', () => {
  it.each([
    'SELECT BIT_OR(price) OVER (ORDER BY id) AS r FROM books WHERE id = ?id',
    'SELECT author_id, COUNT(*) AS n FROM books WHERE author_id = ?a GROUP BY author_id WITH ROLLUP',
    'SELECT id FROM books WHERE id = ?id FOR UPDATE SKIP LOCKED',
    'SELECT id FROM books WHERE id = ?id FOR UPDATE NOWAIT',
    'SELECT id FROM books WHERE id = ?id INTERSECT SELECT id FROM books WHERE id = ?id',
    'SELECT id FROM books WHERE id = ?id UNION SELECT title FROM books WHERE id = ?id',
    'SELECT b.id FROM books b JOIN authors a ON a.id = b.author_id RIGHT JOIN loans l ON l.book_id = b.id WHERE l.id = ?i',
    'SELECT legacy_code FROM loans WHERE book_id = ?b',
    'UPDATE books SET title = ?t, price = price + 1, title = CONCAT(title, price) WHERE id = ?id',
    'CALL cleanup(?id)',
  ])('%s', async (sql) => {
    const outcome = await compiled(sql);
    expect(outcome.status).toBe('refused');
    expect(outcome.reason).not.toBe('');
    expect(outcome.help).not.toBe('');
    expect(outcome.code).toContain('sql.notCompiled(');
  });
});

describe('a method that is written by hand', () => {
  const hand = { aggregate: 'library', name: 'statement', path: 'library/statement.ts' };

  it.each(['SELECT BIT_OR(price) OVER () AS r FROM books WHERE id = ?id', 'SELECT * FROM books WHERE id = ?id'])(
    'is taken from its file, whether it could be compiled or not: %s',
    async (sql) => {
      const { status, plan, reason, code } = await compiled(sql, 'AP-999', [hand]);
      expect({ status, plan, reason }).toEqual({
        status: 'by hand',
        plan: 'by hand, in by-hand/library/statement.ts',
        reason: '',
      });
      expect(code).toContain("import { statement as statementByHand } from './by-hand/library/statement.js';");
      expect(code).toContain('statement: statementByHand(store),');
      expect(code).not.toContain('sql.');
    },
  );
});
