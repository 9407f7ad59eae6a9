import type { AccessPattern, Analysis, Predicate } from '../../core/analysis.ts';
import { changesReferencedKey, childChecks } from './child-checks.ts';
import type { Rate } from './rates.ts';
import { neededColumns, type NeededColumns } from './needed-columns.ts';
import { Names } from '../../sql/scope.ts';
import { statementFacts, type StatementFacts } from './statement.ts';
import type { Estimator } from './statistics.ts';

/** One access of one table that a pattern makes: what is known of the rows when it is made. */
export interface Lookup {
  readonly pattern: string;
  readonly purpose: 'read' | 'rows to write' | 'foreign key check';
  readonly table: string;
  /** Columns bound by equality to a value or to a row read before; sorted. */
  readonly equality: readonly string[];
  /** Of {@link equality}: bound to a list of values. */
  readonly inList: readonly string[];
  /** Of {@link equality}: asked for NULL. */
  readonly nulls: readonly string[];
  readonly range: readonly string[];
  readonly order: readonly { readonly column: string; readonly descending: boolean }[];
  readonly limited: boolean;
  /** Columns that the pattern needs of each row; null for all, also where that is not known. */
  readonly columns: readonly string[] | null;
  /** How often the access is made in one execution of the pattern. */
  readonly times: number;
  readonly rate: Rate;
}

export interface PatternPlan {
  readonly pattern: AccessPattern;
  readonly rate: Rate;
  readonly facts: StatementFacts;
  readonly lookups: readonly Lookup[];
  /** Table that is written; null for reads. */
  readonly target: string | null;
}

/** Values of an `IN` list that an estimate assumes. */
export const LIST_LENGTH = 10;

/** Plans the accesses of every pattern, and those that its foreign keys cause. */
export function planPatterns(analysis: Analysis, rates: ReadonlyMap<string, Rate>, estimate: Estimator): PatternPlan[] {
  const names = new Names(analysis.tables);
  return analysis.accessPatterns.flatMap((pattern) => {
    const rate = rates.get(pattern.id);
    return rate ? [planPattern(pattern, rate, analysis, estimate, names)] : [];
  });
}

function planPattern(
  pattern: AccessPattern,
  rate: Rate,
  analysis: Analysis,
  estimate: Estimator,
  names: Names,
): PatternPlan {
  const facts = statementFacts(pattern);
  const target = pattern.kind === 'write' ? (pattern.tables[0] ?? null) : null;
  const inserted = facts.verb === 'insert' || facts.verb === 'replace';
  // An INSERT finds no rows; INSERT … SELECT reads the tables after the first.
  const read = inserted ? pattern.tables.slice(1) : pattern.tables;
  const needed = neededColumns(pattern, facts.locking, names);
  const lookups = accessOrder(pattern, read, rate, estimate, target, needed);
  const deletes = facts.verb === 'delete' || facts.verb === 'replace';
  const leaves = deletes || changesReferencedKey(target, facts.assigned, analysis);
  const removed = target && leaves ? childChecks(pattern.id, target, rate, analysis, estimate) : [];
  return { pattern, rate, facts, target, lookups: [...lookups, ...removed] };
}

/**
 * The order in which the tables of a statement are read: the one that its values bind best comes first, then always
 * one that is joined to a table already read. Ties go to the order of appearance, so the plan is deterministic.
 */
function accessOrder(
  pattern: AccessPattern,
  tables: readonly string[],
  rate: Rate,
  estimate: Estimator,
  target: string | null,
  needed: NeededColumns,
): Lookup[] {
  const left = [...new Set(tables)];
  const done: Lookup[] = [];
  let rows = 1;
  while (left.length > 0) {
    const options = left.map((table) =>
      boundColumns(
        pattern,
        table,
        done.map((lookup) => lookup.table),
      ),
    );
    const costs = options.map(
      (option) => expectedRows(option, estimate) + (done.length > 0 && !option.joined ? 1e12 : 0),
    );
    const best = costs.indexOf(Math.min(...costs));
    const chosen = options[best];
    if (!chosen) break;
    left.splice(best, 1);
    const { table, equality, inList, nulls, range } = chosen;
    const alone = pattern.orderBy.every((entry) => entry.table === table);
    const order =
      done.length === 0 && alone ? pattern.orderBy.map(({ column, descending }) => ({ column, descending })) : [];
    const limited = pattern.limited && done.length === 0 && tables.length === 1;
    const purpose = table === target ? 'rows to write' : 'read';
    // What no row before narrows is read once, however many rows there are to combine it with.
    const times = equality.length === 0 ? 1 : Math.max(1, rows) * (inList.length > 0 ? LIST_LENGTH : 1);
    const bound = { equality, inList, nulls, range, order, limited, columns: needed(table) };
    done.push({ pattern: pattern.id, purpose, table, ...bound, times, rate });
    rows = Math.max(times, rows) * expectedRows(chosen, estimate);
    if (pattern.limited && tables.length > 1) rows = Math.min(rows, PAGE);
    const recursive = selfJoin(pattern, table, done.at(-1), rate);
    if (recursive) done.push(recursive);
  }
  return done;
}

/** Rows of a page, where a statement has a LIMIT whose value is a parameter. */
export const PAGE = 25;

interface Bound {
  readonly table: string;
  readonly equality: readonly string[];
  readonly inList: readonly string[];
  readonly nulls: readonly string[];
  readonly range: readonly string[];
  readonly joined: boolean;
}

function boundColumns(pattern: AccessPattern, table: string, done: readonly string[]): Bound {
  const always = pattern.predicates.filter((predicate) => predicate.always);
  const own = always.filter((predicate) => predicate.table === table && predicate.with === 'value');
  const joins = always.flatMap((predicate) => joinColumn(predicate, table, done));
  const columns = (operator: Predicate['operator']) =>
    sorted(own.filter((predicate) => predicate.operator === operator).map(({ column }) => column));
  const nulls = columns('is-null');
  const equality = sorted([...columns('='), ...columns('in'), ...nulls, ...joins]);
  const equal = new Set([...columns('='), ...joins]);
  return {
    table,
    equality,
    inList: columns('in').filter((column) => !equal.has(column)),
    nulls,
    range: sorted([...columns('range'), ...columns('like-prefix')]),
    joined: joins.length > 0,
  };
}

/** The column of `table` that the predicate binds to a row of a table already read. */
function joinColumn(predicate: Predicate, table: string, done: readonly string[]): string[] {
  if (predicate.with === 'value' || predicate.operator !== '=') return [];
  const other = predicate.with;
  if (predicate.table === table && other.table !== table && done.includes(other.table)) return [predicate.column];
  if (other.table === table && predicate.table !== table && done.includes(predicate.table)) return [other.column];
  return [];
}

/** A table joined to itself (a tree) is read again by the other side of the join. */
function selfJoin(pattern: AccessPattern, table: string, first: Lookup | undefined, rate: Rate): Lookup | null {
  for (const predicate of pattern.predicates) {
    if (predicate.with === 'value' || predicate.table !== table || predicate.with.table !== table) continue;
    const equality = first?.equality.includes(predicate.column) ? [predicate.with.column] : [predicate.column];
    const rest = { inList: [], nulls: [], range: [], order: [], limited: false, columns: first?.columns ?? null };
    return { pattern: pattern.id, purpose: 'read', table, equality, ...rest, times: first?.times ?? 1, rate };
  }
  return null;
}

function expectedRows(bound: Bound, estimate: Estimator): number {
  if (bound.equality.length > 0) return estimate.matches(bound.table, bound.equality);
  return estimate.rows(bound.table) * (bound.range.length > 0 ? 0.5 : 1) + 1;
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
