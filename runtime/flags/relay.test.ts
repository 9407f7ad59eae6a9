import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'mysql2/promise';
import { Events } from './events.ts';
import { createOutbox, createTriggers } from './outbox-sql.ts';
import { Relay } from './relay.ts';
import { openSourcePool } from './source-pool.ts';
import { LIBRARY, openLibrary, type Library } from '../../activities/05-feature-flags-system/testing/library.ts';

describe('the relay', () => {
  let library: Library;
  const pools: Pool[] = [];

  beforeEach(async () => {
    library = await openLibrary();
    for (const statement of [createOutbox(1n), ...createTriggers(LIBRARY)]) await library.connection.query(statement);
  });
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.end();
    await library.close();
  });

  function relay(client = library.client): Relay {
    const pool = openSourcePool(library.pool());
    pools.push(pool);
    return new Relay({ client, model: library.model, tables: LIBRARY, pool: () => pool, events: new Events(() => undefined) }); // prettier-ignore
  }

  test('carries inserts, updates, moved keys, unique values that change hands, cascades and deletes', async () => {
    const one = relay();
    const { connection } = library;
    await connection.query(
      "INSERT INTO authors VALUES (1, 'Ann@x', '1970-01-01'), (2, 'bob@x', NULL), (18446744073709551614, 'big@x', NULL)",
    );
    await connection.query("INSERT INTO books VALUES (1, 1, 'Ünï 📚', -5.50, '2020-01-01 00:00:00.000000', X'00FF')");
    await connection.query("INSERT INTO loans VALUES (1, 1, 'out', 7), (1, 2, 'back', 7)");
    await one.drainAll();
    expect(await library.differences()).toEqual([]);
    await connection.query("UPDATE authors SET email = 'tmp@x' WHERE id = 1");
    await connection.query("UPDATE authors SET email = 'ANN@x' WHERE id = 2");
    await connection.query("UPDATE authors SET email = 'bob@x' WHERE id = 1");
    await connection.query('UPDATE loans SET loan_no = 9 WHERE loan_no = 1');
    await one.drainAll();
    expect(await library.differences()).toEqual([]);
    await connection.query('DELETE FROM books');
    await connection.query('DELETE FROM authors WHERE id = 2');
    await one.drainAll();
    expect(await library.differences()).toEqual([]);
    expect(await one.depth()).toBe(0);
    await connection.query("INSERT INTO authors VALUES (2, 'ann@x', NULL)");
    await one.drainAll();
    expect(await library.differences()).toEqual([]);
  });

  test('drains what one connection enqueued, and leaves the rest to its writers', async () => {
    const one = relay();
    const pool = library.pool();
    const mine = await pool.getConnection();
    await mine.query("INSERT INTO authors VALUES (1, 'a@x', NULL)");
    await library.connection.query("INSERT INTO authors VALUES (2, 'b@x', NULL)");
    await one.drainConnection(mine.threadId);
    expect(await one.depth()).toBe(1);
    mine.release();
  });

  test('a row that was deleted while the backfill held it is not brought back, nor is its guard', async () => {
    const one = relay();
    await library.connection.query("INSERT INTO authors VALUES (1, 'a@x', NULL), (2, 'b@x', NULL)");
    await library.connection.query('DELETE FROM cutover_outbox');
    const before = library.connection;
    await before.query("UPDATE authors SET email = 'c@x' WHERE id = 1");
    await before.query('DELETE FROM authors WHERE id = 2');
    await one.drainAll();
    // What a backfill that read the rows before would do now: put only where nothing stands.
    const { insertNew } = await import('../../activities/07-data-migration-execution/load/writer.ts');
    const { rowToItem, guardItems } = await import('../store/codec.ts');
    const authors = library.model.entities['authors'];
    if (authors === undefined) throw new Error('no entity');
    const rows = [
      { id: '1', email: 'a@x', born: null },
      { id: '2', email: 'b@x', born: null },
    ];
    const signal = new AbortController().signal;
    const table = (name: string, pk: string) => ({ name: library.prefix + name, pk });
    await insertNew(library.client, table('authors', 'id'), rows.map((row) => rowToItem(library.model, authors, row, 0n)), signal); // prettier-ignore
    await insertNew(library.client, table('support', 'pk'), rows.flatMap((row) => guardItems(library.model, authors, row)), signal); // prettier-ignore
    expect(await library.differences()).toEqual([]);
  });

  test('rows stay while DynamoDB does not answer, and go when it does again', async () => {
    const nobody = new DynamoDBClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', maxAttempts: 1, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }); // prettier-ignore
    const down = relay(nobody);
    await library.connection.query("INSERT INTO authors VALUES (1, 'a@x', NULL), (2, 'b@x', NULL)");
    await expect(down.drainAll()).rejects.toThrow();
    expect(down.behind).toBe(true);
    expect(await down.depth()).toBe(2);
    const up = relay();
    await up.drainAll();
    expect(await up.depth()).toBe(0);
    expect(await library.differences()).toEqual([]);
    nobody.destroy();
  });

  test('a row that can not be carried keeps none of the others from it', async () => {
    const one = relay();
    await library.connection.query("INSERT INTO authors VALUES (1, 'a@x', NULL)");
    await library.connection.query(
      "INSERT INTO cutover_outbox (source_table, row_key, connection_id) VALUES ('authors', JSON_ARRAY('no number'), 1)",
    );
    await library.connection.query("INSERT INTO authors VALUES (2, 'b@x', NULL)");
    await expect(one.drainAll()).rejects.toThrow();
    expect(await one.depth()).toBe(1);
    const item = await library.client.send(
      new GetItemCommand({ TableName: `${library.prefix}authors`, Key: { id: { N: '2' } } }),
    );
    expect(item.Item).toBeDefined();
  });

  test('writers, two relays, own drains, cascades and a backfill at once lose nothing', async () => {
    const { connection } = library;
    await connection.query(
      `INSERT INTO authors (id, email) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT i, CONCAT('a', i, '@x') FROM n`,
    );
    await connection.query(
      `INSERT INTO books SELECT id, id, 'first', 1, '2020-01-01', NULL FROM authors WHERE id <= 200`,
    );
    await connection.query(`INSERT INTO loans SELECT id, 1, 'out', NULL FROM books`);
    await connection.query('DELETE FROM cutover_outbox');
    const relays = [relay(), relay()];
    for (const each of relays) each.start();
    const pool = library.pool();
    let open = true;
    const writers = [1, 2, 3, 4, 5].map(async (seed) => {
      let state = seed * 7919;
      const random = (most: number) => (state = (state * 48271) % 2147483647) % most;
      while (open) {
        const writer = await pool.getConnection();
        const book = 1 + random(200);
        const author = 1 + random(300);
        try {
          await writer.beginTransaction();
          await writer.query(`SET TRANSACTION ISOLATION LEVEL READ COMMITTED`).catch(() => undefined);
          const kind = random(7);
          if (kind === 0) await writer.query('DELETE FROM books WHERE id = ?', [book]);
          if (kind === 1) await writer.query("INSERT IGNORE INTO books VALUES (?, ?, 'again', 2, NOW(6), NULL)", [book, author]); // prettier-ignore
          if (kind === 2) await writer.query("INSERT IGNORE INTO loans VALUES (?, ?, 'out', NULL)", [book, random(4)]);
          if (kind === 3) await writer.query('UPDATE books SET price = price + 1, published_at = NOW(6) WHERE id = ?', [book]); // prettier-ignore
          if (kind === 4) await writer.query("UPDATE authors SET email = CONCAT('a', ?, '@x') WHERE id = ?", [random(400), author]); // prettier-ignore
          if (kind === 5) await writer.query('DELETE FROM authors WHERE id = ?', [author]);
          if (kind === 6) await writer.query('UPDATE loans SET loan_no = loan_no + 10 WHERE book_id = ?', [book]);
          await (random(5) === 0 ? writer.rollback() : writer.commit());
          if (random(2) === 0) await relays[seed % 2]?.drainConnection(writer.threadId);
        } catch (error) {
          const code = (error as { code?: string }).code ?? '';
          await writer.rollback();
          if (!/^ER_(DUP_ENTRY|ROW_IS_REFERENCED_2|NO_REFERENCED_ROW_2|LOCK_DEADLOCK|DATA_OUT_OF_RANGE)$/.test(code))
            throw error;
        } finally {
          writer.release();
        }
      }
    });
    const all = Promise.all(writers);
    await library.backfill();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    open = false;
    await all;
    for (const each of relays) await each.stop();
    await relays[0]?.drainAll();
    expect(await relays[0]?.depth()).toBe(0);
    expect(await library.differences()).toEqual([]);
  });
});
