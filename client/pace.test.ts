import { expect, test } from '@jest/globals';
import { Pace } from './pace.ts';

test('rate and time left come from two looks at one step, and start anew with the next', () => {
  let now = 1_000;
  const pace = new Pace(() => now);
  const look = (step: string, done: number) => pace.of({ step, done, total: 1000, unit: 'rows' });
  expect(look('Load', 100)).toEqual({ count: '100 of 1000 rows', rate: '', left: '' });
  now += 2_000;
  expect(look('Load', 300)).toEqual({ count: '300 of 1000 rows', rate: '100/s', left: 'ETA 7 s' });
  expect(look('Compare', 300)).toEqual({ count: '300 of 1000 rows', rate: '', left: '' });
  expect(pace.of({ step: 'Write' })).toEqual({ count: '', rate: '', left: '' });
});
