import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Analysis } from '../../../core/analysis.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import { testDatabase, testEndpoints } from '../../../test/support/shared-stack.ts';
import { reports } from '../report/index.ts';
import { openSource, type SourceReader } from '../source.ts';
import { analysisOf } from '../testing/analysis-of.ts';
import { invalidUtf8 } from './checks.ts';
import { tableFindings } from './findings.ts';
import { isCard, isIban, kindsOf } from './personal-values.ts';

/** Values that must never be written down, each of a form of its own. */
const PLANTED = [
  'planted.person@example.org',
  'GB82 WEST 1234 5698 7654 32',
  '4111 1111 1111 1111',
  '+41 44 668 18 00',
  '192.0.2.77',
  'Zürichstrasse-Sentinel',
];

const SCHEMA = [
  "SET SESSION sql_mode = ''",
  `CREATE TABLE people (id INT PRIMARY KEY, a VARCHAR(190), b VARCHAR(64), c VARCHAR(64), d VARCHAR(64), e VARCHAR(64), f TEXT,
   g JSON, plain VARCHAR(64), numbers VARCHAR(64), UNIQUE KEY uq (plain, numbers)) COLLATE utf8mb4_0900_ai_ci`,
  `INSERT INTO people VALUES
   (1, '${PLANTED[0]}', '${PLANTED[1]}', '${PLANTED[2]}', '${PLANTED[3]}', '${PLANTED[4]}', '{"street": "${PLANTED[5]}"}', '{"mail": "${PLANTED[0]}"}', 'word ', '1234567'),
   (2, 'planted.person@example.org', 'DE89370400440532013000', '5500005555555559', '044-668 18 00', '2001:db8::1', '[]', NULL, 'other', NULL),
   (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'third', '7654321')`,
  'CREATE TABLE times (id INT PRIMARY KEY, at TIME, y YEAR)',
  "INSERT INTO times VALUES (1, '-01:00:00', 0), (2, '25:00:00', 1999), (3, '23:59:59', 2000)",
  'CREATE TABLE old (id INT PRIMARY KEY, t VARCHAR(20)) CHARACTER SET latin1',
  "INSERT INTO old VALUES (1, _latin1 0xC3A9), (2, _latin1 0xE9), (3, 'plain')",
  'CREATE TABLE bytes (id INT PRIMARY KEY, v VARBINARY(10))',
  'INSERT INTO bytes VALUES (1, 0xFF), (2, 0xC3), (3, 0xC3A9), (4, NULL), (5, 0x41), (6, 0xEDA080)',
];

describe('pre-flight on the data', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let reader: SourceReader;
  let analysis: Analysis;
  const sent: string[] = [];
  let ofFirstRun = 0;

  beforeAll(async () => {
    database = await testDatabase('data', SCHEMA);
    const { host, port, user } = testEndpoints().mysql;
    const opened = await openSource({ host, port, user, database: database.name }, async (value) => value);
    reader = {
      ...opened,
      query: (sql, values) => {
        sent.push(sql);
        return opened.query(sql, values);
      },
    };
    analysis = await analysisOf(reader);
    ofFirstRun = sent.length;
  }, 120_000);
  afterAll(async () => {
    await reader.close();
    await database.drop();
  });

  const found = (table: string, column: string) =>
    analysis.dataFindings
      .filter((one) => one.table === table && one.columns.includes(column))
      .map((one) => [one.severity, one.count, one.finding] as const);

  test.each([
    ['a', 'e-mail address', 2],
    ['b', 'IBAN', 2],
    ['c', 'payment card number', 2],
    ['d', 'telephone number', 2],
    ['e', 'network address', 2],
    ['g', 'e-mail address', 1],
  ])('the values of %s look like %s', (column, kind, count) => {
    expect(found('people', column)).toContainEqual(['info', count, expect.stringContaining(`(${kind}): ${count} of`)]);
  });

  test('a column of plain words and one of numbers are not personal', () => {
    for (const column of ['plain', 'numbers']) {
      expect(found('people', column).filter(([, , finding]) => finding.includes('personal'))).toEqual([]);
    }
  });

  test.each([
    ['people', 'plain', 'warn', 1, /end with spaces/],
    ['people', 'numbers', 'warn', 1, /NULL in a part of a unique key/],
    ['people', 'f', 'info', 2, /looks like JSON.*all rows/],
    ['times', 'at', 'info', 2, /24 hours/],
    ['times', 'y', 'warn', 1, /year 0000/],
    ['old', 't', 'warn', 1, /whose bytes are UTF-8/],
  ])('%s.%s: %s, %d rows', (table, column, severity, count, text) => {
    expect(found(table, column)).toContainEqual([severity, count, expect.stringMatching(text)]);
  });

  test('bytes that are no UTF-8 are told from those that are', async () => {
    const rows = await reader.query(`SELECT id AS id, ${invalidUtf8('v')} AS broken FROM bytes ORDER BY id`);
    expect(rows.map((row) => Number(row['broken']))).toEqual([1, 1, 0, 0, 0, 1]);
  });

  test('no value stands in any artifact', () => {
    const text = [JSON.stringify(analysis), ...reports(analysis, []).values()].join('\n');
    for (const value of [...PLANTED, 'planted', 'DE89370400440532013000', '5500005555555559', '2001:db8']) {
      expect(text).not.toContain(value);
    }
  });

  test('the number of statements depends on the schema, not on the rows', async () => {
    const rows = Array.from({ length: 6_000 }, (_, index) => [index + 10, `w${index}`]);
    await database.connection.query('INSERT INTO people (id, plain) VALUES ?', [rows]);
    sent.length = 0;
    const more = await analysisOf(reader);
    expect(sent.length).toBe(ofFirstRun);
    expect(sent.filter((sql) => /LEFT\(/.test(sql)).every((sql) => / LIMIT \d+$/.test(sql))).toBe(true);
    expect(more.tables.find((one) => one.name === 'people')?.statistics.rows).toBe(6_003);
    const sampled = more.dataFindings.find((one) => one.table === 'people' && /looks like JSON/.test(one.finding));
    expect(sampled === undefined || sampled.finding.includes('one row in')).toBe(true);
  }, 120_000);

  test('a statement that the server refuses becomes a finding, without the message', async () => {
    const table = analysis.tables.find((one) => one.name === 'people')!;
    const refusing: SourceReader = {
      ...reader,
      query: (sql, values) => {
        if (!/LEFT\(/.test(sql)) return reader.query(sql, values);
        const cause = Object.assign(new Error(`Incorrect value: '${PLANTED[0]}'`), {
          code: 'ER_TABLEACCESS_DENIED_ERROR',
        });
        throw new CutoverError('analysis.privileges-missing', { where: 'x', detail: cause.message, cause });
      },
    };
    const findings = await tableFindings(refusing, table);
    expect(findings.filter((one) => one.finding.includes('could not be made'))).toEqual([
      expect.objectContaining({ severity: 'warn', finding: expect.stringContaining('ER_TABLEACCESS_DENIED_ERROR') }),
    ]);
    expect(JSON.stringify(findings)).not.toContain('planted');
  });
});

describe('forms of personal data', () => {
  test('check digits decide', () => {
    expect(['4111111111111111', '4111 1111 1111 1112', '1111111111111', '378282246310005'].map(isCard)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(['GB82 WEST 1234 5698 7654 32', 'GB83WEST12345698765432', 'CH9300762011623852957'].map(isIban)).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('numbers, dates, versions and words are none', () => {
    for (const value of ['1234567890', '2024-01-31', '1.2.3', '10:20', 'a:b', '12:34:56', 'word', '0', '3.14159265']) {
      expect([value, kindsOf([value])]).toEqual([value, []]);
    }
  });
});

test('a foreign key into another database is not measured at a table of the same name here', async () => {
  const elsewhere = await testDatabase('elsewhere', [
    'CREATE TABLE people (id INT PRIMARY KEY)',
    'INSERT INTO people VALUES (7)',
  ]);
  const here = await testDatabase('here', [
    'CREATE TABLE people (id INT PRIMARY KEY)',
    `CREATE TABLE notes (id INT PRIMARY KEY, person_id INT,
     CONSTRAINT notes_person_fk FOREIGN KEY (person_id) REFERENCES \`${elsewhere.name}\`.people (id))`,
    'INSERT INTO notes VALUES (1, 7)',
  ]);
  const { host, port, user } = testEndpoints().mysql;
  const reader = await openSource({ host, port, user, database: here.name }, async (value) => value);
  try {
    const { tables, dataFindings } = await analysisOf(reader);
    const [key] = tables.find(({ name }) => name === 'notes')?.foreignKeys ?? [];
    expect(key).toMatchObject({ referencedDatabase: elsewhere.name, referencedTable: 'people' });
    expect(key?.children).toBeUndefined();
    expect(dataFindings.filter(({ severity }) => severity === 'stop')).toEqual([]);
    const text = `The foreign key notes_person_fk refers to ${elsewhere.name}.people, which is not a table of this database.`;
    expect(dataFindings.map(({ finding }) => finding)).toContain(text);
  } finally {
    await reader.close();
    await here.drop();
    await elsewhere.drop();
  }
}, 120_000);
