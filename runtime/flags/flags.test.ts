/* eslint-disable @typescript-eslint/unbound-method -- destructured helpers of the test itself, none of which uses this */
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import getPort from 'get-port';
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { testEndpoints } from '../../test/support/shared-stack.ts';
import { itemKey, itemToRow, rowToItem } from '../store/codec.ts';
import { createFlagsDal } from './index.ts';
import { runInRequest } from './request-context.ts';
import { LIBRARY, openLibrary, type Library } from '../../activities/05-feature-flags-system/testing/library.ts';
import type { DalShape, UnitShape } from './unit.ts';

const METHODS = { authors: { find: 'read', insert: 'write', rename: 'write' } } as const;
interface Author {
  id: string;
  email: string;
}
interface Dal extends DalShape {
  authors: {
    find(input: { id: string }, unit?: UnitShape): Promise<Author[]>;
    insert(input: Author, unit?: UnitShape): Promise<unknown>;
    rename(input: Author, unit?: UnitShape): Promise<unknown>;
  };
}
const TOKEN = 'a-token-of-enough-characters';

/** As stage 3 prints it. */
function mysqlDal(pool: Pool): Dal & { pool: Pool } {
  const on = (unit: UnitShape | undefined): Pool | PoolConnection =>
    unit === undefined ? pool : (unit as unknown as { connection: PoolConnection }).connection;
  return {
    pool,
    authors: {
      find: async ({ id }, unit) => (await on(unit).query<RowDataPacket[]>('SELECT CAST(id AS CHAR) AS id, email FROM authors WHERE id = ?', [id]))[0] as unknown as Author[], // prettier-ignore
      insert: async ({ id, email }, unit) => (await on(unit).query<ResultSetHeader>('INSERT INTO authors (id, email) VALUES (?, ?)', [id, email]))[0], // prettier-ignore
      rename: async ({ id, email }, unit) => (await on(unit).query<ResultSetHeader>('UPDATE authors SET email = ? WHERE id = ?', [email, id]))[0], // prettier-ignore
    },
    begin: async () => {
      const connection = await pool.getConnection();
      return {
        connection,
        begin: () => connection.beginTransaction(),
        commit: () => connection.commit(),
        rollback: () => connection.rollback(),
        release: () => connection.release(),
      };
    },
    ping: async () => void (await pool.query('SELECT 1')),
    close: () => pool.end(),
  };
}

function dynamoDal(library: Library, client: DynamoDBClient): Dal {
  const authors = library.model.entities['authors'];
  if (authors === undefined) throw new Error('no entity');
  const TableName = `${library.prefix}authors`;
  const put = async ({ id, email }: Author): Promise<unknown> =>
    client.send(new PutItemCommand({ TableName, Item: rowToItem(library.model, authors, { id, email, born: null }, 9_000_000n) })); // prettier-ignore
  const nothing = { begin: () => Promise.resolve(), commit: () => Promise.resolve(), rollback: () => Promise.resolve(), release: () => undefined }; // prettier-ignore
  return {
    authors: {
      find: async ({ id }) => {
        const { Item } = await client.send(new GetItemCommand({ TableName, Key: itemKey(library.model, authors, { id }), ConsistentRead: true })); // prettier-ignore
        if (Item === undefined || Item['_deleted'] !== undefined) return [];
        const row = itemToRow(authors, Item);
        return [{ id: String(row['id']), email: String(row['email']) }];
      },
      insert: put,
      rename: put,
    },
    begin: () => Promise.resolve(nothing),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

describe('the data access layer over both stores', () => {
  let library: Library;
  const open: Dal[] = [];
  const extra: DynamoDBClient[] = [];

  beforeEach(async () => {
    library = await openLibrary();
  });
  afterEach(async () => {
    for (const dal of open.splice(0)) await dal.close();
    for (const client of extra.splice(0)) client.destroy();
    await library.close();
  });

  interface Instance {
    readonly dal: Dal;
    readonly mysqlOpened: () => boolean;
    api(
      method: string,
      path: string,
      body?: object,
      token?: string,
    ): Promise<{ status: number; json: Record<string, unknown> }>;
    to(phase: number, confirm?: string): Promise<Record<string, unknown>>;
  }

  async function instance(options: { endpoint?: string; quietMs?: number } = {}): Promise<Instance> {
    const port = await getPort();
    const endpoint = options.endpoint ?? testEndpoints().aws.endpoint;
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }); // prettier-ignore
    extra.push(client);
    let opened = false;
    const dal = createFlagsDal<Dal>({
      mysql: () => {
        opened = true;
        return mysqlDal(library.pool());
      },
      dynamodb: () => dynamoDal(library, client),
      model: library.model,
      tables: LIBRARY,
      methods: METHODS,
      environment: {
        FLAGS_CONTROL_PORT: String(port),
        FLAGS_CONTROL_TOKEN: TOKEN,
        FLAGS_COOKIE_SECRET: 'a-secret-of-enough-characters',
        FLAGS_QUIET_MS: String(options.quietMs ?? 3000),
        DYNAMODB_ENDPOINT: endpoint,
        AWS_REGION: 'us-east-1',
      },
    });
    open.push(dal);
    const api: Instance['api'] = async (method, path, body, token = TOKEN) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    };
    const to: Instance['to'] = async (phase, confirm) => {
      const { status, json } = await api('POST', '/api/phase', { to: phase, by: 'test', why: 'test', ...(confirm === undefined ? {} : { confirm }) }); // prettier-ignore
      if (status !== 200) throw new Error(String(json['error']));
      return json;
    };
    await dal.ping();
    return { dal, api, to, mysqlOpened: () => opened };
  }

  test('all phases forwards, and back again from those that can be left', async () => {
    const { dal, api, to } = await instance();
    await dal.authors.insert({ id: '1', email: 'one@x' });
    await expect(to(3)).rejects.toThrow('one by one');
    const started = Date.now();
    await to(2);
    expect(Date.now() - started).toBeLessThan(2000);
    await library.backfill();
    await dal.authors.insert({ id: '2', email: 'two@x' });
    expect(await library.differences()).toEqual([]);
    await to(3);
    expect(await dal.authors.find({ id: '2' })).toEqual([{ id: '2', email: 'two@x' }]);
    await to(4);
    await dal.authors.rename({ id: '1', email: 'uno@x' });
    expect(await dal.authors.find({ id: '1' })).toEqual([{ id: '1', email: 'uno@x' }]);
    const unit = await dal.begin();
    await unit.begin();
    await dal.authors.insert({ id: '3', email: 'three@x' }, unit);
    await unit.commit();
    unit.release();
    expect(await dal.authors.find({ id: '3' })).toEqual([{ id: '3', email: 'three@x' }]);
    for (const phase of [3, 2, 1]) await to(phase);
    expect((await library.connection.query('SHOW TRIGGERS'))[0]).toEqual([]);
    // Changes that nobody carried, then forwards again: everything is carried anew.
    await dal.authors.rename({ id: '2', email: 'deux@x' });
    await library.connection.query('DELETE FROM authors WHERE id = 3');
    for (const phase of [2, 3, 4]) await to(phase);
    expect(await library.differences()).toEqual([]);
    await expect(to(5)).rejects.toThrow('dynamodb-only');
    await to(5, 'dynamodb-only');
    await dal.authors.insert({ id: '9', email: 'nine@x' });
    expect(await dal.authors.find({ id: '9' })).toHaveLength(1);
    expect((await library.connection.query<RowDataPacket[]>('SELECT id FROM authors WHERE id = 9'))[0]).toEqual([]);
    await expect(library.connection.query("INSERT INTO authors VALUES (50, 'x@x', NULL)")).rejects.toThrow(
      'moved to DynamoDB',
    );
    await expect(to(4)).rejects.toThrow('point of no return');
    // A new instance never asks for MySQL.
    const late = await instance();
    expect(await late.dal.authors.find({ id: '9' })).toHaveLength(1);
    expect(late.mysqlOpened()).toBe(false);
    expect((await api('GET', '/api/status')).json).toMatchObject({ phase: 5, mismatches: 0 });
  });

  test('a phase change under load with two instances loses nothing', async () => {
    const [one, two] = [await instance(), await instance()];
    let running = true;
    let id = 0;
    const written: string[] = [];
    const load = [one, two].map(async ({ dal }) => {
      while (running) {
        const own = String(++id);
        await dal.authors.insert({ id: own, email: `a${own}@x` });
        written.push(own);
      }
    });
    await to(2, one);
    await library.backfill();
    await to(3, two);
    await to(4, one);
    await to(5, two, 'dynamodb-only');
    await delay(300);
    running = false;
    await Promise.all(load);
    const found = await Promise.all(written.map(async (own) => (await one.dal.authors.find({ id: own })).length));
    expect(found.every((count) => count === 1)).toBe(true);
    expect(written.length).toBeGreaterThan(20);
  });

  test('an instance that does not become quiet: the announcement is withdrawn, and all go on', async () => {
    const [one, two] = [await instance({ quietMs: 1000 }), await instance()];
    const stuck = await two.dal.begin();
    await expect(one.to(2)).rejects.toThrow('did not become quiet');
    stuck.release();
    await two.dal.authors.insert({ id: '1', email: 'a@x' });
    expect((await one.api('GET', '/api/status')).json).toMatchObject({ phase: 1, announced: null });
    await one.to(2);
  });

  test('phase 3 finds a difference, and phase 4 asks for it to be looked at', async () => {
    const { dal, api, to } = await instance();
    await dal.authors.insert({ id: '1', email: 'secret@x' });
    for (const phase of [2, 3]) await to(phase);
    expect(await dal.authors.find({ id: '1' })).toHaveLength(1); // There was no backfill.
    for (let look = 0; look < 50 && (await api('GET', '/api/status')).json['mismatches'] !== 1; look++)
      await delay(100);
    const events = JSON.stringify((await api('GET', '/api/events')).json);
    expect(events).toContain('authors.find');
    expect(events).not.toContain('secret');
    await expect(to(4)).rejects.toThrow('reads differed');
    await to(4, 'read-mismatches');
  });

  test('the control server asks for its token; a cookie puts one browser on DynamoDB, a forged one does not', async () => {
    const { dal, api, to } = await instance();
    expect((await api('GET', '/api/status', undefined, 'wrong')).status).toBe(401);
    await to(2);
    await dal.authors.insert({ id: '1', email: 'a@x' });
    await library.client.send(new PutItemCommand({ TableName: `${library.prefix}authors`, Item: { id: { N: '1' }, email: { S: 'dynamo@x' }, _v: { N: '99' } } })); // prettier-ignore
    const answer = await runInRequest({ reads: 'dynamodb', open: 0 }, () => dal.authors.find({ id: '1' }));
    expect(answer).toEqual([{ id: '1', email: 'dynamo@x' }]);
    expect(await dal.authors.find({ id: '1' })).toEqual([{ id: '1', email: 'a@x' }]);
    const { json } = await api('POST', '/api/cookie', { reads: 'dynamodb', minutes: 5 });
    const { readsOf } = await import('./cookie.ts');
    const secret = 'a-secret-of-enough-characters';
    const value = String(json['value']);
    expect(readsOf(`x=1; cutover_reads=${value}`, secret)).toBe('dynamodb');
    expect(readsOf(`cutover_reads=${value.replace('dynamodb', 'mysql')}`, secret)).toBeUndefined();
    expect(readsOf(`cutover_reads=${value}`, 'another-secret-of-enough')).toBeUndefined();
    expect(readsOf(`cutover_reads=${value}`, secret, new Date(Date.now() + 600_000))).toBeUndefined();
  });

  test('DynamoDB goes away in phases 2, 3 and 4: writes and reads go on, and nothing is lost', async () => {
    const proxy = await cuttable(testEndpoints().aws.endpoint);
    try {
      const { dal, api, to } = await instance({ endpoint: proxy.url });
      for (const phase of [2, 3, 4]) {
        if (phase < 4) await to(phase);
        const id = String(phase);
        await dal.authors.insert({ id, email: `before${id}@x` });
        proxy.cut();
        await dal.authors.rename({ id, email: `during${id}@x` });
        const started = Date.now();
        expect(await dal.authors.find({ id })).toEqual([{ id, email: `during${id}@x` }]);
        expect(Date.now() - started).toBeLessThan(2500);
        proxy.mend();
        for (let look = 0; look < 100; look++) {
          const json: Record<string, unknown> = await api('GET', '/api/status').then(
            (answer) => answer.json,
            () => ({}),
          );
          if (json['outbox'] === 0 && json['behind'] === false) break;
          await delay(200);
        }
        expect(await library.differences()).toEqual([]);
        // What was asked while DynamoDB was away counts as a read that differed; an operator says that he knows.
        if (phase === 3)
          await api('POST', '/api/phase', { to: 4, by: 'test', why: 'test', confirm: 'read-mismatches' });
      }
    } finally {
      for (const dal of open.splice(0)) await dal.close();
      await proxy.close();
    }
  });

  async function to(phase: number, by: Instance, confirm?: string): Promise<void> {
    await by.to(phase, confirm);
  }
});

/** A TCP proxy that can be cut like a cable. */
async function cuttable(target: string): Promise<{ url: string; cut(): void; mend(): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let broken = false;
  const server = createServer((socket) => {
    const far = connect(Number(port), hostname);
    for (const end of [socket, far]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => sockets.delete(end));
    }
    if (broken) {
      socket.destroy();
      far.destroy();
      return;
    }
    socket.pipe(far).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut: () => {
      broken = true;
      drop();
    },
    mend: () => void (broken = false),
    close: async () => {
      drop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
