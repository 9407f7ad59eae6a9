import { createHash } from 'node:crypto';

/** A seed for one part of a run, so that a part's cases do not depend on how many the parts before it took. */
export function seedFor(seed: number, part: string): number {
  return createHash('sha256').update(`${seed} ${part}`).digest().readInt32BE(0);
}
