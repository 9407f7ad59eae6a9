import { createMiddleware } from 'hono/factory';
import { config } from './config.js';
import { refuse } from './errors.js';

/** Lets organisers through only. */
export const organiserOnly = createMiddleware(async (c, next) => {
  if (c.req.header('x-organiser-key') !== config.organiserKey) refuse(401, 'organisers only');
  await next();
});
