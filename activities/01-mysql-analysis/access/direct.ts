import mysql from 'mysql2/promise';
import { sourceConnection } from '../../mysql.ts';
import type { SourceSettings } from '../../../core/plan.ts';
import type { Row, SourceReader } from '../source.ts';
import { connectionError, queryError } from './errors.ts';
import { requireReading, type Bound } from './statements.ts';

/**
 * A session on the server itself that can only read: the server refuses writes in it, and statements that are not
 * reads are not even sent. Text is utf8mb4, times are UTC, numbers beyond a double's precision come as strings.
 */
export async function openDirect(
  source: SourceSettings,
  resolve: (reference: string) => Promise<string>,
): Promise<SourceReader> {
  const where = `${source.host}:${source.port}/${source.database}`;
  const options = await sourceConnection(source, resolve);
  const connection = await mysql.createConnection(options).catch((error: unknown) => {
    throw connectionError(error, where);
  });
  const send = async (sql: string, values: readonly unknown[]): Promise<Row[]> => {
    try {
      const [rows] = await connection.query(sql, [...values]);
      return rows as Row[];
    } catch (error) {
      throw queryError(error, where, sql);
    }
  };
  const set = async (assignment: string): Promise<void> => {
    await send(`SET SESSION ${assignment}`, []);
  };
  try {
    await set('TRANSACTION READ ONLY');
    // Our own statements must not depend on how the server is set: no error for a zero date, no forced grouping.
    await set("sql_mode = '', time_zone = '+00:00'");
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    database: source.database,
    where,
    query: async (sql: string, values: readonly Bound[] = []) => {
      requireReading(sql);
      return send(sql, values);
    },
    set,
    close: () => connection.end(),
  };
}
