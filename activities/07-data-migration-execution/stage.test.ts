import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { createTables, testDynamo } from '../../test/support/dynamo.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { stage } from './index.ts';
import type { ValidationReport } from './reports.ts';
import { openSession } from './session.ts';
import type { Difference } from './validate/compare.ts';
import { validateAll } from './validate/validate.ts';

const SCHEMA = [
  `CREATE TABLE authors (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL UNIQUE, born DATE NULL)
   COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE books (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, author_id BIGINT UNSIGNED NOT NULL,
   title VARCHAR(190) NOT NULL, price DECIMAL(10,2) NOT NULL, published_at DATETIME(6) NOT NULL, cover VARBINARY(32) NULL,
   FOREIGN KEY (author_id) REFERENCES authors (id)) COLLATE utf8mb4_0900_ai_ci`,
  `CREATE TABLE loans (book_id BIGINT UNSIGNED, loan_no INT UNSIGNED, state ENUM('out','back') NOT NULL, legacy_code INT NULL,
   PRIMARY KEY (book_id, loan_no), FOREIGN KEY (book_id) REFERENCES books (id) ON DELETE CASCADE)`,
  `INSERT INTO authors (id, email, born) VALUES (1, 'Ann@Example.org', NULL), (2, 'ÉLAN@x.org', '1970-02-28'),
   (18446744073709551614, 'big@x.org', '0001-01-01')`,
  `INSERT INTO books (author_id, title, price, published_at, cover)
   WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
   SELECT 1 + i % 2, ELT(1 + i % 4, '', 'Ünïcode 📚', 'a|b#c~d%e', 'plain'), i / 100 - 5,
     TIMESTAMPADD(MICROSECOND, i * 1000003, '2020-01-01'), IF(i % 3, NULL, UNHEX(SHA2(i, 256))) FROM n`,
  `INSERT INTO loans SELECT id, 1 + id % 7, IF(id % 2, 'out', 'back'), id FROM books WHERE id <= 500`,
];

describe('the data migration of a small library', () => {
  const client: DynamoDBClient = testDynamo();
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let prefix: string;
  let dropTables: () => Promise<void>;
  let context: TestContext;

  beforeAll(async () => {
    const [schema, inserts] = [SCHEMA.slice(0, 4), SCHEMA.slice(4)];
    database = await testDatabase('library', ['SET SESSION cte_max_recursion_depth = 10000', ...schema, ...inserts]);
  });
  afterAll(async () => {
    await database.drop();
    client.destroy();
  });
  beforeEach(async () => {
    prefix = `${uniqueName('lib')}-`;
    dropTables = await createTables(client, sampleContract(), prefix);
    context = await stageContext(plan(), { 'stage-02/migrationContract.json': JSON.stringify(sampleContract()) });
    return dropTables;
  });

  function plan(): MigrationPlan {
    const { host, port, user } = testEndpoints().mysql;
    const { endpoint, region } = testEndpoints().aws;
    return {
      name: 'library',
      artifactStore: 'unused',
      source: { host, port, user, database: database.name },
      application: {} as MigrationPlan['application'],
      target: { region, endpoint, prefix },
      gates: { policy: 'auto' },
    };
  }

  function report(): ValidationReport {
    return JSON.parse(context.text('stage-07/validation_report.json')) as ValidationReport;
  }

  test('every row arrives, and the comparison agrees twice', async () => {
    await stage.preflight(context);
    await stage.execute(context);
    expect(report().totals).toEqual({ rows: 1703, items: 1703, missing: 0, extra: 0, different: 0 });
    for (const check of await stage.verify(context)) expect(check).toMatchObject({ passed: check.total, failures: [] });
  });

  test('running it again writes nothing and finds the same', async () => {
    await stage.execute(context);
    const first = context.text('stage-07/validation_report.json');
    await context.checkpoint.clear();
    await stage.execute(context);
    expect(context.text('stage-07/validation_report.json')).toBe(first);
    const load = JSON.parse(context.text('stage-07/load_report.json')) as {
      entities: { written: number; existed: number }[];
    };
    expect(load.entities.map(({ written, existed }) => [written, existed])).toEqual([
      [0, 3],
      [0, 1200],
      [0, 500],
    ]);
  });

  test('an interrupted load goes on behind the last acknowledged page', async () => {
    const progress = context.progress.bind(context);
    const interrupted = {
      ...context,
      progress: (step: Parameters<typeof progress>[0]) => {
        if (step.step === 'Load the rows' && (step.done ?? 0) >= 1003) context.aborter.abort(new Error('killed here'));
        progress(step);
      },
    };
    await expect(stage.execute(interrupted)).rejects.toThrow('killed here');
    const resumed = { ...context, signal: new AbortController().signal };
    await stage.execute(resumed);
    const load = JSON.parse(context.text('stage-07/load_report.json')) as {
      entities: { read: number; written: number; existed: number }[];
    };
    const books = load.entities[1];
    expect(books?.read).toBe(1200);
    expect(report().totals).toMatchObject({ rows: 1703, items: 1703, missing: 0, extra: 0, different: 0 });
  });

  test('a newer item of the application is left as it is', async () => {
    const item = { id: { N: '7' }, _v: { N: '41' }, title: { S: 'newer' } };
    await client.send(new PutItemCommand({ TableName: `${prefix}books`, Item: item }));
    await stage.execute(context);
    const { Items } = await client.send(
      new ScanCommand({
        TableName: `${prefix}books`,
        FilterExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { N: '7' } },
      }),
    );
    expect(Items).toEqual([item]);
    expect(report().totals.different).toBe(1);
  });

  test('the comparison finds each corruption, by kind, key and attribute, and nothing else', async () => {
    await stage.execute(context);
    const corruptions: [found: string, corrupt: Promise<unknown>][] = [
      [
        'missing books N:9e0',
        client.send(new DeleteItemCommand({ TableName: `${prefix}books`, Key: { id: { N: '9' } } })),
      ],
      ['missing support S:UNIQUE#authors#authors_email#ann@example.org', removeGuard('ann@example.org')],
      [
        'extra loans N:1e0 | N:99e0',
        client.send(
          new PutItemCommand({
            TableName: `${prefix}loans`,
            Item: { book_id: { N: '1' }, loan_no: { N: '99' }, state: { S: 'out' } },
          }),
        ),
      ],
      ['different books N:1e1 price', set('books', '10', 'price', { N: '1.01' })],
      ['different books N:11e0 title', set('books', '11', 'title', { S: 'PLAIN' })],
      ['different books N:12e0 price', set('books', '12', 'price', { S: '-4.88' })],
      ['different books N:15e0 cover', set('books', '15', 'cover', { B: Buffer.from([1]) })],
      ['different books N:16e0 books_by_author_sk', set('books', '16', 'books_by_author_sk', { S: 'x' })],
      ['different books N:17e0 note', set('books', '17', 'note', { S: 'x' })],
      ['different authors N:1e0 born', set('authors', '1', 'born', { S: '' })],
      ['extra authors N:18446744073709551615e0', set('authors', '18446744073709551615', 'email', { S: 'big@x.org' })],
    ];
    await Promise.all(corruptions.map(([, corrupt]) => corrupt));
    const failed = (await stage.verify(context)).filter((check) => check.passed < check.total);
    expect(failed.map(({ id }) => id)).toEqual(['S7-R3', 'S7-R4', 'S7-R5', 'S7-R6']);

    const found = (await differences()).map(({ kind, table, key, attributes }) =>
      [kind, table.slice(prefix.length), key, ...attributes].join(' '),
    );
    expect(found.sort()).toEqual(corruptions.map(([name]) => name).sort());

    // The same stage again mends what the backfill wrote; what has no version of the backfill is not its own to remove.
    await stage.execute(context);
    expect((await differences()).map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual([
      'extra N:18446744073709551615e0',
      'extra N:1e0 | N:99e0',
    ]);
  });

  async function differences(): Promise<Difference[]> {
    const found: Difference[] = [];
    await openSession(
      { ...plan(), contract: sampleContract(), migration: 'library', secret: async (reference) => reference },
      (session) =>
        validateAll({
          ...session,
          signal: context.signal,
          onRows: () => undefined,
          onDifference: (difference) => void found.push(difference),
        }),
    );
    return found;
  }

  function removeGuard(email: string) {
    const Key = { pk: { S: `UNIQUE#authors#authors_email#${email}` } };
    return client.send(new DeleteItemCommand({ TableName: `${prefix}support`, Key }));
  }

  function set(table: string, id: string, name: string, value: AttributeValue) {
    return client.send(
      new UpdateItemCommand({
        TableName: prefix + table,
        Key: { id: { N: id } },
        UpdateExpression: 'SET #n = :v',
        ExpressionAttributeNames: { '#n': name },
        ExpressionAttributeValues: { ':v': value },
      }),
    );
  }

  test('compensation leaves nothing of the load, and what the application changed', async () => {
    await stage.execute(context);
    await client.send(
      new UpdateItemCommand({
        TableName: `${prefix}books`,
        Key: { id: { N: '5' } },
        UpdateExpression: 'SET #v = :one',
        ExpressionAttributeNames: { '#v': '_v' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    await stage.compensate(context);
    await stage.compensate(context);
    const books = await client.send(new ScanCommand({ TableName: `${prefix}books` }));
    expect(books.Items?.map((item) => item['id'])).toEqual([{ N: '5' }]);
    const [views] = await database.connection.query('SELECT * FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?', [
      database.name,
    ]);
    expect(views).toEqual([]);
    expect([...context.written.keys()]).toEqual([]);
  });

  test('a table that is not deployed stops the stage before anything is written', async () => {
    const missing = { ...context, plan: { ...plan(), target: { ...plan().target, prefix: 'nobody-' } } };
    await expect(stage.preflight(missing)).rejects.toThrow('data.target-not-ready');
  });
});
