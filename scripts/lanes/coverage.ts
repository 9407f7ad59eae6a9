import mysql from 'mysql2/promise';
import { reports } from '../../activities/01-mysql-analysis/report/index.ts';
import { code } from '../../activities/01-mysql-analysis/report/markdown.ts';
import { openSource } from '../../activities/01-mysql-analysis/source.ts';
import { analysisOf, recounted } from '../../activities/01-mysql-analysis/testing/analysis-of.ts';
import type { Analysis } from '../../core/analysis.ts';
import { fill, laneDatabases, printTable, withServer } from './databases.ts';

/** One kind of object: how many the server counts, and how many the machine's and the people's artifact have. */
interface Kind {
  readonly name: string;
  /** Counts by a statement of its own; none of the analysis's statements counts. */
  readonly sql: string;
  readonly told: (analysis: Analysis) => number;
  readonly shown: (pages: Pages, analysis: Analysis) => number;
}

type Pages = (file: string) => string;

const EXTRACTION = '01_2_schema_extraction.md';
const RELATIONSHIPS = '01_3_entity_relationships.md';
const STRUCTURES = '01_4_table_structures.md';

const KINDS: readonly Kind[] = [
  {
    name: 'tables',
    sql: "SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
    told: ({ tables }) => tables.length,
    shown: (page) => rowsBelow(page(EXTRACTION), '| table | engine |'),
  },
  {
    name: 'columns of tables',
    sql: `SELECT COUNT(*) AS n FROM information_schema.COLUMNS JOIN information_schema.TABLES USING (TABLE_SCHEMA, TABLE_NAME)
      WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'`,
    told: ({ tables }) => sum(tables, (table) => table.columns.length),
    shown: (page) => rowsBelow(page(STRUCTURES), '| # | column |'),
  },
  {
    name: 'indexes',
    sql: 'SELECT COUNT(DISTINCT TABLE_NAME, INDEX_NAME) AS n FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?',
    told: ({ tables }) => sum(tables, (table) => table.indexes.length),
    shown: (page) => rowsBelow(page(STRUCTURES), '| index | unique |'),
  },
  {
    name: 'parts of indexes',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?',
    told: ({ tables }) => sum(tables, (table) => sum(table.indexes, (index) => index.parts.length)),
    shown: (page) => sum(below(page(STRUCTURES), '| index | unique |'), (line) => spans(line.split(' | ')[3] ?? '')),
  },
  {
    name: 'foreign keys',
    sql: "SELECT COUNT(*) AS n FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ? AND CONSTRAINT_TYPE = 'FOREIGN KEY'",
    told: ({ tables }) => sum(tables, (table) => table.foreignKeys.length),
    shown: (page) => rowsBelow(page(RELATIONSHIPS), '| foreign key | from |'),
  },
  {
    name: 'CHECKs',
    sql: "SELECT COUNT(*) AS n FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ? AND CONSTRAINT_TYPE = 'CHECK'",
    told: ({ tables }) => sum(tables, (table) => table.checks.length),
    shown: (page) => rowsBelow(page(STRUCTURES), '| check | clause |'),
  },
  {
    name: 'partitions',
    sql: 'SELECT COUNT(DISTINCT TABLE_NAME, PARTITION_NAME) AS n FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ?',
    told: ({ tables }) => sum(tables, (table) => table.partitions.length),
    shown: (page) => rowsBelow(page(STRUCTURES), '| partition | values |'),
  },
  {
    name: 'views',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?',
    told: ({ views }) => views.length,
    shown: (page) => rowsBelow(page(EXTRACTION), '| view | columns |'),
  },
  {
    name: 'columns of views',
    sql: `SELECT COUNT(*) AS n FROM information_schema.COLUMNS JOIN information_schema.TABLES USING (TABLE_SCHEMA, TABLE_NAME)
      WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'VIEW'`,
    told: ({ views }) => sum(views, (view) => view.columns?.length ?? 0),
    shown: (page, { views }) =>
      sum(views, (view) => {
        const line = lineOf(page(EXTRACTION), view.name);
        return (view.columns ?? []).filter((one) => line.includes(code(`${one.name} ${one.columnType}`))).length;
      }),
  },
  {
    name: 'triggers',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
    told: ({ triggers }) => triggers.length,
    shown: (page) => rowsBelow(page(EXTRACTION), '| trigger | table |'),
  },
  {
    name: 'procedures and functions',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?',
    told: ({ routines }) => routines.length,
    shown: (page) => rowsBelow(page(EXTRACTION), '| routine | type |'),
  },
  {
    name: 'parameters',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = ? AND ORDINAL_POSITION > 0',
    told: ({ routines }) => sum(routines, (routine) => routine.parameters?.length ?? 0),
    shown: (page, { routines }) =>
      sum(routines, (routine) => {
        const start = `| ${code(routine.name)} | ${routine.type} |`;
        const line =
          page(EXTRACTION)
            .split('\n')
            .find((one) => one.startsWith(start)) ?? '';
        return (routine.parameters ?? []).filter((one) => line.includes(code(`${one.mode} ${one.name} ${one.type}`)))
          .length;
      }),
  },
  {
    name: 'events',
    sql: 'SELECT COUNT(*) AS n FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?',
    told: ({ events }) => events.length,
    shown: (page) => rowsBelow(page(EXTRACTION), '| event | status |'),
  },
];

/** Objects in information_schema against objects in the artifacts. Fails below 100 %. */
await withServer('default', async (endpoint) => {
  const { host, port, user } = endpoint;
  const connection = await mysql.createConnection({ host, port, user });
  const results: { name: string; cells: string[]; again: string }[] = [];
  for (const [index, database] of laneDatabases().entries()) {
    const name = `coverage_${index}`;
    await fill(endpoint, name, (filled) => database.load(filled, 'default'));
    const reader = await openSource({ host, port, user, database: name }, async (value) => value);
    const analysis = await analysisOf(reader);
    const facts = await recounted(reader, analysis).finally(() => reader.close());
    const held = facts.filter((fact) => fact.holds).length;
    const documents = reports(analysis, []);
    const cells: string[] = [];
    for (const kind of KINDS) {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(kind.sql, [name]);
      const there = Number(rows[0]?.['n']);
      const told = kind.told(analysis);
      const shown = kind.shown((file) => documents.get(file) ?? '', analysis);
      if (told !== there || shown !== there) process.exitCode = 1;
      cells.push(`${there} / ${told} / ${shown}`);
    }
    if (held !== facts.length) process.exitCode = 1;
    results.push({ name: database.name, cells, again: `${held} of ${facts.length}` });
  }
  await connection.end();
  process.stdout.write(`\nServer: ${endpoint.version}. In information_schema / in analysis.json / on the pages.\n\n`);
  printTable(
    ['objects', ...results.map((one) => one.name)],
    [
      ...KINDS.map((kind, index) => [kind.name, ...results.map((one) => one.cells[index] ?? '')]),
      ['facts counted again by SHOW', ...results.map((one) => one.again)],
    ],
  );
});

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

/** Rows of all tables of a page whose head begins so. */
function below(page: string, head: string): string[] {
  const rows: string[] = [];
  let within = false;
  for (const line of page.split('\n')) {
    if (line.startsWith(head)) within = true;
    else if (!line.startsWith('|')) within = false;
    else if (within && !line.startsWith('| --- |')) rows.push(line);
  }
  return rows;
}

function rowsBelow(page: string, head: string): number {
  return below(page, head).length;
}

/** Pieces of code in a cell, which stand between one or more backticks. */
function spans(cell: string): number {
  return [...cell.matchAll(/(`+)[\s\S]+?\1(?!`)/g)].length;
}

function lineOf(page: string, name: string): string {
  return page.split('\n').find((line) => line.startsWith(`| ${code(name)} | ${'`'}`)) ?? '';
}
