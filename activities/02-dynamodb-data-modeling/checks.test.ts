import { describe, expect, test } from '@jest/globals';
import { planChecks } from './checks.ts';
import type { Evaluation } from './evaluate.ts';
import { planModel } from './plan-model.ts';
import { libraryAnalysis } from './testing/library.ts';

describe('the check that the cheapest model was chosen', () => {
  const analysis = libraryAnalysis();
  const { contract, choice } = planModel(analysis, {});
  const other = choice.ranked.find(({ model }) => model.id !== choice.chosen.model.id) as Evaluation;
  const beside = (changes: Partial<Evaluation>) => {
    const free = { ...other, cost: { ...other.cost, onDemand: 0 }, broken: [], notBuildable: [], ...changes };
    const ranked = choice.ranked.map((one) => (one === other ? free : one));
    return planChecks(contract, analysis, { ...choice, ranked }).find(({ id }) => id === 'S2-R5');
  };

  test('fails beside a cheaper one that could be built', () => {
    expect(beside({})).toMatchObject({ failures: [other.model.id] });
  });

  test('is not asked of a contract that was given', () => {
    expect(planChecks(contract, analysis, 'given').find(({ id }) => id === 'S2-R5')).toMatchObject({ total: 0 });
  });

  test('does not ask for what breaks a limit or can not be built', () => {
    expect(beside({ broken: ['an item is too large'] })).toMatchObject({ failures: [] });
    expect(beside({ notBuildable: ['copies'] })).toMatchObject({ failures: [] });
  });
});
