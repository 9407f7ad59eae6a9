import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { createTables, testDynamo } from '../../test/support/dynamo.ts';
import { testDatabase, testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { stageContext } from '../../test/support/stage-context.ts';
import { stage } from './index.ts';

const SCHEMA = [
  `CREATE TABLE authors (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL UNIQUE, born DATE NULL)`,
  `CREATE TABLE books (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, author_id BIGINT UNSIGNED NOT NULL,
   title VARCHAR(190) NOT NULL, price DECIMAL(10,2) NOT NULL, published_at DATETIME(6) NOT NULL, cover GEOMETRY NULL)`,
  `CREATE TABLE loans (book_id BIGINT UNSIGNED, loan_no INT UNSIGNED, state ENUM('out','back') NOT NULL, legacy_code INT NULL,
   PRIMARY KEY (book_id, loan_no))`,
  `INSERT INTO books VALUES (1, 1, 'a', 1, '2020-01-01', ST_GeomFromText('POINT(1 2)')), (2, 1, 'b', 1, '2020-01-01', NULL),
   (3, 1, 'c', 1, '2020-01-01', ST_GeomFromText('LINESTRING(0 0, 1 1.5)', 4326))`,
];

/** The sample contract, its books with a place instead of a cover. */
function spatialContract(): MigrationContract {
  const text = JSON.stringify(sampleContract());
  return JSON.parse(text.replace('"data_type":"varbinary"', '"data_type":"geometry"')) as MigrationContract;
}

test('spatial values arrive as the bytes that MySQL keeps, SRID included, and compare equal', async () => {
  const client = testDynamo();
  const database = await testDatabase('spatial', SCHEMA);
  const prefix = `${uniqueName('geo')}-`;
  const contract = spatialContract();
  const dropTables = await createTables(client, contract, prefix);
  try {
    const { host, port, user } = testEndpoints().mysql;
    const { endpoint, region } = testEndpoints().aws;
    const plan = {
      name: 'spatial',
      source: { host, port, user, database: database.name },
      target: { region, endpoint, prefix },
    } as MigrationPlan;
    const context = await stageContext(plan, { 'stage-02/migrationContract.json': JSON.stringify(contract) });
    await stage.execute(context);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: `${prefix}books` }));
    const covers = new Map(Items.map((item) => [item['id']?.N, item['cover']?.B]));
    // SRID, then well-known binary: byte order, kind, x, y.
    const point = Buffer.alloc(25);
    point.writeUInt8(1, 4);
    point.writeUInt32LE(1, 5);
    point.writeDoubleLE(1, 9);
    point.writeDoubleLE(2, 17);
    expect(Buffer.from(covers.get('1') ?? [])).toEqual(point);
    expect(covers.get('2')).toBeUndefined();
    expect(Buffer.from(covers.get('3') ?? []).readUInt32LE(0)).toBe(4326);
    for (const check of await stage.verify(context)) expect(check).toMatchObject({ passed: check.total, failures: [] });
  } finally {
    await dropTables();
    await database.drop();
    client.destroy();
  }
});
