import { expect, test } from '@jest/globals';
import { same } from './shadow.ts';

test.each<[string, unknown, unknown]>([
  ['a condition as number and as text', [{ in_stock: 1 }], [{ in_stock: '1' }]],
  ['a fraction of zeros, given or not', [{ at: '1000-01-01 00:00:00' }], [{ at: '1000-01-01 00:00:00.000000' }]],
  ['bytes of a Buffer and of its clone', [{ b: Buffer.from([1, 2]) }], [{ b: structuredClone(Buffer.from([1, 2])) }]],
])('%s are the same', (_, a, b) => {
  expect(same(a, b)).toBe(true);
});

test.each<[string, unknown, unknown]>([
  ['another order of rows', [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }]],
  ['another order of columns', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
  ['NULL and the empty string', [{ a: null }], [{ a: '' }]],
  ['NULL and its text', [{ a: null }], [{ a: 'null' }]],
  ['a fraction that is not of zeros', [{ at: '1000-01-01 00:00:00' }], [{ at: '1000-01-01 00:00:00.000001' }]],
  ['one row more', [{ a: 1 }], [{ a: 1 }, { a: 1 }]],
  ['other bytes', [{ b: Buffer.from([1]) }], [{ b: Buffer.from([2]) }]],
  ['another letter case', [{ a: 'x' }], [{ a: 'X' }]],
])('%s are not', (_, a, b) => {
  expect(same(a, b)).toBe(false);
});
