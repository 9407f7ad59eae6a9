import { Untold } from './untold.ts';

/**
 * Steps that one call site may cost. Code that doubles its text at each line, or branches at each, would take for
 * ever; what people write takes some thousands.
 */
const STEPS_OF_A_CALL = 400_000;
const account = { left: Number.POSITIVE_INFINITY };

/** Runs the work of one call site on a budget of its own. */
export function onBudget<T>(body: () => T): T {
  const before = account.left;
  account.left = STEPS_OF_A_CALL;
  try {
    return body();
  } finally {
    account.left = before;
  }
}

/** Takes steps from the budget; ends the work of the call site when there are none left. */
export function spend(steps = 1): void {
  account.left -= steps;
  if (account.left < 0)
    throw new Untold('the code that builds the statement branches or grows beyond what is followed');
}
