import { describe, expect, it } from '@jest/globals';
import { textAfter, type Edit } from './edits.ts';

const edit = (start: number, end: number, text: string, step: number): Edit => ({ start, end, text, step });

describe('the text after a step', () => {
  it('has the edits due so far, the latest at each place', () => {
    const edits = [edit(0, 1, 'A', 3), edit(2, 3, 'C', 5), edit(2, 3, 'X', 7)];
    expect([2, 3, 5, 7].map((step) => textAfter('abc', edits, step))).toEqual(['abc', 'Abc', 'AbC', 'AbX']);
  });

  it('drops what lies inside a replaced place, and puts insertions before', () => {
    expect(textAfter('f(a, b)', [edit(2, 3, 'x', 6), edit(0, 7, 'g()', 6)], 6)).toBe('g()');
    expect(textAfter('interface A {}', [edit(0, 0, 'export ', 3)], 6)).toBe('export interface A {}');
  });

  it('refuses edits that overlap', () => {
    expect(() => textAfter('abcdef', [edit(0, 3, '', 1), edit(2, 5, '', 1)], 1)).toThrow('overlap');
  });
});
