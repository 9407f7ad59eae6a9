import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import mysql from 'mysql2/promise';
import type { MysqlEndpoint } from '../../stack/index.ts';
import { Background, run } from './processes.ts';
import { ADMIN_KEY, DATABASE, DEMO, MYSQL_USER, ROOT } from './settings.ts';

/** The application as a team has it: a git repository of its own, installed. */
export async function copyShop(): Promise<string> {
  const target = join(DEMO, 'shop');
  await rm(target, { recursive: true, force: true });
  await mkdir(DEMO, { recursive: true });
  const leave = new Set(['node_modules', 'migration.json', 'dist']);
  await cp(join(ROOT, 'examples', 'shop'), target, {
    recursive: true,
    filter: (path) => !leave.has(path.split('/').at(-1) ?? ''),
  });
  const log = join(DEMO, 'prepare.log');
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Shop Team', '-c', 'user.email=team@shop.example', ...args], { cwd: target, log });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=The shop, as it runs on MySQL');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, log });
  return target;
}

/** The database, filled by the shop's own generator, under a user who owns only the shop's databases. */
export async function fillDatabase(
  shop: string,
  endpoint: MysqlEndpoint,
  password: string,
  orders: number,
): Promise<string> {
  const root = await mysql.createConnection({
    host: endpoint.host,
    port: endpoint.port,
    user: endpoint.user,
    password: endpoint.password,
  });
  try {
    await root.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [DATABASE]);
    await root.query('CREATE USER ?@? IDENTIFIED BY ?', [MYSQL_USER, '%', password]);
    // The scratch database and its snapshots are the shop's too, by their names.
    await root.query('GRANT ALL PRIVILEGES ON `shop%`.* TO ?@?', [MYSQL_USER, '%']);
    // Views, triggers under binary logging, and reading the server's own settings.
    await root.query('SET GLOBAL log_bin_trust_function_creators = ON');
  } finally {
    await root.end();
  }
  const url = `mysql://${MYSQL_USER}:${encodeURIComponent(password)}@${endpoint.host}:${endpoint.port}/${DATABASE}`;
  await run('npm', ['run', 'seed', '--', '--reset', '--orders', String(orders)], {
    cwd: shop,
    env: { DATABASE_URL: url },
    log: join(DEMO, 'prepare.log'),
  });
  return url;
}

/** Drives the untouched shop, so that MySQL writes a real query log; gives the log's path. */
export async function driveTraffic(
  shop: string,
  url: string,
  endpoint: MysqlEndpoint,
  requests: number,
): Promise<string> {
  const root = await mysql.createConnection({
    host: endpoint.host,
    port: endpoint.port,
    user: endpoint.user,
    password: endpoint.password,
  });
  const port = await getPort();
  const log = join(DEMO, 'shop.log');
  const server = new Background('shop', 'npm', ['start'], {
    cwd: shop,
    env: { DATABASE_URL: url, ADMIN_KEY, PORT: String(port) },
    log,
  });
  try {
    const address = `http://127.0.0.1:${port}`;
    await server.ready(`${address}/health`);
    await root.query('SET GLOBAL general_log = ON');
    await run('npm', ['run', 'traffic', '--', '--url', address, '--requests', String(requests), '--seed', '11'], {
      cwd: shop,
      env: { SHOP_ADMIN_KEY: ADMIN_KEY },
      log: join(DEMO, 'prepare.log'),
    });
  } finally {
    await root.query('SET GLOBAL general_log = OFF');
    await root.end();
    await server.stop();
  }
  const copy = join(DEMO, 'query.log');
  await cp(endpoint.generalLogFile, copy);
  return copy;
}
