import type { ColumnModel } from './model.ts';

/**
 * A value as mysql2 gives it with `dateStrings`, `supportBigNumbers` and `bigNumberStrings` on and `decimalNumbers`
 * off, in a session whose zone is UTC, and JSON read as text.
 */
export type SourceValue = string | number | bigint | Buffer | null;

/** The stored form of a value: digits, text or bytes, as `docs/value-encoding.md` says. */
export function fromSource(column: ColumnModel, value: SourceValue): string | Uint8Array | null {
  if (value === null) return null;
  if (column.type === 'B') return typeof value === 'string' ? Buffer.from(value, 'utf8') : bytes(value);
  if (column.dataType === 'bit' && Buffer.isBuffer(value)) return BigInt(`0x0${value.toString('hex')}`).toString();
  const text = typeof value === 'number' ? numberText(column, value) : value.toString();
  if (column.dataType === 'timestamp') return `${text.replace(' ', 'T')}Z`;
  if (column.type === 'N') return column.dataType === 'float' ? floatText(Number(text)) : text;
  return text;
}

/** The value that a stored form came from. */
export function toSource(column: ColumnModel, stored: string | Uint8Array | null): SourceValue {
  if (stored === null) return null;
  if (typeof stored !== 'string') return Buffer.from(stored);
  switch (column.dataType) {
    case 'timestamp':
      return stored.replace('T', ' ').replace(/Z$/, '');
    case 'decimal':
    case 'numeric':
      return column.type === 'S' ? stored : scaled(stored, column.scale ?? 0);
    case 'bigint':
    case 'bit':
      return plainDigits(stored);
    default:
      return column.type === 'N' ? Number(stored) : stored;
  }
}

/** DynamoDB gives numbers without trailing zeros, and may use exponents: back to fixed digits. */
export function plainDigits(text: string): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) throw new TypeError(`Not a number: ${text}`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (shift === 0) return text;
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0').replace(/^0+(?=\d)/, '');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Fixed digits with exactly `scale` of them behind the point, as MySQL prints DECIMAL. */
export function scaled(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = plainDigits(text).split('.');
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`;
}

function numberText(column: ColumnModel, value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('Not a finite number.');
  return column.type === 'N' ? String(value) : plainDigits(String(value));
}

/** Shortest text that gives the same single-precision value. */
export function floatText(value: number): string {
  const single = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const text = Number(single.toPrecision(digits));
    if (Math.fround(text) === single) return String(text);
  }
  return String(single);
}

function bytes(value: number | bigint | Buffer): Uint8Array {
  if (Buffer.isBuffer(value)) return value;
  throw new TypeError('A binary column got a number.');
}
