import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { testDatabase, testEndpoints } from '../../test/support/shared-stack.ts';
import { createFences, createOutbox, createTriggers, dropFences, dropTriggers, triggerName } from './outbox-sql.ts';
import type { InboundReference, SourceTable, SourceTables } from './source-tables.ts';

const DDL = [
  'CREATE TABLE owners (id INT PRIMARY KEY, email VARCHAR(50) UNIQUE)',
  `CREATE TABLE trees (id INT PRIMARY KEY, owner_id INT NULL, parent_id INT NULL,
     FOREIGN KEY (owner_id) REFERENCES owners (id) ON DELETE CASCADE ON UPDATE CASCADE,
     FOREIGN KEY (parent_id) REFERENCES trees (id) ON DELETE CASCADE)`,
  `CREATE TABLE leaves (tree_id INT, no INT, tag VARCHAR(20) NULL, PRIMARY KEY (tree_id, no), UNIQUE KEY (tag),
     FOREIGN KEY (tree_id) REFERENCES trees (id) ON DELETE CASCADE)`,
  `CREATE TABLE birds (code VARBINARY(8) PRIMARY KEY, tree_id INT NULL,
     FOREIGN KEY (tree_id) REFERENCES trees (id) ON DELETE SET NULL)`,
];
const reference = (table: string, column: string, rest: Partial<InboundReference>): InboundReference => ({
  table,
  columns: [column],
  targetColumns: ['id'],
  onDelete: 'CASCADE',
  onUpdate: 'RESTRICT',
  ...rest,
});
const table = (key: SourceTable['key'], rest: Partial<SourceTable>): SourceTable => ({
  migrated: true,
  key,
  unique: [],
  referencedBy: [],
  ...rest,
});
const ID = { column: 'id', form: 'text' } as const;
const TABLES: SourceTables = {
  owners: table([ID], {
    unique: [{ column: 'email', form: 'text' }],
    referencedBy: [reference('trees', 'owner_id', { onUpdate: 'CASCADE' })],
  }),
  trees: table([ID], {
    referencedBy: [
      reference('trees', 'parent_id', {}),
      reference('leaves', 'tree_id', {}),
      reference('birds', 'tree_id', { onDelete: 'SET NULL' }),
    ],
  }),
  leaves: table(
    [
      { column: 'tree_id', form: 'text' },
      { column: 'no', form: 'text' },
    ],
    { unique: [{ column: 'tag', form: 'text' }] },
  ),
  birds: table([{ column: 'code', form: 'hex' }], {}),
};

describe('triggers of the outbox', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let other: Connection;
  const sql = async (text: string) => (await database.connection.query<RowDataPacket[]>(text))[0];

  beforeAll(async () => {
    database = await testDatabase('outbox', [...DDL, createOutbox(1000n), ...createTriggers(TABLES)]);
    const { host, port, user, password } = testEndpoints().mysql;
    other = await mysql.createConnection({ host, port, user, password, database: database.name });
  });
  afterAll(async () => {
    await other.end();
    await database.drop();
  });

  /** Enqueued keys since the last look, each once. */
  async function enqueued(): Promise<string[]> {
    const rows = await sql(
      "SELECT DISTINCT CONCAT(source_table, ' ', CAST(row_key AS CHAR), IFNULL(CAST(row_uniques AS CHAR), '')) AS entry FROM cutover_outbox",
    );
    await sql('DELETE FROM cutover_outbox');
    return rows.map((row) => String(row['entry'])).sort();
  }

  async function forest(depth: number): Promise<void> {
    await sql("INSERT INTO owners VALUES (1, 'a@x')");
    await sql('INSERT INTO trees VALUES (1, 1, NULL)');
    for (let id = 2; id <= depth; id++) await sql(`INSERT INTO trees VALUES (${id}, NULL, ${id - 1})`);
    await sql(`INSERT INTO leaves VALUES (${depth}, 1, 'deep')`);
    await sql(`INSERT INTO birds VALUES (X'00FF', ${depth})`);
  }

  test('inserts, updates that do or do not move the key, deletes', async () => {
    await sql("INSERT INTO owners VALUES (1, 'a@x')");
    const [first] = await sql('SELECT MIN(id) AS id FROM cutover_outbox');
    expect(Number(first?.['id'])).toBe(1000);
    expect(await enqueued()).toEqual(['owners ["1"]']);
    await sql("UPDATE owners SET email = 'b@x'");
    expect(await enqueued()).toEqual(['owners ["1"]{"email": "a@x"}']);
    await sql('UPDATE owners SET id = 2');
    expect(await enqueued()).toEqual(['owners ["1"]{"email": "b@x"}', 'owners ["2"]']);
    await sql("REPLACE INTO owners VALUES (3, 'b@x')");
    expect(await enqueued()).toEqual(['owners ["2"]{"email": "b@x"}', 'owners ["3"]']);
    await sql('DELETE FROM owners');
    expect(await enqueued()).toEqual(['owners ["3"]{"email": "b@x"}']);
  });

  test('a rolled back change enqueues nothing', async () => {
    await sql('START TRANSACTION');
    await sql("INSERT INTO owners VALUES (9, 'n@x')");
    await sql('ROLLBACK');
    expect(await enqueued()).toEqual([]);
  });

  test('a cascade through a table that refers to itself is followed to its end', async () => {
    await forest(9);
    await enqueued();
    await sql('DELETE FROM owners');
    expect(await sql('SELECT * FROM trees')).toEqual([]);
    expect(await sql('SELECT HEX(code) AS code, tree_id FROM birds')).toEqual([{ code: '00FF', tree_id: null }]);
    expect(await enqueued()).toEqual([
      'birds ["00FF"]',
      'leaves ["9", "1"]{"tag": "deep"}',
      'owners ["1"]{"email": "a@x"}',
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => `trees ["${id}"]`),
    ]);
    await sql('DELETE FROM birds');
    await enqueued();
  });

  test('a cascade that starts in the table that refers to itself', async () => {
    await forest(4);
    await enqueued();
    await sql('DELETE FROM trees WHERE id = 2');
    expect(await enqueued()).toEqual(['birds ["00FF"]', 'leaves ["4", "1"]{"tag": "deep"}', 'trees ["2"]', 'trees ["3"]', 'trees ["4"]']); // prettier-ignore
    await sql('DELETE FROM owners');
    await sql('DELETE FROM birds');
    await enqueued();
  });

  test('a moved key enqueues the children that move with it', async () => {
    await forest(2);
    await enqueued();
    await sql('UPDATE owners SET id = 7');
    expect(await enqueued()).toEqual(['owners ["1"]{"email": "a@x"}', 'owners ["7"]', 'trees ["1"]']);
    await sql('DELETE FROM owners');
    await sql('DELETE FROM birds');
    await enqueued();
  });

  test.each(['REPEATABLE READ', 'READ COMMITTED'])(
    'ids of a cascade are given after its rows are locked: %s',
    async (level) => {
      await sql(`SET SESSION TRANSACTION ISOLATION LEVEL ${level}`);
      await sql("INSERT INTO owners VALUES (1, 'a@x')");
      for (let id = 1; id <= 6; id++) await sql(`INSERT INTO trees VALUES (${id}, 1, NULL)`);
      for (let id = 1; id <= 6; id++) await sql(`INSERT INTO leaves VALUES (${id}, 1, NULL)`);
      await enqueued();
      await other.query('START TRANSACTION');
      await other.query("UPDATE leaves SET tag = 'first' WHERE tree_id = 4");
      const deletion = sql('DELETE FROM owners');
      await delay(300);
      // A later change of the row that the cascade waits for, before it may go on.
      await other.query("UPDATE leaves SET tag = 'second' WHERE tree_id = 4");
      await other.query('COMMIT');
      await deletion;
      const rows = await sql(
        `SELECT id, connection_id AS c FROM cutover_outbox WHERE source_table = 'leaves' AND row_key = CAST('["4", "1"]' AS JSON) ORDER BY id`,
      );
      const writer = other.threadId;
      const ofOther = rows.filter((row) => Number(row['c']) === writer).map((row) => Number(row['id']));
      const ofCascade = rows.filter((row) => Number(row['c']) !== writer).map((row) => Number(row['id']));
      expect(ofOther.length).toBe(2);
      expect(ofCascade.length).toBe(1);
      expect(Math.max(...ofOther)).toBeLessThan(Math.min(...ofCascade));
      await enqueued();
    },
  );

  test('a circle of cascades is refused', () => {
    const circle: SourceTables = {
      a: table([ID], { referencedBy: [reference('b', 'a_id', {})] }),
      b: table([ID], { referencedBy: [reference('a', 'b_id', {})] }),
    };
    expect(() => createTriggers(circle)).toThrow('circle');
  });

  test('fences refuse every change and can be taken away; triggers are dropped, twice if need be', async () => {
    for (const statement of createFences(TABLES)) await sql(statement);
    await expect(sql("INSERT INTO owners VALUES (5, 'z@x')")).rejects.toThrow('has moved to DynamoDB');
    for (const statement of [...dropFences(TABLES), ...dropTriggers(TABLES), ...dropTriggers(TABLES)])
      await sql(statement);
    await sql("INSERT INTO owners VALUES (5, 'z@x')");
    expect(await enqueued()).toEqual([]);
  });

  test('long names stay within 64 characters and apart', () => {
    const long = 't'.repeat(63);
    expect(triggerName('AFTER_UPDATE', `${long}a`)).not.toBe(triggerName('AFTER_UPDATE', `${long}b`));
    expect(triggerName('AFTER_UPDATE', `${long}a`).length).toBeLessThanOrEqual(64);
  });
});
