import type { RequestHandler } from 'express';
import { HttpError } from './errors.js';

/** Lets a request through only with the right `x-admin-key`. */
export function adminGuard(adminKey: string): RequestHandler {
  return (request, _response, next) => {
    if (request.get('x-admin-key') !== adminKey) throw new HttpError(401, 'admin key required');
    next();
  };
}
