import type { Outcome } from './cases.ts';
import type { Tagged } from './values.ts';

/**
 * An answer as the generated tests compare it; the same as `plain` of their support file. Numbers as text, because
 * MySQL gives a condition now as one, now as the other, depending on whether the optimizer takes a temporary table.
 */
export function comparable(outcome: Outcome): Outcome {
  if (outcome.rows === undefined) return outcome;
  return {
    rows: outcome.rows.map((row) => {
      const entries = columns(row);
      return entries.length === 0 ? row : Object.fromEntries(entries.map(([name, value]) => [name, steady(value)]));
    }),
  };
}

/** mysql2 leaves a fraction of zeros out when a statement is prepared, and gives it when it is not. */
function steady(value: Tagged): Tagged {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$/, '$1') : value;
}

function columns(row: Tagged): [string, Tagged][] {
  return row === null || typeof row !== 'object' || Array.isArray(row) || '$' in row ? [] : Object.entries(row);
}
