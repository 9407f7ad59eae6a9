/** Something in a contract that is wrong, with its exact place. */
export interface Problem {
  /** JSON pointer (RFC 6901) into the contract. */
  readonly at: string;
  readonly problem: string;
}

/** Puts a JSON pointer together; names may hold `/` and `~`. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A problem at a place. */
export function problem(at: string, text: string): Problem {
  return { at, problem: text };
}
