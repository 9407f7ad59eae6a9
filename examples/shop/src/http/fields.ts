import { badRequest } from './errors.js';

/** A JSON object of a request, not looked at yet. */
export type Fields = Record<string, unknown>;

const MAX_BIGINT_UNSIGNED = 18446744073709551615n;

export function readFields(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('a JSON object is expected');
  return body as Fields;
}

export function text(fields: Fields, name: string, max: number): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '') throw badRequest(`${name} is required`);
  if ([...value].length > max) throw badRequest(`${name} is longer than ${max} characters`);
  return value;
}

/** A text that may be empty, null or left out; the empty string and null stay different. */
export function optionalText(fields: Fields, name: string, max: number): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw badRequest(`${name} must be a text`);
  if ([...value].length > max) throw badRequest(`${name} is longer than ${max} characters`);
  return value;
}

export function integer(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw badRequest(`${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw badRequest(`${name} must be true or false`);
  return value;
}

export function oneOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const value = choices.find((choice) => choice === fields[name]);
  if (value === undefined) throw badRequest(`${name} must be one of ${choices.join(', ')}`);
  return value;
}

export function manyOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw badRequest(`${name} must be a list`);
  const unknown = value.some((item) => !choices.some((choice) => choice === item));
  if (unknown) throw badRequest(`${name} may hold only ${choices.join(', ')}`);
  return choices.filter((choice) => value.includes(choice));
}

export function texts(fields: Fields, name: string, maxItems: number, maxLength: number): string[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length > maxItems) {
    throw badRequest(`${name} must be a list of at most ${maxItems}`);
  }
  return value.map((item: unknown) => text({ [name]: item }, name, maxLength));
}

/** An exact amount of money: a text with two decimals, such as "19.90". */
export function price(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !/^(0|[1-9]\d{0,7})\.\d{2}$/.test(value)) {
    throw badRequest(`${name} must be a text like "19.90"`);
  }
  return value;
}

/** A whole number of up to 64 bits. JSON numbers can't hold it, so it travels as text. */
export function unsigned64(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value) || BigInt(value) > MAX_BIGINT_UNSIGNED) {
    throw badRequest(`${name} must be a text of digits up to ${MAX_BIGINT_UNSIGNED}`);
  }
  return BigInt(value).toString();
}

/** A calendar day from 1000 to 9999, such as "2024-02-29". */
export function day(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !/^[1-9]\d{3}-\d{2}-\d{2}$/.test(value) || !isRealDay(value)) {
    throw badRequest(`${name} must be a day like "2024-02-29"`);
  }
  return value;
}

function isRealDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A moment in UTC with up to six decimals, as MySQL writes it: "2024-02-29T12:00:00.123456Z" → "2024-02-29 12:00:00.123456". */
export function moment(fields: Fields, name: string): string {
  const value = fields[name];
  const parts =
    typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)Z$/.exec(value) : null;
  const [whole, date, time] = parts ?? [];
  if (whole === undefined || date === undefined || time === undefined || Number.isNaN(Date.parse(whole))) {
    throw badRequest(`${name} must be a moment like "2024-02-29T12:00:00.123456Z"`);
  }
  day({ [name]: date }, name);
  return `${date} ${time}`;
}
