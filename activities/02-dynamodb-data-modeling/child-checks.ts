import type { Analysis } from '../../core/analysis.ts';
import type { Lookup } from './lookups.ts';
import type { Rate } from './rates.ts';
import type { Estimator } from './statistics.ts';

/** Whether an update assigns a column that children refer to. */
export function changesReferencedKey(target: string | null, assigned: readonly string[], analysis: Analysis): boolean {
  return analysis.tables.some((table) =>
    table.foreignKeys.some(
      (key) => key.referencedTable === target && key.referencedColumns.some((column) => assigned.includes(column)),
    ),
  );
}

/** Children of the rows that a statement removes have to be found, to refuse, cascade or set NULL; cascades go on. */
export function childChecks(
  pattern: string,
  parent: string,
  rate: Rate,
  analysis: Analysis,
  estimate: Estimator,
  seen: ReadonlySet<string> = new Set(),
  parents = 1,
): Lookup[] {
  return analysis.tables.flatMap((child) =>
    child.foreignKeys
      .filter((key) => key.referencedTable === parent && !seen.has(`${child.name}.${key.name}`))
      .flatMap((key) => {
        const rest = { inList: [], nulls: [], range: [], order: [], limited: false, columns: null };
        const equality = [...key.columns].sort();
        const own: Lookup = {
          pattern,
          purpose: 'foreign key check',
          table: child.name,
          equality,
          ...rest,
          times: parents,
          rate,
        };
        if (key.onDelete.toUpperCase() !== 'CASCADE') return [own];
        const next = new Set([...seen, `${child.name}.${key.name}`]);
        const rows = parents * estimate.matches(child.name, key.columns);
        return [own, ...childChecks(pattern, child.name, rate, analysis, estimate, next, rows)];
      }),
  );
}
