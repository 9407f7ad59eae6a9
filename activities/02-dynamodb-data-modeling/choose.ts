import { CutoverError } from '../../core/errors/index.ts';
import { candidates, type CandidateInput } from './candidates.ts';
import { evaluate, type Evaluation } from './evaluate.ts';

/** The chosen model, and all candidates in order of preference, the broken ones last. */
export interface Choice {
  readonly chosen: Evaluation;
  readonly ranked: readonly Evaluation[];
}

/** Generates, prices and ranks the candidates; throws when every one of them breaks a limit. */
export function chooseModel(input: CandidateInput): Choice {
  const evaluations = candidates(input).map((model) => evaluate(model, input));
  const ranked = evaluations
    .map((evaluation, order) => ({ evaluation, order }))
    .sort((a, b) => compare(a.evaluation, b.evaluation) || a.order - b.order)
    .map(({ evaluation }) => evaluation);
  const [chosen] = ranked;
  if (!chosen || chosen.broken.length > 0) {
    const detail = ranked.map(({ model, broken }) => `${model.id}: ${broken.join(' ')}`).join(' | ');
    throw new CutoverError('model.no-candidate', { where: 'candidate models', detail });
  }
  return { chosen, ranked };
}

/** Feasible first, then the price of a month to the cent, then fewer indexes: what is simpler costs less to run. */
function compare(a: Evaluation, b: Evaluation): number {
  const feasible = Math.min(1, a.broken.length) - Math.min(1, b.broken.length);
  if (feasible !== 0) return feasible;
  const cents = Math.round(a.cost.onDemand * 100) - Math.round(b.cost.onDemand * 100);
  return cents !== 0 ? cents : a.indexCount - b.indexCount;
}
