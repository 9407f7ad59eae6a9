import { configure } from 'safe-stable-stringify';

const stringify = configure({ deterministic: true, strict: true, bigint: false });

/**
 * JSON with sorted keys: the same value always gives the same bytes, so that it can be hashed and compared.
 * Throws on what JSON can't hold (cycles, functions, bigint) instead of dropping it.
 */
export function canonicalJson(value: unknown, indent?: number): string {
  const text = stringify(value, null, indent);
  if (text === undefined) throw new TypeError('canonicalJson: the value has no JSON form');
  return text;
}
