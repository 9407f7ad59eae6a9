import { describe, expect, test } from '@jest/globals';
import { normalise } from './normalise.ts';
import { references } from './references.ts';
import { expandTemplate } from './template-variants.ts';
import { templateReferences } from './template-references.ts';

const SCHEMA = [
  { name: 'authors', columns: [{ name: 'id' }, { name: 'name' }, { name: 'country' }] },
  {
    name: 'books',
    columns: [{ name: 'id' }, { name: 'author_id' }, { name: 'title' }, { name: 'price' }, { name: 'parent_id' }],
  },
];

describe('normalise', () => {
  const same: [string, string][] = [
    ['SELECT * FROM t WHERE id = ?', "select  *\nfrom `t` where `id`='a''b\\'c' -- who?"],
    ['SELECT * FROM t WHERE id IN (?)', 'SELECT * FROM t WHERE id IN (1,2, 3)'],
    ['SELECT * FROM t WHERE (a, b) IN (?)', "SELECT * FROM t WHERE (a,b) IN ((1,'x'),(2,'y'))"],
    ['INSERT INTO t (a, b) VALUES ?', "INSERT INTO t (a,b) VALUES (1,'x'),(2,NULL)"],
    ['INSERT INTO t (a, b) VALUES (?, NOW(6))', 'INSERT INTO t (a, b) VALUES (-1, now(6))'],
    ['UPDATE t SET a = a - ? WHERE b > ?', 'UPDATE t SET a = a - -5 WHERE b > -1.5e3;'],
    ['UPDATE t SET d = ?, e = ?, f = ?', "UPDATE t SET d=x'00FF', e=_binary'q', f=TRUE"],
    ['SELECT COUNT(*) FROM t LIMIT ? OFFSET ?', "SELECT count(*) FROM t LIMIT '20' OFFSET '40'"],
    ['SELECT a FROM t WHERE a <> ?', 'SELECT a /* hint */ FROM t # x\n WHERE a != 0x1F'],
  ];
  test.each(same)('%s is the shape of %s', (one, other) => {
    expect(normalise(other).normalisedSql).toBe(normalise(one).normalisedSql);
  });

  test.each([
    ['SELECT a FROM t WHERE a IS NULL', 'SELECT a FROM t WHERE a IS NOT NULL'],
    ['SELECT a FROM t ORDER BY a', 'SELECT a FROM t ORDER BY a DESC'],
    ['SELECT a FROM t WHERE a = 1', 'SELECT a FROM t WHERE a = 1 FOR UPDATE'],
    ['SELECT `order` FROM t', 'SELECT ordr FROM t'],
  ])('%s and %s differ', (one, other) => {
    expect(normalise(one).fingerprint).not.toBe(normalise(other).fingerprint);
  });

  test('is its own fixed point', () => {
    const once = normalise(
      'SELECT `order`.`a b`, -5 FROM `order` WHERE x IN (1, 2) AND y BETWEEN 1 AND 2',
    ).normalisedSql;
    expect(normalise(once).normalisedSql).toBe(once);
  });

  test('accepts text that is no SQL', () => {
    for (const text of ['', "'", '((((', 'SELECT "', '/* open', '\u0000\ufffd`'])
      expect(normalise(text).fingerprint).toHaveLength(16);
  });
});

describe('expandTemplate', () => {
  test('all options first, the same condition everywhere alike, no empty SET', () => {
    const variants = expandTemplate({
      parts: [
        { kind: 'text', text: 'UPDATE t SET ' },
        {
          kind: 'joined',
          separator: ', ',
          items: ['a', 'b'].map((name) => ({
            kind: 'optional',
            condition: `${name} !== undefined`,
            parts: [
              { kind: 'text', text: `${name} = ` },
              { kind: 'parameter', expression: name },
            ],
          })),
        },
        { kind: 'text', text: ' WHERE id = ' },
        { kind: 'parameter', expression: 'id' },
      ],
    });
    expect(variants.map((variant) => variant.sql)).toEqual([
      'UPDATE t SET a = ?, b = ? WHERE id = ?',
      'UPDATE t SET b = ? WHERE id = ?',
      'UPDATE t SET a = ? WHERE id = ?',
    ]);
    expect(variants[1]?.parameters.map((one) => one.expression)).toEqual(['b', 'id']);
  });

  test('many options stay within 64 variants and switch each', () => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const variants = expandTemplate({
      parts: [
        { kind: 'text', text: 'SELECT * FROM t WHERE 1' },
        ...names.map((name) => ({
          kind: 'optional' as const,
          condition: name,
          parts: [{ kind: 'text' as const, text: ` AND ${name} = 1` }],
        })),
      ],
    });
    expect(variants).toHaveLength(64);
    for (const name of names) {
      expect(variants.some((one) => one.conditions[name] === false)).toBe(true);
      expect(variants.some((one) => one.conditions[name] === true)).toBe(true);
    }
  });
});

describe('references', () => {
  test('resolves aliases, joins, values, order', () => {
    const found = references(
      'SELECT b.*, a.name FROM books b JOIN authors a ON a.id = b.author_id WHERE b.id IN (?) AND (title = ? OR price > ?) ORDER BY name DESC LIMIT ?',
      SCHEMA,
    );
    expect(found.tables).toEqual(['books', 'authors']);
    expect(found.predicates).toEqual([
      { table: 'authors', column: 'id', operator: '=', with: { table: 'books', column: 'author_id' }, always: true },
      { table: 'books', column: 'id', operator: 'in', with: 'value', always: true },
      { table: 'books', column: 'title', operator: '=', with: 'value', always: false },
      { table: 'books', column: 'price', operator: 'range', with: 'value', always: false },
    ]);
    expect(found.orderBy).toEqual([{ table: 'authors', column: 'name', descending: true }]);
    expect(found).toMatchObject({ limited: true, aggregates: false, parsed: true });
    expect(found.columns).toHaveLength(7);
  });

  test('sees through recursive CTEs to real columns', () => {
    const found = references(
      'WITH RECURSIVE tree (id, depth) AS (SELECT id, 0 FROM books WHERE id = ? UNION ALL SELECT c.id, tree.depth + 1 FROM books c JOIN tree ON c.parent_id = tree.id) SELECT id FROM tree ORDER BY depth',
      SCHEMA,
    );
    expect(found.tables).toEqual(['books']);
    expect(found.unknownColumns).toEqual([]);
    expect(found.predicates).toContainEqual({
      table: 'books',
      column: 'parent_id',
      operator: '=',
      with: { table: 'books', column: 'id' },
      always: true,
    });
  });

  test('what the grammar lacks', () => {
    expect(references('SELECT id FROM books WHERE id <=> ? FOR SHARE SKIP LOCKED', SCHEMA)).toMatchObject({
      parsed: true,
      locks: true,
      tables: ['books'],
    });
    const upsert = references(
      'INSERT INTO books (id, title) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE title = new.title',
      SCHEMA,
    );
    expect(upsert).toMatchObject({ parsed: true, statement: 'insert', unknownColumns: [] });
    expect(upsert.writes.map((one) => one.column)).toEqual(['id', 'title']);
    expect(references('SELECT id FROM books WHERE ((', SCHEMA)).toMatchObject({ parsed: false, tables: ['books'] });
  });

  test('unknown names are listed, not dropped', () => {
    const found = references('SELECT b.titel, x FROM books b JOIN ghosts g ON g.id = b.id', [SCHEMA[1] ?? SCHEMA[0]!]);
    expect(found.unknownTables).toEqual(['ghosts']);
    expect(found.unknownColumns).toEqual(['b.titel']);
  });

  test('subqueries, EXISTS, aggregates, LIKE', () => {
    const found = references(
      'SELECT COUNT(*) AS n FROM authors a WHERE EXISTS (SELECT 1 FROM books b WHERE b.author_id = a.id) AND id IN (SELECT author_id FROM books) AND name LIKE ?',
      SCHEMA,
      { parameterSources: ['`${prefix}%`'] },
    );
    expect(found.aggregates).toBe(true);
    expect(found.tables).toEqual(['authors', 'books']);
    expect(found.predicates.map((one) => [one.column, one.operator])).toEqual([
      ['author_id', '='],
      ['id', 'in'],
      ['name', 'like-prefix'],
    ]);
  });

  test('a predicate in an optional part is not always', () => {
    const found = templateReferences(
      {
        parts: [
          { kind: 'text', text: 'SELECT * FROM books WHERE id = ' },
          { kind: 'parameter', expression: 'id' },
          {
            kind: 'optional',
            condition: 'title',
            parts: [
              { kind: 'text', text: ' AND title = ' },
              { kind: 'parameter', expression: 'title' },
            ],
          },
        ],
      },
      SCHEMA,
    );
    expect(found.normalisedSql).toEqual([
      'SELECT * FROM books WHERE id = ? AND title = ?',
      'SELECT * FROM books WHERE id = ?',
    ]);
    expect(found.predicates.map((one) => one.always)).toEqual([true, false]);
  });
});
