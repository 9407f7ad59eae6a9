import { identity } from './relation.ts';
import { SqlError } from './sql-error.ts';
import type { Row } from './value.ts';

/** MySQL's `cte_max_recursion_depth` by default. */
const DEEPEST = 1000;

/** UNION: the first of each set of equal rows, of all of them together. Columns go by their position. */
export function union<T extends Row>(...parts: readonly (readonly T[])[]): T[] {
  return [...unseen(parts.flat(), new Set())];
}

function unseen<T extends Row>(rows: readonly T[], seen: Set<string>): T[] {
  return rows.filter((row) => {
    const id = JSON.stringify(Object.values(row).map(identity));
    return !seen.has(id) && seen.add(id);
  });
}

/**
 * A recursive common table: its first rows, then what `next` makes of the rows that came last, until nothing new comes.
 * `distinct` is UNION without ALL.
 */
export async function recursive<T extends Row>(
  first: readonly T[],
  next: (latest: readonly T[]) => Promise<readonly T[]> | readonly T[],
  distinct = false,
): Promise<T[]> {
  const seen = new Set<string>();
  const fresh = (rows: readonly T[]): readonly T[] => (distinct ? unseen(rows, seen) : rows);
  let latest = fresh(first);
  const all = [...latest];
  for (let round = 1; latest.length > 0; round += 1) {
    if (round > DEEPEST + 1) {
      const message = `Recursive query aborted after ${DEEPEST + 1} iterations. Try increasing @@cte_max_recursion_depth to a larger value.`;
      throw new SqlError('ER_CTE_MAX_RECURSION_DEPTH', 3636, 'HY000', message);
    }
    latest = fresh(await next(latest));
    all.push(...latest);
  }
  return all;
}
