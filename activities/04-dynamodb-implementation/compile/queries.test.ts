import vm from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import mysql from 'mysql2/promise';
import ts from 'typescript';
import { sampleContract, served } from '../../../contract/sample.ts';
import { storeModel } from '../../../contract/store-model.ts';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import * as sql from '../../../runtime/store/index.ts';
import { createTables, testDynamo } from '../../../test/support/dynamo.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../../test/support/shared-stack.ts';
import { compileLayer } from './index.ts';

/** Statements that are compiled and executed on both stores; their answers must be equal, order included. */
const STATEMENTS = [
  // Window functions
  'SELECT id, ROW_NUMBER() OVER (ORDER BY price, id) AS n, RANK() OVER (ORDER BY price) AS r, DENSE_RANK() OVER (ORDER BY price) AS d FROM books ORDER BY id',
  'SELECT id, RANK() OVER (PARTITION BY author_id ORDER BY price DESC) AS place, PERCENT_RANK() OVER (ORDER BY price) AS p, CUME_DIST() OVER (ORDER BY price) AS c FROM books ORDER BY id',
  'SELECT id, LAG(price) OVER (ORDER BY id) AS before_, LEAD(price, 2, 0) OVER (ORDER BY id) AS after_ FROM books ORDER BY id',
  'SELECT id, FIRST_VALUE(title) OVER w AS f, LAST_VALUE(title) OVER w AS l, NTH_VALUE(title, 2) OVER w AS s FROM books WINDOW w AS (PARTITION BY author_id ORDER BY published_at, id) ORDER BY id',
  'SELECT id, NTILE(3) OVER (ORDER BY id) AS part, NTILE(20) OVER (ORDER BY id) AS many FROM books ORDER BY id',
  'SELECT id, SUM(price) OVER (ORDER BY price) AS running, AVG(price) OVER (PARTITION BY author_id) AS average, COUNT(*) OVER () AS everything FROM books ORDER BY id',
  'SELECT id, SUM(price) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near_, MIN(price) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS least_, MAX(price) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS ahead FROM books ORDER BY id',
  'SELECT author_id, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS place, SUM(COUNT(*)) OVER () AS total FROM books GROUP BY author_id ORDER BY author_id',
  'SELECT id FROM books ORDER BY ROW_NUMBER() OVER (ORDER BY price DESC, id) LIMIT 3',
  // Derived and common tables
  'SELECT d.author_id, d.n FROM (SELECT author_id, COUNT(*) AS n FROM books GROUP BY author_id) AS d WHERE d.n > 1 ORDER BY d.author_id',
  'SELECT a.email, d.dearest FROM (SELECT author_id, MAX(price) AS dearest FROM books GROUP BY author_id) d JOIN authors a ON a.id = d.author_id ORDER BY a.email',
  'SELECT a.id, d.n FROM authors a LEFT JOIN (SELECT author_id, COUNT(*) AS n FROM books GROUP BY author_id) d ON d.author_id = a.id ORDER BY a.id',
  'SELECT * FROM (SELECT id, price FROM books ORDER BY price DESC, id LIMIT 3) AS dear ORDER BY id',
  'WITH ranked AS (SELECT id, author_id, ROW_NUMBER() OVER (PARTITION BY author_id ORDER BY published_at DESC, id) AS n FROM books) SELECT id, author_id FROM ranked WHERE n = 1 ORDER BY id',
  'WITH few (who, n) AS (SELECT author_id, COUNT(*) FROM books GROUP BY author_id), named AS (SELECT few.n, a.email FROM few JOIN authors a ON a.id = few.who) SELECT x.email, y.email AS other FROM named x JOIN named y ON y.n = x.n AND y.email <> x.email ORDER BY x.email, y.email',
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i, i * 2 AS twice FROM n',
  'WITH RECURSIVE chain AS (SELECT id, author_id FROM books WHERE id = 1 UNION SELECT b.id, b.author_id FROM chain c JOIN books b ON b.author_id = c.author_id) SELECT id FROM chain ORDER BY id',
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  // UNION
  'SELECT id AS x FROM authors UNION SELECT author_id FROM books ORDER BY x DESC',
  'SELECT price AS x FROM books WHERE author_id = 1 UNION ALL SELECT price FROM books WHERE author_id = 1 ORDER BY x LIMIT 3',
  'SELECT title AS x FROM books WHERE id = 1 UNION SELECT email FROM authors ORDER BY 1 LIMIT 2',
  '(SELECT id FROM books ORDER BY price DESC, id LIMIT 2) UNION ALL (SELECT id FROM books ORDER BY price, id LIMIT 2) ORDER BY id',
  'SELECT born AS x FROM authors UNION SELECT NULL ORDER BY x',
  'SELECT id FROM authors WHERE id IN (SELECT author_id FROM books UNION SELECT id FROM authors WHERE born IS NULL) ORDER BY id',
  'SELECT COUNT(*) AS n FROM (SELECT id FROM authors UNION ALL SELECT id FROM books) AS both_',
  // Joins
  'SELECT a.email, b.title FROM books b RIGHT JOIN authors a ON a.id = b.author_id ORDER BY a.id, b.id',
  'SELECT * FROM loans l RIGHT JOIN books b ON b.id = l.book_id ORDER BY b.id, l.loan_no',
  'SELECT * FROM loans l JOIN loans m USING (loan_no) ORDER BY loan_no, l.book_id, m.book_id',
  'SELECT id, b.title FROM authors a LEFT JOIN books b USING (id) ORDER BY id',
  'SELECT id, a.email, b.title FROM authors a RIGHT JOIN books b USING (id) ORDER BY id',
  'SELECT a.id FROM authors a STRAIGHT_JOIN books b ON b.author_id = a.id ORDER BY b.id',
  // Subqueries and rows
  'SELECT id FROM books WHERE price >= ALL (SELECT price FROM books) ORDER BY id',
  'SELECT id FROM books WHERE price < ANY (SELECT price FROM books WHERE author_id = 2) ORDER BY id',
  'SELECT id FROM authors WHERE id <> ALL (SELECT author_id FROM books) ORDER BY id',
  'SELECT id FROM authors WHERE born > ALL (SELECT born FROM authors WHERE id = 99) ORDER BY id',
  'SELECT id FROM authors WHERE born = ANY (SELECT born FROM authors WHERE id = 2) ORDER BY id',
  'SELECT id, (SELECT COUNT(*) FROM books b WHERE b.author_id = a.id) AS n, (SELECT MAX(price) FROM books b WHERE b.author_id = a.id) AS dearest FROM authors a ORDER BY n DESC, id',
  'SELECT id, (SELECT b.title FROM books b WHERE b.author_id = a.id ORDER BY b.price DESC, b.id LIMIT 1) AS title FROM authors a ORDER BY id',
  'SELECT author_id, COUNT(*) AS n FROM books GROUP BY author_id HAVING COUNT(*) >= (SELECT COUNT(*) FROM books WHERE author_id = 2) ORDER BY author_id',
  'SELECT id FROM authors a WHERE EXISTS (SELECT author_id FROM books b WHERE b.author_id = a.id GROUP BY author_id HAVING COUNT(*) > 1) ORDER BY id',
  'SELECT book_id, loan_no FROM loans WHERE (book_id, loan_no) IN ((1, 1), (2, 1), (9, 9)) ORDER BY book_id, loan_no',
  'SELECT book_id FROM loans WHERE (book_id, loan_no) NOT IN ((1, 1), (2, NULL)) ORDER BY book_id, loan_no',
  'SELECT id FROM books WHERE (author_id, price) IN (SELECT author_id, MAX(price) FROM books GROUP BY author_id) ORDER BY id',
  'SELECT id FROM books WHERE (price, id) > (10.00, 3) ORDER BY id',
  'SELECT id FROM books WHERE (author_id, title) <> (1, "alpha") ORDER BY id',
  // Truth, aggregates, DISTINCT
  'SELECT id, (born > "1960-01-01") IS FALSE AS f, (born > "1960-01-01") IS NOT FALSE AS nf, (born > "1960-01-01") IS UNKNOWN AS u FROM authors ORDER BY id',
  'SELECT COUNT(DISTINCT author_id, price) AS n, COUNT(DISTINCT cover, price) AS m FROM books',
  'SELECT author_id, GROUP_CONCAT(title ORDER BY price DESC, title) AS titles, GROUP_CONCAT(DISTINCT price ORDER BY price SEPARATOR " / ") AS prices FROM books GROUP BY author_id ORDER BY author_id',
  'SELECT LENGTH(GROUP_CONCAT(x.title, y.title, z.title, v.title)) AS n FROM books x JOIN books y ON y.id <> 99 JOIN books z ON z.id <> 99 JOIN books v ON v.id = 1',
  'SELECT DISTINCT price FROM books ORDER BY price DESC',
  'SELECT DISTINCT born FROM authors ORDER BY born',
  'SELECT 1 AS one, (SELECT COUNT(*) FROM books) AS n FROM dual WHERE 1 = 1',
] as const;

const SCHEMA = `
  CREATE TABLE authors (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, email VARCHAR(190) NOT NULL UNIQUE, born DATE NULL);
  CREATE TABLE books (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT, author_id BIGINT UNSIGNED NOT NULL, title VARCHAR(190) NOT NULL,
    price DECIMAL(10,2) NOT NULL, published_at DATETIME(6) NOT NULL, cover VARBINARY(32) NULL, FOREIGN KEY (author_id) REFERENCES authors (id));
  CREATE TABLE loans (book_id BIGINT UNSIGNED, loan_no INT UNSIGNED, state ENUM('out', 'back') NOT NULL, PRIMARY KEY (book_id, loan_no));`;

const AUTHORS = [['Ann@x.org', '1950-01-02'], ['bob@x.org', null], ['Zoë@x.org', '1950-01-02'], ['cy@x.org', '1971-05-05']]; // prettier-ignore
const BOOKS = [[1, 'alpha', '10.00'], [1, 'Beta', '12.50'], [2, 'gamma', '10.00'], [1, 'delta', '7.25'], [2, 'Éta', '12.50'], [3, 'zeta', '0.10']] as const; // prettier-ignore
const LOANS = [[1, 1, 'out'], [1, 2, 'back'], [2, 1, 'back'], [3, 2, 'out']] as const; // prettier-ignore

type Read = () => Promise<unknown>;
let database: Awaited<ReturnType<typeof testDatabase>>;
let connection: mysql.Connection;
let client: DynamoDBClient;
let removed: () => Promise<void>;
let methods: Readonly<Record<string, Read>>;

/** The statements as one aggregate, compiled. */
async function compiled(): Promise<string> {
  const contract = sampleContract();
  const scans = ['authors', 'books', 'loans'].map((table) => {
    return { table, index: null, operation: 'scan' as const, budget_items: 100 };
  });
  const layer: DataAccessLayer = {
    ...{ schemaVersion: 1, branch: 'b', commit: 'c', folder: 'src/dal', importSuffix: '.ts' },
    driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
    methods: STATEMENTS.map((text, position) => ({
      ...{ aggregate: 'library', name: `statement${position}`, accessPattern: 'AP-100', callSites: [], inputs: [] },
      ...{ template: { parts: [{ kind: 'text', text }] }, kind: 'read', result: 'rows' },
    })),
  };
  const outcome = await compileLayer(layer, { ...contract, access_patterns: [served('AP-100', scans)] });
  expect(outcome.methods.filter(({ status }) => status !== 'compiled').map(({ sql: text, reason }) => ({ text, reason }))).toEqual([]); // prettier-ignore
  return outcome.files.find(({ path }) => path === 'library.ts')?.content ?? '';
}

beforeAll(async () => {
  database = await testDatabase('queries', [SCHEMA]);
  const { host, port, user, password } = testEndpoints().mysql;
  const settings = { host, port, user, password, database: database.name };
  connection = await mysql.createConnection({ ...settings, dateStrings: true, supportBigNumbers: true, timezone: 'Z' });
  client = testDynamo();
  const prefix = `${uniqueName('queries').replaceAll('_', '-')}-`;
  const contract = sampleContract();
  removed = await createTables(client, contract, prefix);
  const driver = { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' } as const;
  const store = new sql.Store(client, storeModel(contract, prefix), driver);
  const rows = {
    authors: AUTHORS.map(([email, born]) => ({ email, born })),
    books: BOOKS.map(([author_id, title, price], day) => ({ author_id, title, price, published_at: `2024-01-0${1 + (day % 4)}`, cover: null })), // prettier-ignore
    loans: LOANS.map(([book_id, loan_no, state]) => ({ book_id, loan_no, state })),
  };
  for (const [table, all] of Object.entries(rows)) {
    for (const row of all) {
      await connection.query('INSERT INTO ?? SET ?', [table, row]);
      const values = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, sql.arg(value)]));
      await store.write(undefined, (writer) => writer.insert(table, [values]));
    }
  }
  const typed = (await compiled()).replaceAll(/^import .*$/gm, '').replace('export function', 'return function');
  const { outputText } = ts.transpileModule(typed, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const load = vm.compileFunction(outputText, ['sql', 'Buffer']) as (
    runtime: typeof sql,
    buffer: typeof Buffer,
  ) => (of: sql.Store) => typeof methods;
  const factory = load(sql, Buffer);
  methods = factory(store);
}, 120_000);

afterAll(async () => {
  await connection.end();
  await database.drop();
  await removed();
  client.destroy();
});

const answer = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (rows) => JSON.parse(JSON.stringify(rows)) as unknown,
    (error: unknown) => ({ code: (error as { code?: string }).code, message: (error as Error).message }),
  );

it.each(STATEMENTS.map((text, position) => [text, position] as const))('%s', async (text, position) => {
  const expected = await answer(connection.query(text).then(([rows]) => rows));
  const read = methods[`statement${position}`];
  expect(await answer(read === undefined ? Promise.reject(new Error('not there')) : read())).toEqual(expected);
  expect(Array.isArray(expected) || text.includes('SELECT i + 1 FROM n) SELECT')).toBe(true);
});
