import type { AccessPattern, Analysis, ForeignKeyFacts, TableFacts } from '../../core/analysis.ts';
import type { Lookup, PatternPlan } from './lookups.ts';

/** Columns of a parent that are copied into its children along a foreign key, so that reads of both need one access. */
export interface CopyDesign {
  readonly child: string;
  readonly parent: string;
  readonly key: ForeignKeyFacts;
  /** Columns of the parent; those that the child's foreign key holds already are not among them. */
  readonly columns: readonly string[];
  /** Patterns that need not read the parent any more. */
  readonly patterns: readonly string[];
}

/**
 * Every copy that would save a pattern a read: for each foreign key along which patterns read a parent by its key,
 * the columns that one of them needs, and those that all of them need together. In order of tables and key.
 */
export function copyOptions(plans: readonly PatternPlan[], analysis: Analysis): CopyDesign[] {
  const byKey = new Map<string, CopyDesign[]>();
  const tables = new Map(analysis.tables.map((table) => [table.name, table]));
  for (const { pattern, lookups } of plans) {
    for (const lookup of lookups) {
      const found = copyFor(pattern, lookup, lookups, tables);
      if (!found || found.columns.length === 0) continue;
      const name = `${found.child}\u0000${found.key.name}`;
      byKey.set(name, [...(byKey.get(name) ?? []), found]);
    }
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, options]) => distinct([...options.map((option) => widened(option, options)), union(options)]));
}

function copyFor(
  pattern: AccessPattern,
  lookup: Lookup,
  lookups: readonly Lookup[],
  tables: ReadonlyMap<string, TableFacts>,
): CopyDesign | null {
  if (pattern.kind !== 'read' || lookup.purpose !== 'read' || lookup.columns === null) return null;
  const before = new Set(lookups.slice(0, lookups.indexOf(lookup)).map(({ table }) => table));
  const joined = [...before].filter((table) => table !== lookup.table).sort();
  const keys = joined.flatMap((child) =>
    (tables.get(child)?.foreignKeys ?? [])
      .filter((key) => key.referencedTable === lookup.table && joinsBy(pattern, child, key))
      .map((key) => ({ child, key })),
  );
  // Two ways from the pattern's tables to the parent would be two different rows of it.
  const [only, other] = keys;
  if (!only || other || !isPrimaryKey(tables.get(lookup.table), only.key)) return null;
  const columns = lookup.columns.filter((column) => !only.key.referencedColumns.includes(column));
  return { child: only.child, parent: lookup.table, key: only.key, columns, patterns: [pattern.id] };
}

function isPrimaryKey(parent: TableFacts | undefined, key: ForeignKeyFacts): boolean {
  return parent !== undefined && [...parent.primaryKey].sort().join() === [...key.referencedColumns].sort().join();
}

/** Whether the pattern always joins the child to the parent by all columns of the key. */
function joinsBy(pattern: AccessPattern, child: string, key: ForeignKeyFacts): boolean {
  return key.columns.every((column, at) =>
    pattern.predicates.some(({ always, operator, table, column: left, with: right }) => {
      if (!always || operator !== '=' || right === 'value') return false;
      const target = key.referencedColumns[at];
      const forward =
        table === child && left === column && right.table === key.referencedTable && right.column === target;
      const backward =
        table === key.referencedTable && left === target && right.table === child && right.column === column;
      return forward || backward;
    }),
  );
}

/** The same copy for every pattern that these columns are enough for. */
function widened(option: CopyDesign, options: readonly CopyDesign[]): CopyDesign {
  const enough = options.filter(({ columns }) => columns.every((column) => option.columns.includes(column)));
  return { ...option, patterns: sorted(enough.flatMap(({ patterns }) => patterns)) };
}

function union(options: readonly CopyDesign[]): CopyDesign {
  const [first] = options;
  if (!first) throw new Error('A foreign key is listed only with a copy.');
  return {
    ...first,
    columns: sorted(options.flatMap(({ columns }) => columns)),
    patterns: sorted(options.flatMap(({ patterns }) => patterns)),
  };
}

function distinct(options: readonly CopyDesign[]): CopyDesign[] {
  return [...new Map(options.map((option) => [option.columns.join('\u0000'), option])).values()];
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
