import type { Request } from 'express';
import { badRequest } from './errors.js';

export interface Page {
  page: number;
  limit: number;
  offset: number;
}

function positive(value: unknown, name: string, fallback: number, max: number): number {
  if (value === undefined) return fallback;
  const number = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : NaN;
  if (!(number >= 1 && number <= max)) throw badRequest(`${name} must be a whole number from 1 to ${max}`);
  return number;
}

/** Reads `?page=` (from 1) and `?pageSize=` (up to 100) of a request. */
export function readPage(request: Request, defaultSize = 20): Page {
  const page = positive(request.query['page'], 'page', 1, 1_000_000);
  const limit = positive(request.query['pageSize'], 'pageSize', defaultSize, 100);
  return { page, limit, offset: (page - 1) * limit };
}
