import { readFile } from 'node:fs/promises';
import { createConnection, type Connection } from 'mysql2/promise';

/** Makes the database itself, when there is none yet. */
export async function ensureDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/';
  const connection = await createConnection({ uri: url.href });
  await connection.query('CREATE DATABASE IF NOT EXISTS ??', [name]);
  await connection.end();
}

/** Drops the shop's tables, with all that is in them, and makes them anew. */
export async function resetSchema(connection: Connection): Promise<void> {
  const schema = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
  const statements = schema
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  const tables = [...schema.matchAll(/^CREATE TABLE (\w+)/gm)].map((match) => match[1]);
  await connection.query('SET foreign_key_checks = 0');
  for (const table of tables) await connection.query('DROP TABLE IF EXISTS ??', [table]);
  await connection.query('SET foreign_key_checks = 1');
  for (const statement of statements) await connection.query(statement);
}
