import type { Outcome } from './cases.ts';
import type { Tagged } from './values.ts';

/**
 * Columns that MySQL itself gives now as a number, now as text: the type of a condition depends on whether the optimizer
 * takes a temporary table. A test compares them as text.
 */
export function unsteadyColumns(outcomes: readonly Outcome[]): string[] {
  const types = new Map<string, Set<string>>();
  for (const row of outcomes.flatMap(({ rows }) => rows ?? [])) {
    for (const [name, value] of columns(row)) {
      if (typeof value !== 'number' && typeof value !== 'string') continue;
      types.set(name, (types.get(name) ?? new Set()).add(typeof value));
    }
  }
  return [...types].filter(([, kinds]) => kinds.size > 1).map(([name]) => name);
}

/** An answer as the generated tests compare it; the same as `plain` of their support file. */
export function comparable(outcome: Outcome, asText: readonly string[]): Outcome {
  if (outcome.rows === undefined) return outcome;
  return {
    rows: outcome.rows.map((row) => {
      const entries = columns(row);
      return entries.length === 0
        ? row
        : Object.fromEntries(
            entries.map(([name, value]) => [
              name,
              steady(asText.includes(name) && typeof value === 'number' ? String(value) : value),
            ]),
          );
    }),
  };
}

/** mysql2 leaves a fraction of zeros out when a statement is prepared, and gives it when it is not. */
function steady(value: Tagged): Tagged {
  return typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$/, '$1') : value;
}

function columns(row: Tagged): [string, Tagged][] {
  return row === null || typeof row !== 'object' || Array.isArray(row) || '$' in row ? [] : Object.entries(row);
}
