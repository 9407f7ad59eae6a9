import { createPool } from 'mysql2/promise';
import { config } from './config.js';

/** Moments arrive as text with all six digits of their fraction; the session's clock is UTC. */
export const pool = createPool({ uri: config.databaseUrl, connectionLimit: 12, timezone: 'Z', dateStrings: true });

pool.on('connection', (connection) => {
  void connection.query("SET time_zone = '+00:00'");
});

/** `2026-03-01 10:00:00.123456` as RFC 3339. */
export function moment(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}
