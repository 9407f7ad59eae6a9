import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { readsOf } from './cookie.ts';

/** What the DAL knows of the HTTP request on whose behalf it works. */
export interface RequestContext {
  /** Where this browser reads from, if a signed cookie says so. */
  readonly reads: 'mysql' | 'dynamodb' | undefined;
  /** Operations of this request that are admitted and not finished. */
  open: number;
}

const storage = new AsyncLocalStorage<RequestContext>();
const CHANNEL = 'http.server.request.start';

/** The request that the current code runs for, if it runs for one. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs work as if for a request; for jobs, and for tests. */
export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/**
 * Follows every HTTP request of this process from its start, by Node's own diagnostics channel, so that no framework
 * needs a middleware. Gives the function that ends it.
 */
export function followRequests(secret: string | undefined): () => void {
  const enter = (message: unknown): void => {
    const request = typeof message === 'object' && message !== null && 'request' in message ? message.request : null;
    if (!(request instanceof IncomingMessage)) return;
    const reads = secret === undefined ? undefined : readsOf(request.headers.cookie, secret);
    storage.enterWith({ reads, open: 0 });
  };
  subscribe(CHANNEL, enter);
  return () => void unsubscribe(CHANNEL, enter);
}
