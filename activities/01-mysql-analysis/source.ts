import mysql from 'mysql2/promise';
import { identifier, sourceConnection } from '../mysql.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { SourceSettings } from '../../core/plan.ts';

/** A row as the driver gives it: names as aliased in the statement, values exact (strings for big numbers). */
export type Row = Readonly<Record<string, string | number | null>>;

/** Reads from the source database; nothing else of the stage talks to MySQL. */
export interface SourceReader {
  readonly database: string;
  query(sql: string, values?: readonly (string | number | readonly string[])[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Statements that the stage may send at all; checked before sending, besides the session being read-only. */
const READS = /^\s*(?:SELECT|SHOW|SET SESSION)\b/i;

/**
 * Opens a session that can only read: the server refuses writes in it, and statements that are not reads are not
 * even sent. Text is utf8mb4, times are UTC, numbers beyond a double's precision come as strings.
 */
export async function openSource(
  source: SourceSettings,
  resolve: (reference: string) => Promise<string>,
): Promise<SourceReader> {
  const where = `${source.host}:${source.port}/${source.database}`;
  const options = await sourceConnection(source, resolve);
  const connection = await mysql.createConnection(options).catch((error: unknown) => {
    throw connectionError(error, where);
  });
  const query = async (sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    if (!READS.test(sql)) throw new Error(`not a reading statement: ${sql.slice(0, 60)}`);
    try {
      const [rows] = await connection.query(sql, [...values]);
      return rows as Row[];
    } catch (error) {
      throw queryError(error, where, sql);
    }
  };
  await query('SET SESSION TRANSACTION READ ONLY');
  // Our own statements must not depend on how the server is set: no error for a zero date, no forced grouping.
  await query("SET SESSION sql_mode = '', time_zone = '+00:00'");
  return { database: source.database, query, close: () => connection.end() };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function connectionError(error: unknown, where: string): CutoverError {
  const code = codeOf(error);
  const detail = messageOf(error);
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR') {
    return new CutoverError('analysis.access-denied', { where, detail, cause: error });
  }
  if (code === 'ER_BAD_DB_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR') {
    return new CutoverError('analysis.database-missing', { where, detail, cause: error });
  }
  return new CutoverError('analysis.source-unreachable', { where, detail: detail || code, cause: error });
}

function queryError(error: unknown, where: string, sql: string): CutoverError {
  const code = codeOf(error);
  const detail = `${messageOf(error)} In: ${sql.replace(/\s+/g, ' ').slice(0, 120)}`;
  const denied = /ACCESS_?DENIED/.test(code);
  const lost = ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code);
  if (denied) return new CutoverError('analysis.privileges-missing', { where, detail, cause: error });
  if (lost) return new CutoverError('analysis.source-unreachable', { where, detail, cause: error });
  return new CutoverError('analysis.query-failed', { where, detail, cause: error });
}

export { identifier as quoted };
