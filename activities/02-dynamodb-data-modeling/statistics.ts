import type { ColumnFacts, TableFacts } from '../../core/analysis.ts';

/** Estimates of how many rows a condition selects. All are computed from counts of stage 1; none is a measurement. */
export interface Estimator {
  rows(table: string): number;
  /** Share of a table's rows that equality on a column selects, 0 … 1. */
  equality(table: string, column: string): number;
  /** Rows that equality on all these columns selects: exactly one on a whole unique key. */
  matches(table: string, columns: readonly string[]): number;
  /** Whether the column has so few values that a key of it gathers much of the table. */
  fewValues(table: string, column: string): boolean;
  isUnique(table: string, columns: readonly string[]): boolean;
}

/**
 * Share of a range condition's rows where nothing else is known: 1/3 (Selinger et al., "Access Path Selection in a
 * Relational Database Management System", SIGMOD 1979, table 1).
 */
export const RANGE_SHARE = 1 / 3;

/** Below this many distinct values an equality is no good partition key by itself. */
export const FEW_VALUES = 20;

export function estimator(tables: readonly TableFacts[]): Estimator {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const rows = (table: string) => byName.get(table)?.statistics.rows ?? 0;

  const isUnique = (table: string, columns: readonly string[]) => {
    const facts = byName.get(table);
    if (!facts) return false;
    const covers = (key: readonly string[]) => key.length > 0 && key.every((column) => columns.includes(column));
    return covers(facts.primaryKey) || facts.indexes.some((index) => index.unique && covers(wholeColumns(index.parts)));
  };

  const distinct = (table: string, column: string): number => {
    const facts = byName.get(table);
    const found = facts?.columns.find(({ name }) => name === column);
    if (!facts || !found) return 1;
    const labels = labelCount(found);
    if (labels !== null) return labels;
    if (isUnique(table, [column])) return Math.max(1, rows(table));
    const parent = facts.foreignKeys.find((key) => key.columns.length === 1 && key.columns[0] === column);
    if (parent) return Math.max(1, Math.min(rows(parent.referencedTable), Math.max(1, rows(table))));
    // Nothing is known of the column: the square root lies between "all equal" and "all different".
    return Math.max(FEW_VALUES, Math.sqrt(rows(table)));
  };

  const equality = (table: string, column: string) => 1 / distinct(table, column);
  return {
    rows,
    isUnique,
    equality,
    fewValues: (table, column) => {
      const found = byName.get(table)?.columns.find(({ name }) => name === column);
      return found !== undefined && labelCount(found) !== null;
    },
    matches: (table, columns) => {
      if (isUnique(table, columns)) return 1;
      const share = columns.reduce((product, column) => product * equality(table, column), 1);
      return Math.max(1, rows(table) * share);
    },
  };
}

/** Distinct values that a type allows at most, when they are few: labels of an ENUM, the two of a BOOLEAN, BIT(1). */
function labelCount(column: ColumnFacts): number | null {
  const type = column.columnType.toLowerCase();
  if (column.dataType.toLowerCase() === 'enum' && column.labels) return Math.max(1, column.labels.length);
  if (type.startsWith('tinyint(1)') || type === 'bit(1)') return 2;
  return null;
}

function wholeColumns(parts: readonly { column: string | null; prefix: number | null }[]): string[] {
  if (parts.some((part) => part.column === null || part.prefix !== null)) return [];
  return parts.map((part) => part.column ?? '');
}
