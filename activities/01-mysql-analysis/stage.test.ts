import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Analysis } from '../../core/analysis.ts';
import type { ArtifactReference } from '../../core/artifacts.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testDatabase, testEndpoints } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { stage } from './index.ts';
import { openSource } from './source.ts';

/** Everything that schemas and rows can do to an analysis; names and comments try to break the documents. */
const SCHEMA = [
  "SET SESSION sql_mode = ''",
  'SET SESSION group_concat_max_len = 4',
  `CREATE TABLE authors (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL, born DATE NULL,
   slug VARCHAR(64) GENERATED ALWAYS AS (LOWER(email)) VIRTUAL, notes TEXT COMMENT 'a | b \`c\` <script>"',
   UNIQUE KEY uq_email (email), KEY born_desc (born DESC), KEY prefix (notes(10)), KEY lowered ((LOWER(email))),
   CONSTRAINT has_at CHECK (email LIKE '%@%')) COLLATE utf8mb4_0900_ai_ci COMMENT = 'line one
   | line two'`,
  `CREATE TABLE books (author_id BIGINT UNSIGNED, no INT, title VARCHAR(190) NOT NULL DEFAULT 'it''s', kind ENUM('a','b''c') NULL,
   price DECIMAL(45, 2) NULL, added DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
   PRIMARY KEY (author_id, no), KEY title (title),
   CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE) COLLATE utf8mb4_0900_ai_ci`,
  'CREATE TABLE `odd "name"; }-- x|y` (`first name` INT, `order` INT)',
  `CREATE TABLE events (id INT NOT NULL, day DATE NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (YEAR(day))
   (PARTITION p1 VALUES LESS THAN (2020), PARTITION p2 VALUES LESS THAN MAXVALUE)`,
  'CREATE VIEW cheap AS SELECT title FROM books WHERE price < 5',
  'CREATE TRIGGER before_book BEFORE INSERT ON books FOR EACH ROW SET NEW.title = TRIM(NEW.title)',
  'CREATE PROCEDURE touch() UPDATE books SET no = no',
  'CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1',
  'CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM events',
  `INSERT INTO authors (id, email, born, notes) VALUES (1, 'A@x.org', '0000-00-00', '{"a": 1}'), (2, 'É@x.org', '1970-01-01', NULL)`,
  `INSERT INTO books (author_id, no, title, kind, price) VALUES (1, 1, 'Café', 'a', 1), (1, 2, 'cafe', NULL, NULL),
   (2, 1, '', 'b''c', 1234567890123456789012345678901234567890123.45)`,
  'SET FOREIGN_KEY_CHECKS = 0',
  "INSERT INTO books (author_id, no, title) VALUES (99, 1, 'orphan')",
  'SET FOREIGN_KEY_CHECKS = 1',
  "INSERT INTO events VALUES (1, '2019-01-01'), (2, '2024-01-01')",
  'INSERT INTO `odd "name"; }-- x|y` VALUES (1, 2)',
];

const SOURCE = `import express from 'express';
import mysql from 'mysql2/promise';
const pool = mysql.createPool(process.env['DATABASE_URL'] ?? '');
const app = express();
app.get('/authors/:id/books', async (req, res) => {
  const [rows] = await pool.execute('SELECT b.title, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = ? ORDER BY b.no DESC', [req.params.id]);
  res.json(rows);
});
app.delete('/books', async (req, res) => {
  await pool.query('DELETE FROM books WHERE author_id = ? AND no IN (?)', [req.query['author'], req.query['no']]);
  res.end();
});
app.get('/never', async (_req, res) => {
  const [rows] = await pool.query('SELECT isbn FROM shelves');
  res.json(rows);
});
app.listen(3000);
`;

const LOG = `Time                 Id Command    Argument
2026-01-02T03:04:05.000001Z\t   14 Prepare\tSELECT b.title, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = ? ORDER BY b.no DESC
2026-01-02T03:04:05.000001Z\t   14 Execute\tSELECT b.title, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = '1' ORDER BY b.no DESC
2026-01-02T03:04:05.000001Z\t   14 Execute\tSELECT b.title, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = '2' ORDER BY b.no DESC
2026-01-02T03:04:14.000001Z\t   14 Query\tDELETE FROM books WHERE author_id = '7' AND no IN ('1', '2', '3')
2026-01-02T03:04:14.000001Z\t   14 Query\tUPDATE books SET title = 'x' WHERE no = 4
`;

describe('the analysis of a small library', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let plan: MigrationPlan;
  let context: TestContext;
  let outputs: ArtifactReference[];
  let analysis: Analysis;

  beforeAll(async () => {
    database = await testDatabase('analysis', SCHEMA);
    const root = await mkdtemp(path.join(tmpdir(), 'cutover-analysis-'));
    await mkdir(path.join(root, 'src'));
    await writeFile(path.join(root, 'src', 'app.ts'), SOURCE);
    await writeFile(path.join(root, 'query.log'), LOG);
    plan = planFor(root);
    context = await stageContext(plan, {});
    await stage.preflight(context);
    outputs = await stage.execute(context);
    analysis = JSON.parse(context.text('stage-01/analysis.json')) as Analysis;
  }, 240_000);
  afterAll(() => database.drop());

  function planFor(root: string): MigrationPlan {
    const { host, port, user } = testEndpoints().mysql;
    return {
      name: 'library',
      artifactStore: root,
      source: {
        host,
        port,
        user,
        database: database.name,
        queryLog: { path: path.join(root, 'query.log'), format: 'general' },
      },
      application: {
        path: root,
        sources: ['src'],
        server: { start: 'none', portVariable: 'PORT', readyPath: '/', databaseUrlVariable: 'DATABASE_URL' },
        tests: { command: 'none' },
        scratch: { database: 'none', prepare: 'none' },
      },
      target: { region: 'us-east-1', prefix: 'x-' },
      gates: { policy: 'auto' },
    };
  }

  const table = (name: string) => analysis.tables.find((one) => one.name === name);

  test('gives six documents, charts and the JSON', () => {
    expect(outputs.map((output) => output.name.replace('stage-01/', ''))).toEqual([
      '01_1_API_access_patterns.md',
      '01_2_schema_extraction.md',
      '01_3_entity_relationships.md',
      '01_4_table_structures.md',
      '01_5_performance_analysis.md',
      '01_6_access_patterns.md',
      'charts/hours.png',
      'charts/hours.svg',
      'charts/top_shapes.png',
      'charts/top_shapes.svg',
      'analysis.json',
    ]);
  });

  test('passes its own verification, asked of the server again', async () => {
    const results = await stage.verify({ ...context, outputs });
    expect(results.flatMap((result) => result.failures)).toEqual([]);
    expect(results.every((result) => result.passed === result.total)).toBe(true);
    expect(results.find((result) => result.id === 'S1-R5')?.total).toBe(15);
  });

  test('verification fails when the server has what the artifacts lack', async () => {
    await database.connection.query('CREATE TABLE later (id INT PRIMARY KEY)');
    const results = await stage.verify({ ...context, outputs });
    await database.connection.query('DROP TABLE later');
    expect(results.find((result) => result.id === 'S1-R4')?.failures).toEqual(['later']);
  });

  test('the schema in full', () => {
    const authors = table('authors');
    expect(authors?.columns.find((column) => column.name === 'slug')?.generated?.stored).toBe(false);
    expect(authors?.indexes.find((index) => index.name === 'born_desc')?.parts[0]?.descending).toBe(true);
    expect(authors?.indexes.find((index) => index.name === 'prefix')?.parts[0]?.prefix).toBe(10);
    expect(authors?.indexes.find((index) => index.name === 'lowered')?.parts[0]?.expression).toContain('lower');
    expect(authors?.checks.map((check) => check.name)).toEqual(['has_at']);
    const books = table('books');
    expect(books).toMatchObject({ primaryKey: ['author_id', 'no'], statistics: { rows: 4 } });
    expect(books?.columns.find((column) => column.name === 'kind')?.labels).toEqual(['a', "b'c"]);
    expect(books?.columns.find((column) => column.name === 'title')?.default).toBe("it's");
    expect(books?.columns.find((column) => column.name === 'added')).toMatchObject({
      defaultIsExpression: true,
      onUpdateCurrentTimestamp: true,
    });
    expect(books?.foreignKeys[0]).toMatchObject({
      onDelete: 'CASCADE',
      children: { parents: 3, p50: 1, max: 2, orphans: 1 },
    });
    expect(table('events')?.partitions).toEqual(['p1', 'p2']);
    expect(analysis.views.map((one) => one.name)).toEqual(['cheap']);
    expect(analysis.triggers[0]).toMatchObject({
      name: 'before_book',
      table: 'books',
      timing: 'BEFORE',
      event: 'INSERT',
    });
    expect(analysis.routines.map((one) => one.name)).toEqual(['one', 'touch']);
    expect(analysis.events.map((one) => one.name)).toEqual(['tidy']);
  });

  test.each([
    ['authors', ['born'], 1, /Zero dates/],
    ['authors', ['email'], 2, /unique key uq_email compares/],
    ['authors', ['email'], 2, /name suggests personal data \(e-mail/],
    ['authors', ['notes'], 1, /JSON/],
    ['books', ['author_id'], 1, /finds nothing/],
    ['books', ['title'], 1, /Empty key parts/],
    ['books', ['title'], 1, /differ in bytes/],
    ['books', ['price'], 1, /more than 38 digits/],
    ['odd "name"; }-- x|y', [], 1, /no primary key/],
  ])('finds in %s %j: %d × %s', (name, columns, count, text) => {
    const found = analysis.dataFindings.filter((one) => one.table === name && text.test(one.finding));
    expect(found).toEqual([expect.objectContaining({ columns, count })]);
  });

  test('matches code, log and schema', () => {
    expect(analysis.accessPatterns.map((one) => [one.title, one.seen, one.rates])).toEqual([
      [
        'Read books with authors by authors.id, ordered by no descending',
        'code and log',
        { mean: 0.2, peak: 2, provenance: 'measured' },
      ],
      ['Remove from books by author_id, no', 'code and log', { mean: 0.1, peak: 1, provenance: 'measured' }],
      ['Read shelves', 'only in code', { mean: 0, peak: 0, provenance: 'unknown' }],
    ]);
    const findings = analysis.contradictions.map((one) => one.finding).join('\n');
    expect(findings).toContain('names the table shelves, which the schema does not have');
    expect(findings).toContain('No call site reads or writes the table events');
    expect(findings).toMatch(/Seen 1 times only in the log.*: UPDATE books SET title = \? WHERE no = \?/);
    expect(analysis.application.callSites.map((site) => site.accessPattern)).toEqual(['AP-001', 'AP-002', 'AP-003']);
    expect(analysis.unused?.lookedAt).toEqual({ callSites: 3, logShapes: 3, unresolved: 0, unparsed: 0 });
    expect(analysis.unused?.tables).toContainEqual({ table: 'events', written: false });
    expect(analysis.unused?.tables.map((one) => one.table)).not.toContain('books');
    const unusedColumns = analysis.unused?.columns.map((one) => `${one.table}.${one.column}`);
    expect(unusedColumns).toContain('books.price');
    expect(unusedColumns).not.toContain('books.title');
    expect(context.text('stage-01/01_6_access_patterns.md')).toContain('Looked at: 3 call sites, 3 shapes of the log.');
    expect(context.text('stage-01/01_1_API_access_patterns.md')).toContain("`req.query['author']`");
  });

  test('hostile names and comments break neither document nor diagram', () => {
    const structures = context.text('stage-01/01_4_table_structures.md');
    expect(structures).not.toContain('<script>');
    expect(structures).toContain('`odd "name"; }-- x\\|y`');
    const diagram = context.text('stage-01/01_3_entity_relationships.md');
    expect(diagram).toContain('["odd #34;name#34;#59; #125;-- x|y"] {');
    expect(diagram).toContain('int first_name "first name"');
    for (const name of ['01_2_schema_extraction.md', '01_4_table_structures.md']) {
      for (const block of context.text(`stage-01/${name}`).split('\n\n')) {
        const widths = block
          .split('\n')
          .filter((line) => line.startsWith('|'))
          .map((line) => line.replaceAll('\\|', '').split('|').length);
        expect(new Set(widths).size).toBeLessThan(2);
      }
    }
  });

  test('no value of a row stands in an artifact', () => {
    for (const output of outputs.filter((one) => /\.(?:md|json)$/.test(one.name))) {
      expect(context.text(output.name)).not.toMatch(/A@x\.org|Café|1234567890123456789/);
    }
  });

  test('the same input gives the same bytes in another zone', async () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Auckland';
    const again = await stageContext(plan, {});
    const references = await stage.execute(again).finally(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });
    expect(references).toEqual(outputs);
  }, 120_000);

  test('only reads are sent, and the session refuses writes', async () => {
    const reader = await openSource(plan.source, async (reference) => reference);
    await expect(reader.query('DELETE FROM books')).rejects.toThrow('not a reading statement');
    const [row] = await reader.query('SELECT @@SESSION.transaction_read_only AS read_only');
    expect(Number(row?.['read_only'])).toBe(1);
    await reader.close();
  });

  test('asks a person about rows that can not be moved as they are', async () => {
    const [question] = await stage.gates({ ...context, outputs });
    expect(question?.evidence.join('\n')).toMatch(/finds nothing/);
  });

  test.each([
    ['analysis.source-unreachable', (p: MigrationPlan) => ({ ...p, source: { ...p.source, port: 1 } })],
    [
      'analysis.access-denied',
      (p: MigrationPlan) => ({ ...p, source: { ...p.source, user: 'nobody', password: 'x' } }),
    ],
    [
      'analysis.database-missing',
      (p: MigrationPlan) => ({ ...p, source: { ...p.source, database: 'no_such_database' } }),
    ],
    [
      'analysis.database-empty',
      (p: MigrationPlan) => ({ ...p, source: { ...p.source, database: 'information_schema' } }),
    ],
    [
      'analysis.sources-missing',
      (p: MigrationPlan) => ({ ...p, application: { ...p.application, sources: ['none'] } }),
    ],
    [
      'analysis.log-unreadable',
      (p: MigrationPlan) => ({
        ...p,
        source: { ...p.source, queryLog: { path: '/no/such.log', format: 'general' as const } },
      }),
    ],
    [
      'analysis.log-not-recognised',
      (p: MigrationPlan) => ({
        ...p,
        source: { ...p.source, queryLog: { path: p.source.queryLog?.path ?? '', format: 'slow' as const } },
      }),
    ],
  ])('preflight says %s', async (code, change) => {
    await expect(stage.preflight(await stageContext(change(plan), {}))).rejects.toMatchObject({ code });
  });

  test('compensation removes what it gave', async () => {
    await stage.compensate(context);
    expect([...context.written.keys()]).toEqual([]);
    await stage.compensate(context);
  });
});
