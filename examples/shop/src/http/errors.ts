import type { NextFunction, Request, Response } from 'express';

/** An error that the client is meant to see. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const badRequest = (message: string): HttpError => new HttpError(400, message);
export const notFound = (what: string): HttpError => new HttpError(404, `${what} not found`);
export const conflict = (message: string): HttpError => new HttpError(409, message);

export function noSuchRoute(_request: Request, response: Response): void {
  response.status(404).json({ error: 'no such route' });
}

/** The status that Express's own middleware (the JSON parser, the URL decoder) puts on its errors. */
function clientErrorStatus(error: unknown): number | undefined {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    if (error.status >= 400 && error.status < 500) return error.status;
  }
  return undefined;
}

export function handleError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  if (error instanceof HttpError) {
    response.status(error.status).json({ error: error.message });
    return;
  }
  const status = clientErrorStatus(error);
  if (status !== undefined) {
    response.status(status).json({ error: 'malformed request' });
    return;
  }
  console.error(error);
  response.status(500).json({ error: 'internal error' });
}
