import { zValidator } from '@hono/zod-validator';
import { monotonicFactory } from 'ulid';
import { z, type ZodType } from 'zod';
import { refuse } from './errors.js';

/** Increasing even within one millisecond, so that the order of ids is the order of what they name. */
export const newId = monotonicFactory();

export const ulidSchema = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'not a ULID');

const limit = z.coerce.number().int().min(1).max(100).default(20);
export const pageSchema = z.object({ limit, offset: z.coerce.number().int().min(0).max(10_000).default(0) });
export const cursorSchema = z.object({ limit, before: ulidSchema.optional() });

/** Checks one part of a request; the first complaint is the answer. */
export function valid<Target extends 'json' | 'query' | 'param', Schema extends ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (result.success) return;
    const issue = result.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    refuse(400, where === '' ? 'the request is not understood' : `${where}: ${issue?.message ?? 'not understood'}`);
  });
}
