import { compareCodePoints } from './collation.ts';

type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON text as MySQL prints it back: keys by length and then bytes, one space after `,` and `:`. Null for no JSON. */
export function normalizeJson(text: string): string | null {
  try {
    return print(JSON.parse(text) as JsonValue);
  } catch {
    return null;
  }
}

function print(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(print).join(', ')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => Buffer.byteLength(a) - Buffer.byteLength(b) || compareCodePoints(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}: ${print(member)}`);
  return `{${members.join(', ')}}`;
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
