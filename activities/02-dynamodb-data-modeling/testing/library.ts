import type { AccessPattern, Analysis, ColumnFacts, Predicate, TableFacts } from '../../../core/analysis.ts';

/** The schema and rows that {@link libraryAnalysis} describes, for a real server. */
export const LIBRARY_SQL = [
  `CREATE TABLE authors (
     id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL, mentor_id BIGINT UNSIGNED NULL,
     UNIQUE KEY authors_email (email)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE books (
     id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, author_id BIGINT UNSIGNED NOT NULL, title VARCHAR(120) NOT NULL,
     price DECIMAL(10, 2) NOT NULL, state ENUM('draft', 'sold') NOT NULL, meta JSON NULL, published_at DATETIME(6) NOT NULL,
     CONSTRAINT books_author_fk FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE)
     DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE loans (
     book_id BIGINT UNSIGNED NOT NULL, loan_no INT NOT NULL, note TEXT NULL, PRIMARY KEY (book_id, loan_no),
     CONSTRAINT loans_book_fk FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE RESTRICT)
     DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci`,
  `INSERT INTO authors (id, email, mentor_id) VALUES (1, 'Ann@example.org', NULL), (2, 'bob@example.org', 1), (3, '', 1)`,
  `INSERT INTO books VALUES
     (1, 1, 'One 😀', 9.90, 'draft', '{"a": [1, 2]}', '2024-01-02 03:04:05.000006'),
     (2, 1, 'Two', 19.00, 'sold', NULL, '2024-01-03 00:00:00.000000'), (3, 2, '', 0.01, 'sold', NULL, '1999-12-31 23:59:59.999999')`,
  `INSERT INTO loans VALUES (1, 1, NULL), (1, 2, 'back soon'), (2, 1, '')`,
];

const COLUMN: Omit<ColumnFacts, 'name' | 'position' | 'dataType' | 'columnType'> = {
  nullable: false,
  default: null,
  onUpdateCurrentTimestamp: false,
  autoIncrement: false,
  characterSet: null,
  collation: null,
  maxLength: null,
  precision: null,
  scale: null,
  datetimePrecision: null,
  comment: '',
};
const ID = { precision: 20, scale: 0 };
const TEXT = { characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };

/** A column as information_schema gives it; the type is `COLUMN_TYPE`. */
export function column(name: string, columnType: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return { ...COLUMN, name, position: 0, columnType, dataType: columnType.split(/[( ]/)[0] ?? '', ...more };
}

/** A table with a primary key and nothing else, unless said otherwise. */
export function tableFacts(
  name: string,
  columns: readonly ColumnFacts[],
  primaryKey: readonly string[],
  rows: number,
  more: Partial<TableFacts> = {},
): TableFacts {
  const rowBytes = { p50: 120, p99: 400, max: 800, sampled: Math.min(rows, 1000) };
  return {
    name,
    engine: 'InnoDB',
    collation: 'utf8mb4_0900_ai_ci',
    comment: '',
    columns,
    primaryKey,
    indexes: [],
    foreignKeys: [],
    checks: [],
    partitions: [],
    statistics: { rows, dataBytes: rows * 120, indexBytes: 0, rowBytes, autoIncrement: null },
    ...more,
  };
}

/** A predicate on a value. */
export function bound(table: string, name: string, operator: Predicate['operator'] = '='): Predicate {
  return { table, column: name, operator, with: 'value', always: true };
}

/** An access pattern of a statement; rates unknown unless given. */
export function pattern(
  id: string,
  sql: string,
  tables: readonly string[],
  more: Partial<AccessPattern> = {},
): AccessPattern {
  return {
    id,
    title: sql.slice(0, 60),
    kind: /^(SELECT|WITH)/.test(sql) ? 'read' : 'write',
    template: { parts: [{ kind: 'text', text: sql }] },
    normalisedSql: [sql],
    callSites: [],
    routes: [],
    transactions: [],
    tables,
    predicates: [],
    orderBy: [],
    limited: false,
    aggregates: false,
    rates: { mean: 1, peak: 10, provenance: 'measured' },
    seen: 'code and log',
    ...more,
  };
}

function foreignKey(name: string, of: string, to: string, onDelete: string) {
  return { name, columns: [of], referencedTable: to, referencedColumns: ['id'], onDelete, onUpdate: 'NO ACTION' };
}

/** A small application whose every kind of access can be checked by hand. */
export function libraryAnalysis(more: readonly AccessPattern[] = [], rows = 1000): Analysis {
  const email = {
    name: 'authors_email',
    unique: true,
    type: 'BTREE',
    parts: [{ column: 'email', expression: null, prefix: null, descending: false }],
  };
  const published = [{ table: 'books', column: 'published_at', descending: true }];
  const join: Predicate = {
    table: 'books',
    column: 'author_id',
    operator: '=',
    with: { table: 'authors', column: 'id' },
    always: true,
  };
  return {
    schemaVersion: 1,
    server: { version: '9.7.0', flavour: 'mysql', sqlMode: '', timeZone: '+00:00', lowerCaseTableNames: 0 },
    database: 'library',
    tables: [
      tableFacts(
        'authors',
        [
          column('id', 'bigint unsigned', { ...ID, autoIncrement: true }),
          column('email', 'varchar(190)', { ...TEXT, maxLength: 190 }),
          column('mentor_id', 'bigint unsigned', { ...ID, nullable: true }),
        ],
        ['id'],
        rows,
        { indexes: [email] },
      ),
      tableFacts(
        'books',
        [
          column('id', 'bigint unsigned', { ...ID, autoIncrement: true }),
          column('author_id', 'bigint unsigned', ID),
          column('title', 'varchar(120)', { ...TEXT, maxLength: 120 }),
          column('price', 'decimal(10,2)', { precision: 10, scale: 2 }),
          column('state', "enum('draft','sold')", { ...TEXT, labels: ['draft', 'sold'], maxLength: 5 }),
          column('meta', 'json', { nullable: true }),
          column('published_at', 'datetime(6)', { datetimePrecision: 6 }),
        ],
        ['id'],
        rows * 10,
        { foreignKeys: [foreignKey('books_author_fk', 'author_id', 'authors', 'CASCADE')] },
      ),
      tableFacts(
        'loans',
        [
          column('book_id', 'bigint unsigned', ID),
          column('loan_no', 'int', { precision: 10, scale: 0 }),
          column('note', 'text', { ...TEXT, maxLength: 65535, nullable: true }),
        ],
        ['book_id', 'loan_no'],
        rows * 20,
        { foreignKeys: [foreignKey('loans_book_fk', 'book_id', 'books', 'RESTRICT')] },
      ),
    ],
    views: [],
    triggers: [],
    routines: [],
    events: [],
    application: {
      framework: 'express',
      driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
      routes: [{ id: 'R-001', method: 'GET', path: '/books', file: 'a.ts', line: 1, guards: [], callSites: [] }],
      callSites: [],
      transactions: [],
      unresolved: [],
    },
    accessPatterns: [
      pattern('AP-001', 'SELECT * FROM authors WHERE email = ?', ['authors'], {
        predicates: [bound('authors', 'email')],
      }),
      pattern('AP-002', 'SELECT * FROM books WHERE author_id = ? ORDER BY published_at DESC LIMIT ?', ['books'], {
        ...{ predicates: [bound('books', 'author_id')], orderBy: published, limited: true },
      }),
      pattern('AP-003', 'SELECT * FROM loans WHERE book_id = ?', ['loans'], {
        predicates: [bound('loans', 'book_id')],
      }),
      pattern('AP-004', 'SELECT * FROM books WHERE title LIKE ?', ['books'], {
        predicates: [bound('books', 'title', 'like')],
      }),
      pattern('AP-005', 'INSERT INTO books (author_id, title) VALUES (?, ?)', ['books']),
      pattern('AP-006', 'DELETE FROM authors WHERE id = ?', ['authors'], { predicates: [bound('authors', 'id')] }),
      pattern('AP-007', 'SELECT * FROM authors WHERE mentor_id IS NULL', ['authors'], {
        predicates: [bound('authors', 'mentor_id', 'is-null')],
      }),
      pattern(
        'AP-008',
        'SELECT * FROM books JOIN authors ON authors.id = books.author_id WHERE books.id = ?',
        ['books', 'authors'],
        {
          predicates: [bound('books', 'id'), join],
        },
      ),
      ...more,
    ],
    contradictions: [],
    dataFindings: [],
  };
}
