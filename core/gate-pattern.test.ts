import { expect, test } from '@jest/globals';
import { gateMatches, isGatePattern } from './gate-pattern.ts';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/bc', false],
  ['*', 'anything', true],
  ['*', '', true],
  ['a/*', 'a/', true],
  ['a/*', 'a/b/c', true],
  ['a/*', 'b/a/c', false],
  ['*/contract', '02/contract', true],
  ['*/contract', '02/contract/x', false],
  ['02/*/x', '02/table/x', true],
  ['02/*x*/y', '02/axb/y', true],
  ['aba*aba', 'aba', false],
  ['a*b*c', 'a-c', false],
  ['.*', 'x', false],
  ['(', '(', true],
])('%s means %s: %s', (pattern, id, means) => {
  expect(gateMatches(pattern, id)).toBe(means);
});

test('only a star makes a pattern', () => {
  expect(['a', 'a?', '[a]', 'a*'].map(isGatePattern)).toEqual([false, false, false, true]);
});
