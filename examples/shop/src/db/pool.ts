import { createPool } from 'mysql2/promise';
import { config } from '../config.js';

/**
 * The one connection pool. Nothing loses precision on its way through: DECIMAL, BIGINT and every kind of date arrive
 * as strings, and the session's clock is UTC.
 */
export const pool = createPool({
  uri: config.databaseUrl,
  connectionLimit: 10,
  charset: 'utf8mb4_0900_ai_ci',
  timezone: 'Z',
  dateStrings: true,
  decimalNumbers: false,
  supportBigNumbers: true,
  bigNumberStrings: true,
});

pool.on('connection', (connection) => {
  void connection.query("SET time_zone = '+00:00'");
});
