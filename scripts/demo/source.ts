import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import mysql from 'mysql2/promise';
import type { MysqlEndpoint } from '../../stack/index.ts';
import { Background, run } from './processes.ts';
import { ADMIN_KEY, DATABASE, DEMO, MYSQL_USER } from './settings.ts';

/** The application at `from` as a team has it: a git repository of its own, installed. */
export async function copyApplication(from: string, name: string): Promise<string> {
  const target = join(DEMO, name);
  await rm(target, { recursive: true, force: true });
  await mkdir(DEMO, { recursive: true });
  const leave = new Set(['node_modules', 'migration.json', 'dist']);
  await cp(from, target, { recursive: true, filter: (path) => !leave.has(path.split('/').at(-1) ?? '') });
  const log = join(DEMO, 'prepare.log');
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Its Team', '-c', 'user.email=team@example.com', ...args], { cwd: target, log });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=As it runs on MySQL');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, log });
  return target;
}

/** An empty database, and a user who owns it and what else begins with its name (the scratch database, snapshots). */
export async function createDatabase(
  endpoint: MysqlEndpoint,
  { database, user, password }: { readonly database: string; readonly user: string; readonly password: string },
): Promise<void> {
  await asRoot(endpoint, async (root) => {
    await root.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [database]);
    await root.query('CREATE USER ?@? IDENTIFIED BY ?', [user, '%', password]);
    await root.query('GRANT ALL PRIVILEGES ON ??.* TO ?@?', [`${database}%`, user, '%']);
    // Views, triggers under binary logging, and reading the server's own settings.
    await root.query('SET GLOBAL log_bin_trust_function_creators = ON');
  });
}

/** The database, filled by the shop's own generator, under a user who owns only the shop's databases. */
export async function fillDatabase(
  shop: string,
  endpoint: MysqlEndpoint,
  password: string,
  orders: number,
): Promise<string> {
  await createDatabase(endpoint, { database: DATABASE, user: MYSQL_USER, password });
  const url = `mysql://${MYSQL_USER}:${encodeURIComponent(password)}@${endpoint.host}:${endpoint.port}/${DATABASE}`;
  await run('npm', ['run', 'seed', '--', '--reset', '--orders', String(orders)], {
    cwd: shop,
    env: { DATABASE_URL: url },
    log: join(DEMO, 'prepare.log'),
  });
  return url;
}

/** Does `work` while MySQL writes its general log; the log lies at `DEMO/query.log` then. */
export async function withGeneralLog(endpoint: MysqlEndpoint, work: () => Promise<void>): Promise<void> {
  await asRoot(endpoint, async (root) => {
    await root.query('SET GLOBAL general_log = ON');
    try {
      await work();
    } finally {
      await root.query('SET GLOBAL general_log = OFF');
    }
  });
  await cp(endpoint.generalLogFile, join(DEMO, 'query.log'));
}

async function asRoot(
  { host, port, user, password }: MysqlEndpoint,
  work: (root: mysql.Connection) => Promise<void>,
): Promise<void> {
  const root = await mysql.createConnection({ host, port, user, password });
  try {
    await work(root);
  } finally {
    await root.end();
  }
}

/** Drives the untouched shop, so that MySQL writes a real query log. */
export async function driveTraffic(
  shop: string,
  url: string,
  endpoint: MysqlEndpoint,
  requests: number,
): Promise<void> {
  const port = await getPort();
  const server = new Background('shop', 'npm', ['start'], {
    cwd: shop,
    env: { DATABASE_URL: url, ADMIN_KEY, PORT: String(port) },
    log: join(DEMO, 'shop.log'),
  });
  try {
    const address = `http://127.0.0.1:${port}`;
    await server.ready(`${address}/health`);
    await withGeneralLog(endpoint, async () => {
      await run('npm', ['run', 'traffic', '--', '--url', address, '--requests', String(requests), '--seed', '11'], {
        cwd: shop,
        env: { SHOP_ADMIN_KEY: ADMIN_KEY },
        log: join(DEMO, 'prepare.log'),
      });
    });
  } finally {
    await server.stop();
  }
}
