import { CutoverError } from '../../../core/errors/index.ts';

/** What the driver says of a connection that did not come about, as an error of the catalogue. */
export function connectionError(error: unknown, where: string): CutoverError {
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

/** What the driver says of a statement that failed, as an error of the catalogue. */
export function queryError(error: unknown, where: string, sql: string): CutoverError {
  const code = codeOf(error);
  const detail = `${messageOf(error)} In: ${shortened(sql)}`;
  const denied = /ACCESS_?DENIED|ER_VIEW_INVALID/.test(code);
  const lost = ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code);
  if (denied) return new CutoverError('analysis.privileges-missing', { where, detail, cause: error });
  if (lost) return new CutoverError('analysis.source-unreachable', { where, detail, cause: error });
  return new CutoverError('analysis.query-failed', { where, detail, cause: error });
}

/** What an MCP server says in words when a statement failed; the codes of MySQL do not come through. */
export function mcpQueryError(message: string, where: string, sql: string): CutoverError {
  const detail = `${message.slice(0, 300)} In: ${shortened(sql)}`;
  if (/Access denied for user .*(?:using password|to database)/i.test(message)) {
    const code = /to database/i.test(message) ? 'analysis.database-missing' : 'analysis.access-denied';
    return new CutoverError(code, { where, detail });
  }
  if (/command denied|access denied/i.test(message)) {
    return new CutoverError('analysis.privileges-missing', { where, detail });
  }
  if (/Unknown database/i.test(message)) return new CutoverError('analysis.database-missing', { where, detail });
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|Connection lost/i.test(message)) {
    return new CutoverError('analysis.source-unreachable', { where, detail });
  }
  return new CutoverError('analysis.query-failed', { where, detail });
}

/** Code of a driver's error, or nothing. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function shortened(sql: string): string {
  return sql.replace(/\s+/g, ' ').slice(0, 120);
}
