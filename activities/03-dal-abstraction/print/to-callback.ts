/** `F/to-callback.ts`, for callers that take callbacks. */
export function printToCallback(): string {
  return `/**
 * Hands the outcome of a promise to a callback. What the callback throws is thrown outside of the promise, where the
 * process hears of it, and never comes back as a second outcome.
 */
export function toCallback<T>(
  answer: Promise<T>,
  callback: (error: unknown, answer?: T) => void,
): void {
  answer.then(
    (value) => process.nextTick(callback, null, value),
    (error) => process.nextTick(callback, error),
  );
}
`;
}
