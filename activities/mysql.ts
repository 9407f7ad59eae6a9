import mysql from 'mysql2/promise';
import type { SourceSettings } from '../core/plan.ts';

/**
 * Connection options under which values arrive as canonical text: dates as strings in UTC, big numbers and
 * DECIMALs as strings. `resolve` turns the secret reference into the password.
 */
export async function sourceConnection(
  source: SourceSettings,
  resolve: (reference: string) => Promise<string>,
): Promise<mysql.ConnectionOptions> {
  const password = source.password === undefined ? undefined : await resolve(source.password);
  return {
    host: source.host,
    port: source.port,
    database: source.database,
    user: source.user,
    ...(password === undefined ? {} : { password }),
    ...(source.tls === true ? { ssl: {} } : {}),
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    connectTimeout: 10_000,
  };
}

/** Opens one connection with the session's zone set to UTC. */
export async function connectSource(options: mysql.ConnectionOptions): Promise<mysql.Connection> {
  const connection = await mysql.createConnection(options);
  await connection.query("SET time_zone = '+00:00'");
  return connection;
}

/** Quotes an identifier; every name that comes from outside goes through here. */
export function identifier(name: string): string {
  return '`' + name.replaceAll('`', '``') + '`';
}
