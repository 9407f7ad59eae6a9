import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Ends the request with this status; an open transaction is rolled back on the way. */
export function refuse(status: ContentfulStatusCode, message: string): never {
  throw new HTTPException(status, { message });
}

/** The MySQL error code (ER_...) of an error, if it has one. */
export function mysqlCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function onError(error: Error, c: Context): Response {
  if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
  const code = mysqlCode(error);
  if (code === 'ER_LOCK_DEADLOCK' || code === 'ER_LOCK_WAIT_TIMEOUT') {
    c.header('Retry-After', '1');
    return c.json({ error: 'too busy, try again' }, 503);
  }
  console.error(error);
  return c.json({ error: 'internal error' }, 500);
}
