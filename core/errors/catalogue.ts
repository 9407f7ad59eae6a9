/** One entry of the closed error catalogue. */
export interface ErrorEntry {
  /** What happened, in one sentence, without details of the case. */
  readonly summary: string;
  /** What the operator should do about it. */
  readonly remedy: string;
  /** Whether doing the same again, unchanged, can succeed. */
  readonly retryable: boolean;
}

/** Declares a family of entries; keeps the literal codes as a type. */
export function defineErrors<const T extends Record<string, ErrorEntry>>(entries: T): T {
  return entries;
}
