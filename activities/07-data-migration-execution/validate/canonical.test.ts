import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical, canonicalNumber, plainNumber, shortestSingle } from './canonical.ts';

describe('canonical numbers', () => {
  test.each([
    ['10.00', '10'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['0.000', '-0.0'],
    ['+5', '5'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999.0'],
  ])('%s and %s are one number', (one, other) => {
    expect(canonicalNumber(one)).toBe(canonicalNumber(other));
  });

  test.each([
    ['18446744073709551615', '18446744073709551614'],
    ['0.1', '0.10000000000000001'],
    ['1', '-1'],
  ])('%s and %s are two', (one, other) => {
    expect(canonicalNumber(one)).not.toBe(canonicalNumber(other));
  });

  test('any integer and scale comes back from its plain form', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
        fc.integer({ min: 0, max: 30 }),
        (digits, scale) => {
          const sign = digits < 0n ? '-' : '';
          const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
          const text = scale === 0 ? sign + padded : `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
          expect(canonicalNumber(plainNumber(canonicalNumber(text)))).toBe(canonicalNumber(text));
        },
      ),
    );
  });

  test('a number and the same text are not equal', () => {
    expect(canonical('N', '1')).not.toBe(canonical('S', '1'));
  });
});

test('a FLOAT is its shortest text, and its neighbours are others', () => {
  expect(
    [0.1, 3.14159, 0.5, 16777216, 1e-38].map((value) => Number(shortestSingle(String(Math.fround(value))))),
  ).toEqual([0.1, 3.14159, 0.5, 16777216, 1e-38]);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(Number(shortestSingle(String(value)))) === Math.fround(value)).toBe(true);
    }),
  );
});
