import type { Analysis } from '../../core/analysis.ts';
import type { WriteLoad } from './index-choice.ts';
import type { PatternPlan } from './lookups.ts';
import type { Estimator } from './statistics.ts';

/** Rows of one table that one execution of a pattern writes. */
export interface WriteEffect {
  readonly table: string;
  readonly kind: WriteLoad['kind'];
  readonly assigned: readonly string[];
  readonly rows: number;
}

/** What one execution writes: its own table, and by foreign keys the children of what it removes. */
export function writeEffects(plan: PatternPlan, analysis: Analysis, estimate: Estimator): WriteEffect[] {
  const { target, facts, pattern } = plan;
  if (target === null) return [];
  const found = plan.lookups.find((lookup) => lookup.purpose === 'rows to write');
  const rows = found
    ? found.equality.length > 0
      ? found.times * estimate.matches(target, found.equality)
      : estimate.rows(target)
    : 1;
  switch (facts.verb) {
    case 'insert':
      return [
        { table: target, kind: 'insert', assigned: facts.assigned, rows: insertedRows(plan, analysis, estimate) },
      ];
    case 'replace':
      return [{ table: target, kind: 'update', assigned: allColumns(analysis, target), rows: 1 }];
    case 'update':
      return [{ table: target, kind: 'update', assigned: facts.assigned, rows }];
    case 'delete':
      return [
        { table: target, kind: 'delete', assigned: [], rows },
        ...removedChildren(target, rows, analysis, estimate, new Set()),
      ];
    case 'select':
      return [];
    case 'other':
      // Not understood: counted as an update of every column, the dearest that it can be.
      return [
        {
          table: target,
          kind: 'update',
          assigned: allColumns(analysis, target),
          rows: pattern.kind === 'write' ? rows : 0,
        },
      ];
  }
}

/** `VALUES ?` inserts as many rows as a parent has children on average; everything else one row. */
function insertedRows(plan: PatternPlan, analysis: Analysis, estimate: Estimator): number {
  const target = plan.target ?? '';
  const bulk = plan.pattern.template.parts.some((part) => part.kind === 'rows');
  const key = analysis.tables.find(({ name }) => name === target)?.foreignKeys[0];
  return bulk && key ? estimate.matches(target, key.columns) : 1;
}

function removedChildren(
  parent: string,
  parents: number,
  analysis: Analysis,
  estimate: Estimator,
  seen: ReadonlySet<string>,
): WriteEffect[] {
  return analysis.tables.flatMap((child) =>
    child.foreignKeys
      .filter((key) => key.referencedTable === parent && !seen.has(`${child.name}.${key.name}`))
      .flatMap((key): WriteEffect[] => {
        const rule = key.onDelete.toUpperCase();
        const rows = parents * estimate.matches(child.name, key.columns);
        if (rule === 'SET NULL') return [{ table: child.name, kind: 'update', assigned: key.columns, rows }];
        if (rule !== 'CASCADE') return [];
        const next = new Set([...seen, `${child.name}.${key.name}`]);
        return [
          { table: child.name, kind: 'delete', assigned: [], rows },
          ...removedChildren(child.name, rows, analysis, estimate, next),
        ];
      }),
  );
}

function allColumns(analysis: Analysis, table: string): string[] {
  return analysis.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
}

/** The writes on each source table, by kind, with their rates. */
export function writeLoads(
  plans: readonly PatternPlan[],
  analysis: Analysis,
  estimate: Estimator,
): ReadonlyMap<string, readonly WriteLoad[]> {
  const loads = new Map<string, WriteLoad[]>();
  for (const plan of plans) {
    for (const { table, kind, assigned, rows } of writeEffects(plan, analysis, estimate)) {
      const load = { kind, assigned, rowsPerSecond: rows * plan.rate.mean, peakRowsPerSecond: rows * plan.rate.peak };
      loads.set(table, [...(loads.get(table) ?? []), load]);
    }
  }
  return loads;
}
