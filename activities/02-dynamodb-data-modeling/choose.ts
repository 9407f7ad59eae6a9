import { CutoverError } from '../../core/errors/index.ts';
import { candidates, shardedModel, type CandidateInput } from './candidates.ts';
import { considerCopies, modelWithCopies, type ConsideredCopy } from './considered-copies.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { hotPartitions } from './hot-partitions.ts';
import type { Model } from './model.ts';

/** The chosen model, and all candidates in order of preference, the broken ones last. */
export interface Choice {
  readonly chosen: Evaluation;
  readonly ranked: readonly Evaluation[];
  /** Every copy that was priced, taken or not. */
  readonly copies: readonly ConsideredCopy[];
}

/** Generates, prices and ranks the candidates; throws when none that can be built is within the limits. */
export function chooseModel(input: CandidateInput): Choice {
  const [first, ...rest] = candidates(input);
  const priced = evaluate(first, input);
  const copies = considerCopies(priced, input);
  const others = [...rest, modelWithCopies(first, copies), sharded(first, priced, input)].filter(
    (model): model is Model => model !== null,
  );
  const evaluations = [priced, ...others.map((model) => evaluate(model, input))];
  const ranked = evaluations
    .map((evaluation, order) => ({ evaluation, order }))
    .sort((a, b) => compare(a.evaluation, b.evaluation) || a.order - b.order)
    .map(({ evaluation }) => evaluation);
  const [chosen] = ranked;
  if (!chosen || rank(chosen) > 0) {
    const detail = ranked
      .map(({ model, broken, notBuildable }) => `${model.id}: ${[...broken, ...notBuildable].join(' ')}`)
      .join(' | ');
    throw new CutoverError('model.no-candidate', { where: 'candidate models', detail });
  }
  return { chosen, ranked, copies };
}

function sharded(first: Model, priced: Evaluation, input: CandidateInput): Model | null {
  const hot = hotPartitions(priced.patterns, input).flatMap(({ index, shards }) =>
    index ? [[index.name, shards] as const] : [],
  );
  return hot.length === 0 ? null : shardedModel(first, new Map(hot));
}

/** 0 can be chosen, 1 can't be built yet, 2 breaks a limit. */
function rank({ broken, notBuildable }: Evaluation): number {
  return broken.length > 0 ? 2 : Math.min(1, notBuildable.length);
}

/** What can be chosen first, then the price of a month to the cent, then fewer indexes: what is simpler costs less to run. */
function compare(a: Evaluation, b: Evaluation): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const cents = Math.round(a.cost.onDemand * 100) - Math.round(b.cost.onDemand * 100);
  return cents !== 0 ? cents : a.indexCount - b.indexCount;
}
