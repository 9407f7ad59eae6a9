import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import mysql from 'mysql2/promise';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import {
  ensureInstalled,
  SEARCH_ATTRIBUTES,
  startStack,
  type AwsEndpoint,
  type MysqlEndpoint,
  type Stack,
} from './index.ts';
import { useOwnHome } from './testing/home.ts';

// Real servers on a machine that may be busy with other things.
jest.setTimeout(180_000);

let removeHome = (): void => undefined;
const stacks: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  await ensureInstalled(['temporal', 'mysql', 'aws']);
  removeHome = useOwnHome();
}, 300_000);
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
});
afterAll(() => removeHome());

function kept<S extends { stop(): Promise<void> }>(stack: S): S {
  stacks.push(stack);
  return stack;
}

async function query(endpoint: MysqlEndpoint, sql: string): Promise<mysql.RowDataPacket[]> {
  const { host, port, user, password } = endpoint;
  const connection = await mysql.createConnection({ host, port, user, password });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function tables({ endpoint, region }: AwsEndpoint, create?: string): Promise<string[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
  if (create !== undefined) {
    await client.send(
      new CreateTableCommand({
        TableName: create,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
  }
  const { TableNames } = await client.send(new ListTablesCommand({}));
  client.destroy();
  return TableNames ?? [];
}

test('MySQL stopped and started again, and even killed, keeps its data and its port while the rest stays up', async () => {
  const stack = kept(
    await startStack({
      name: 'keeps',
      parts: ['mysql', 'aws'],
      mysql: { generalLog: true, user: { name: 'app', password: "p'w" } },
    }),
  );
  const before = stack.endpoints.mysql;
  expect(before.user).toBe('app');
  await query(before, 'CREATE DATABASE shop');
  await query(before, 'CREATE TABLE shop.orders (id INT PRIMARY KEY, note TEXT)');
  await query(before, "INSERT INTO shop.orders VALUES (1, 'Grüße')");

  await stack.stop('mysql');
  await expect(query(before, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  await expect(tables(stack.endpoints.aws)).resolves.toEqual([]);
  await stack.start('mysql');
  expect(stack.endpoints.mysql).toEqual(before);
  await query(before, "INSERT INTO shop.orders VALUES (2, '🙂')");

  await stack.kill('mysql');
  await expect(query(before, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  await stack.start('mysql');
  await expect(query(before, 'SELECT * FROM shop.orders ORDER BY id')).resolves.toEqual([
    { id: 1, note: 'Grüße' },
    { id: 2, note: '🙂' },
  ]);
  expect(readFileSync(before.generalLogFile, 'utf8')).toContain('CREATE TABLE shop.orders');
});

test('MySQL is what the design asks for: real, UTC, utf8mb4, no X protocol, loopback only', async () => {
  const { endpoints } = kept(await startStack({ name: 'settings', parts: ['mysql'] }));
  expect(endpoints.mysql).toMatchObject({ user: 'root', password: '', isMysql: true });
  const [row] = await query(
    endpoints.mysql,
    'SELECT @@time_zone AS zone, @@character_set_server AS charset, @@bind_address AS bind, @@version_comment AS what',
  );
  expect(row).toMatchObject({ zone: '+00:00', charset: 'utf8mb4', bind: '127.0.0.1' });
  await expect(query(endpoints.mysql, 'SHOW PLUGINS')).resolves.not.toContainEqual(
    expect.objectContaining({ Name: 'mysqlx', Status: 'ACTIVE' }),
  );
});

test('two stacks started at once have ports and data of their own', async () => {
  const [one, two] = await Promise.all([
    startStack({ name: 'one', parts: ['mysql', 'aws'] }).then(kept),
    startStack({ name: 'two', parts: ['mysql', 'aws'] }).then(kept),
  ]);
  expect(one.endpoints.mysql.port).not.toBe(two.endpoints.mysql.port);
  await query(one.endpoints.mysql, 'CREATE DATABASE only_one');
  await expect(query(two.endpoints.mysql, "SHOW DATABASES LIKE 'only_one'")).resolves.toEqual([]);
  await expect(tables(one.endpoints.aws, 'only-one')).resolves.toEqual(['only-one']);
  await expect(tables(two.endpoints.aws)).resolves.toEqual([]);

  await one.stop();
  await expect(tables(two.endpoints.aws)).resolves.toEqual([]);
  const again = kept(await startStack({ name: 'one', parts: ['mysql', 'aws'] }));
  expect(again.endpoints).toEqual(one.endpoints);
  await expect(query(again.endpoints.mysql, "SHOW DATABASES LIKE 'only_one'")).resolves.toHaveLength(1);
  await expect(tables(again.endpoints.aws)).resolves.toEqual(['only-one']);
  await again.stop();
  const fresh = kept(await startStack({ name: 'one', parts: ['mysql'], fresh: true }));
  await expect(query(fresh.endpoints.mysql, "SHOW DATABASES LIKE 'only_one'")).resolves.toEqual([]);
});

test('Temporal has its search attributes, also on a kept database, and serves its Web UI', async () => {
  const stack = kept(await startStack({ name: 'temporal', parts: ['temporal'] }));
  const attributes = async (): Promise<string[]> => {
    const connection = await Connection.connect({ address: stack.endpoints.temporal.address });
    const answer = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    await connection.close();
    return Object.keys(answer.customAttributes);
  };
  await expect(attributes()).resolves.toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
  await stack.stop('temporal');
  await stack.start('temporal');
  await expect(attributes()).resolves.toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
  const page = await fetch(stack.endpoints.temporal.uiUrl);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('_app/immutable/entry');
});

test('a taken port is named with its part, and nothing is left running', async () => {
  const squatter = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as net.AddressInfo;
  try {
    const starting = startStack({ name: 'taken', parts: ['mysql', 'aws'], ports: { aws: port } });
    await expect(starting).rejects.toThrow(
      `port ${port} for aws is in use: stop what listens there or set another port`,
    );
    const second = kept(await startStack({ name: 'taken', parts: ['mysql'] }));
    expect(second.processes()).toHaveLength(1);
  } finally {
    squatter.close();
  }
});

test('the same stack is not started twice, and what was not asked for is refused by name', async () => {
  const stack = kept(await startStack({ name: 'once', parts: ['mysql'] }));
  await expect(startStack({ name: 'once', parts: ['mysql'] })).rejects.toThrow('stack once runs already (mysql)');
  await expect((stack as unknown as Stack).start('aws')).rejects.toThrow(
    'stack once was started without aws: name it in parts',
  );
  await expect(startStack({ name: '../up', parts: ['mysql'] })).rejects.toThrow('stack name "../up" is not usable');
});

test('looking for what is installed takes no time', async () => {
  const before = performance.now();
  await ensureInstalled(['temporal', 'mysql', 'aws']);
  expect(performance.now() - before).toBeLessThan(100);
});
