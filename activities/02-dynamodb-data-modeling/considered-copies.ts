import { copiedModel, type CandidateInput } from './candidates.ts';
import { copyOptions, type CopyDesign } from './copies.ts';
import { changes } from './copy-effects.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { mostChildren } from './limits.ts';
import type { Model } from './model.ts';

/** A copy with its price against the same model without it. */
export interface ConsideredCopy {
  readonly copy: CopyDesign;
  /** US$ a month more, less than 0 when it saves: reads, writes, storage. */
  readonly reads: number;
  readonly writes: number;
  readonly storage: number;
  readonly total: number;
  /** How often a month's second changes a copied column, and how many items each change rewrites, mean and most. */
  readonly changesPerSecond: number;
  readonly items: { readonly mean: number; readonly most: number };
  readonly broken: readonly string[];
  readonly taken: boolean;
}

/** Copies that are less than a cent a month are no gain worth a rule that has to be kept. */
const WORTH = 0.01;

/**
 * Prices every copy alone against the model without copies, then takes for each foreign key the one that saves most,
 * if it saves anything and breaks no limit. Copies of different keys don't touch one another's reads.
 */
export function considerCopies(base: Evaluation, input: CandidateInput): ConsideredCopy[] {
  const considered = copyOptions(input.plans, input.analysis).map((copy) => priceOf(copy, base, input));
  const best = new Map<string, ConsideredCopy>();
  for (const one of considered) {
    const name = `${one.copy.child}\u0000${one.copy.key.name}`;
    const other = best.get(name);
    if (one.broken.length > 0 || one.total > -WORTH) continue;
    if (!other || one.total < other.total) best.set(name, one);
  }
  const taken = new Set(best.values());
  return considered.map((one) => ({ ...one, taken: taken.has(one) }));
}

/** The model with the copies that pay; null when none does. */
export function modelWithCopies(base: Model, considered: readonly ConsideredCopy[]): Model | null {
  const copies = considered.filter(({ taken }) => taken).map(({ copy }) => copy);
  return copies.length === 0 ? null : copiedModel(base, copies);
}

function priceOf(copy: CopyDesign, base: Evaluation, input: CandidateInput): ConsideredCopy {
  const evaluation = evaluate(copiedModel(base.model, [copy]), input);
  const before = new Set(base.broken);
  const writes = input.writes.get(copy.parent) ?? [];
  return {
    copy,
    reads: evaluation.cost.reads - base.cost.reads,
    writes: evaluation.cost.writes - base.cost.writes,
    storage: evaluation.cost.storage - base.cost.storage,
    total: evaluation.cost.onDemand - base.cost.onDemand,
    changesPerSecond: writes
      .filter((write) => changes(write, copy))
      .reduce((sum, write) => sum + write.rowsPerSecond, 0),
    items: { mean: input.estimate.matches(copy.child, copy.key.columns), most: mostChildren(copy, input) },
    broken: evaluation.broken.filter((sentence) => !before.has(sentence)),
    taken: false,
  };
}
