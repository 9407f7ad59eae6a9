import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A value in a form in which equal values are equal strings: `N:`, `S:`, `B:` and the canonical text. */
export function canonical(type: string, text: string): string {
  if (type === 'N') return `N:${canonicalNumber(text)}`;
  return type === 'B' ? `B:${text.toLowerCase()}` : `${type}:${text}`;
}

/** The canonical form of what DynamoDB returned; types that the encoding does not use stay visible as themselves. */
export function canonicalAttribute(value: AttributeValue): string {
  if (value.S !== undefined) return canonical('S', value.S);
  if (value.N !== undefined) return canonical('N', value.N);
  if (value.B !== undefined) return canonical('B', Buffer.from(value.B).toString('hex'));
  return `other:${JSON.stringify(value)}`;
}

/**
 * A decimal number without sign of zero, leading or trailing zeros, or exponent notation's freedom: digits and the
 * power of ten of the last one. No arithmetic on floats, so 38 digits stay 38 digits.
 */
export function canonicalNumber(text: string): string {
  const match = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (match === null || (match[2] === '' && match[3] === '')) return `invalid ${text}`;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** A canonical number without exponent, as a key is written. */
export function plainNumber(canonicalText: string): string {
  const match = /^(-?)(\d+)e(-?\d+)$/.exec(canonicalText);
  if (match === null) return canonicalText;
  const [, sign = '', digits = '', exponent = '0'] = match;
  const power = Number(exponent);
  if (power >= 0) return `${sign}${digits}${'0'.repeat(power)}`;
  const padded = digits.padStart(1 - power, '0');
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

/** The shortest decimal text that is the same single-precision number; FLOAT needs at most nine digits (IEEE 754). */
export function shortestSingle(doubleText: string): string {
  const wanted = Math.fround(Number(doubleText));
  for (let digits = 1; digits < 9; digits++) {
    const text = wanted.toPrecision(digits);
    if (Math.fround(Number(text)) === wanted) return text;
  }
  return wanted.toPrecision(9);
}
