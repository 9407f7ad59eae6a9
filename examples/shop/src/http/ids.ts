import type { Request } from 'express';
import { badRequest } from './errors.js';

const MAX_INT_UNSIGNED = 4294967295;
const MAX_BIGINT_UNSIGNED = 18446744073709551615n;

function parameter(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

/** An id of an INT column. */
export function intId(request: Request, name = 'id'): number {
  return parseIntId(parameter(request, name), name);
}

export function parseIntId(value: unknown, name: string): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (!Number.isInteger(number) || number < 1 || number > MAX_INT_UNSIGNED)
    throw badRequest(`${name} is not a valid id`);
  return number;
}

/** An id of a BIGINT column, kept as text. */
export function bigId(request: Request, name = 'id'): string {
  return parseBigId(parameter(request, name), name);
}

export function parseBigId(value: unknown, name: string): string {
  if (typeof value !== 'string' || !/^[1-9]\d{0,19}$/.test(value) || BigInt(value) > MAX_BIGINT_UNSIGNED) {
    throw badRequest(`${name} is not a valid id`);
  }
  return value;
}

/** A short list of ids of an INT column, written "3,5,8". */
export function intIdList(value: unknown, name: string): number[] {
  if (typeof value !== 'string' || value === '') throw badRequest(`${name} must be a list like "3,5,8"`);
  const ids = value.split(',').map((item) => parseIntId(item, name));
  if (ids.length > 50) throw badRequest(`${name} may hold at most 50 ids`);
  return ids;
}
