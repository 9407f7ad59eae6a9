import { expect, test } from '@jest/globals';
import { blocks, percentile, ratioByBlocks, spread } from './statistics.ts';

test('a percentile is the nearest rank', () => {
  const sample = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
  expect([0.01, 0.5, 0.9, 0.99].map((part) => percentile(sample, part))).toEqual([1, 5, 9, 10]);
  expect(spread(sample)).toEqual({ median: 5, low: 1, high: 9 });
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

test('what is left over joins the last block', () => {
  expect(blocks([1, 2, 3, 4, 5], 2)).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  expect(blocks([1], 2)).toEqual([[1]]);
});

test('a machine that is slower for some blocks does not move the ratio', () => {
  const pairs = (slow: number) => [1, 2, 3].map((time) => ({ base: time * slow, other: time * slow * 1.5 }));
  expect(ratioByBlocks([pairs(1), pairs(7), pairs(3)], 0.5)).toEqual({ median: 1.5, low: 1.5, high: 1.5 });
});
