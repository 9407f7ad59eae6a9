import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import { identifier } from '../../activities/mysql.ts';
import { everyKindOfObject, type Server } from '../../activities/01-mysql-analysis/testing/objects.ts';
import { loadScript } from '../../activities/01-mysql-analysis/testing/load-script.ts';
import { startStack, type MysqlEndpoint, type MysqlServer } from '../../stack/index.ts';
import { wideSchema } from './wide.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Databases that this project did not write; without the folder the lanes go without them and say so. */
const INPUTS = path.join(process.env['CUTOVER_INPUTS'] ?? path.join(ROOT, '..', 'shared', 'inputs'), 'databases');

/** A database that a lane tries, and how it comes to be. */
export interface LaneDatabase {
  readonly name: string;
  load(connection: mysql.Connection, server: MysqlServer): Promise<void>;
}

const KINDS: Readonly<Record<MysqlServer, Server>> = {
  default: 'mysql-9',
  'mysql-5.6': 'mysql-5.6',
  'mariadb-10.11': 'mariadb-10.11',
};

/** Every database that is to be had here. */
export function laneDatabases(): LaneDatabase[] {
  const scripts = [
    { name: 'shop', schema: 'shop', files: [path.join(ROOT, 'examples/shop/db/schema.sql')] },
    { name: 'sakila', schema: 'sakila', files: inputs('sakila/sakila-database.sql', 'sakila/sakila-data.sql') },
    { name: 'chinook', schema: 'Chinook', files: inputs('chinook/Chinook_MySql.sql') },
  ];
  const missing = scripts.filter((one) => !one.files.every((file) => existsSync(file)));
  for (const one of missing) process.stderr.write(`SKIPPED ${one.name}: CUTOVER_INPUTS names no folder that has it\n`);
  return [
    {
      name: 'every kind of object',
      load: async (connection, server) => {
        for (const sql of everyKindOfObject(KINDS[server])) await connection.query(sql);
      },
    },
    ...scripts
      .filter((one) => !missing.includes(one))
      .map((one) => ({
        name: one.name,
        load: async (connection: mysql.Connection, server: MysqlServer) => {
          for (const file of one.files) {
            await loadScript(connection, forServer(readFileSync(file, 'utf8'), server), one.schema);
          }
        },
      })),
    {
      name: 'generated, 60 tables',
      load: async (connection) => {
        for (const sql of wideSchema(60, 20)) await connection.query(sql);
      },
    },
  ];
}

/** Collations of MySQL 8 and later, and JSON in 5.6, are unknown to the others; the nearest that they have is taken. */
function forServer(script: string, server: MysqlServer): string {
  if (server === 'default') return script;
  const types = server === 'mysql-5.6' ? script.replace(/\bJSON(?=\s+(?:NOT )?NULL)/g, 'LONGTEXT') : script;
  return types.replace(/utf8mb4_0900_(\w+)/g, (_, kind: string) =>
    kind === 'bin' || kind === 'as_cs' ? 'utf8mb4_bin' : 'utf8mb4_unicode_ci',
  );
}

function inputs(...files: string[]): string[] {
  return files.map((file) => path.join(INPUTS, file));
}

/** Runs a lane on a server of its own, which ends with it. */
export async function withServer(server: MysqlServer, work: (endpoint: MysqlEndpoint) => Promise<void>): Promise<void> {
  const log = {
    info: (message: string) => process.stderr.write(`${message}\n`),
    warn: (message: string) => process.stderr.write(`! ${message}\n`),
  };
  const name = `lane-${server.replaceAll('.', '')}-${process.pid}`;
  const stack = await startStack({ name, parts: ['mysql'], fresh: true, log, mysql: { server } });
  try {
    await work(stack.endpoints.mysql);
  } finally {
    await stack.stop();
  }
}

/** Makes a database of that name, filled, and gives a connection to it. */
export async function fill(
  endpoint: MysqlEndpoint,
  name: string,
  load: (connection: mysql.Connection) => Promise<void>,
): Promise<void> {
  const { host, port, user, password } = endpoint;
  const connection = await mysql.createConnection({ host, port, user, password, multipleStatements: true });
  try {
    await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
    // Not by changing the user: MySQL 5.6 refuses that of today's drivers.
    await connection.query(`USE \`${name}\``);
    await load(connection);
    // Sizes settle in the background after a load; what a lane compares must not change under it.
    const [tables] = await connection.query<mysql.RowDataPacket[]>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'",
      [name],
    );
    for (const table of tables) await connection.query(`ANALYZE TABLE ${identifier(String(table['name']))}`);
  } finally {
    await connection.end();
  }
}

/** Prints rows as a Markdown table, as the pages of docs/ have them. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  process.stdout.write(`${lines.join('\n')}\n`);
}
