const K = 32;

/** What the first player gains, and the second loses, by a result: 1 won, 0.5 drawn, 0 lost. */
export function swing(ownRating: number, otherRating: number, result: number): number {
  const expected = 1 / (1 + 10 ** ((otherRating - ownRating) / 400));
  return Math.round(K * (result - expected));
}
