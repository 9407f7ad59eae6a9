import type { AccessPattern } from '../../core/analysis.ts';
import type { Names } from '../../sql/scope.ts';
import { templateReferences } from '../../sql/template-references.ts';

/** The columns of a table that a pattern reads anywhere in its statement; null when it needs, or may need, all. */
export type NeededColumns = (table: string) => readonly string[] | null;

/**
 * What a statement reads of its tables, over all its variants. Writes and locking reads need the whole row, because
 * the store writes whole items and checks their versions; text beyond the grammar may need anything.
 */
export function neededColumns(pattern: AccessPattern, locking: boolean, names: Names): NeededColumns {
  if (pattern.kind === 'write' || locking) return () => null;
  const found = templateReferences(pattern.template, names);
  if (!found.parsed) return () => null;
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of found.columns) {
    columns.set(table, (columns.get(table) ?? new Set()).add(column));
  }
  return (table) => [...(columns.get(table) ?? [])].sort();
}
