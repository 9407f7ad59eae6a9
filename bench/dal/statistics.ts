/** A middle with what lies around it: the spread that a busy machine gives to a ratio. */
export interface Spread {
  readonly median: number;
  /** The tenth and the ninetieth percentile. */
  readonly low: number;
  readonly high: number;
}

/** Times of the same work done in two ways, one directly after the other. */
export interface Pair {
  readonly base: number;
  readonly other: number;
}

/** The value below which so much of the sample lies, by the nearest rank. */
export function percentile(sample: readonly number[], part: number): number {
  if (sample.length === 0) throw new RangeError('There is no percentile of nothing.');
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle of a sample, with its tenth and ninetieth percentile. */
export function spread(sample: readonly number[]): Spread {
  return { median: percentile(sample, 0.5), low: percentile(sample, 0.1), high: percentile(sample, 0.9) };
}

/** Cuts a sequence into blocks of at least so many; what is left over joins the last. */
export function blocks<T>(sequence: readonly T[], size: number): T[][] {
  const count = Math.max(1, Math.floor(sequence.length / size));
  return Array.from({ length: count }, (_, at) =>
    sequence.slice(at * size, at === count - 1 ? sequence.length : (at + 1) * size),
  );
}

/** In each block, a percentile of the other way over the same percentile of the base; then the spread of these ratios. */
export function ratioByBlocks(parts: readonly (readonly Pair[])[], part: number): Spread {
  return spread(
    parts.map(
      (pairs) =>
        percentile(pairs.map(({ other }) => other), part) / percentile(pairs.map(({ base }) => base), part), // prettier-ignore
    ),
  );
}
