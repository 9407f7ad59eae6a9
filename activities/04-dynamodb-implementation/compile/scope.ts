import type { ColumnModel, EntityModel, StoreModel } from '../../../runtime/store/model.ts';
import { Refusal } from './refusal.ts';
import type { ResultType } from './result-type.ts';
import type { Expression, OrderItem, Ordering, Query, Select } from './statement.ts';

/** A table of the statement, under the name that its rows have in SQL and in the code. */
export interface Bound {
  readonly alias: string;
  readonly variable: string;
  readonly entity: EntityModel;
  /** Variable of the rows of a derived or common table; absent where they are read from the store. */
  readonly rows?: string;
}

/** Columns that USING makes one: they are named without a table, and stand in front of `*`. */
export interface Shared {
  readonly column: string;
  /** The table whose value it is, and the others that have it. */
  readonly from: Bound;
  readonly bounds: readonly Bound[];
}

/** The tables that an expression can name; a subquery sees those of the statement around it. */
export class Scope {
  readonly bounds: readonly Bound[];
  readonly outer: Scope | undefined;
  readonly shared: readonly Shared[];
  /** Types of subqueries, known when they are written. */
  readonly types = new Map<Expression, ResultType>();

  constructor(bounds: readonly Bound[], outer?: Scope, shared: readonly Shared[] = []) {
    this.bounds = bounds;
    this.outer = outer;
    this.shared = shared;
  }

  find(table: string | null, column: string): { bound: Bound; column: ColumnModel } | undefined {
    const matching = this.bounds.filter(
      ({ alias, entity }) => (table === null || alias === table) && entity.columns[column] !== undefined,
    );
    const shared = table === null ? this.shared.find((each) => each.column === column) : undefined;
    if (shared !== undefined && matching.every((bound) => shared.bounds.includes(bound))) {
      return { bound: shared.from, column: shared.from.entity.columns[column] as ColumnModel };
    }
    if (matching.length > 1) throw new Refusal(`${column} is ambiguous.`, 'Name its table.');
    const bound = matching[0];
    if (bound === undefined) return this.outer?.find(table, column);
    return { bound, column: bound.entity.columns[column] as ColumnModel };
  }

  resolve(table: string | null, column: string): { bound: Bound; column: ColumnModel } {
    const found = this.find(table, column);
    if (found !== undefined) return found;
    const name = table === null ? column : `${table}.${column}`;
    throw new Refusal(`The contract has no column ${name}.`, 'Map the column in the contract instead of dropping it.');
  }

  /** Own tables that an expression names. */
  named(expression: Expression): Set<string> {
    const own = new Set<string>();
    for (const part of walk(expression)) {
      if (part.kind !== 'column') continue;
      const found = this.find(part.table, part.column);
      if (found !== undefined && this.bounds.includes(found.bound)) own.add(found.bound.alias);
    }
    return own;
  }
}

export function entityOf(model: StoreModel, table: string): EntityModel {
  const entity = model.entities[table];
  if (entity !== undefined) return entity;
  throw new Refusal(`The contract has no table ${table}.`, 'Add the table to the contract.');
}

/** An expression and all parts of it, those of subqueries included. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* walk(part);
}

/** What an expression is made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'operation':
    case 'call':
      return expression.operands;
    case 'interval':
      return [expression.amount];
    case 'case':
      return [
        ...expression.whens.flatMap(({ when, then }) => [when, then]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
    case 'aggregate':
      return [
        ...(expression.operand === null ? [] : [expression.operand]),
        ...(expression.orderBy ?? []).map((item) => item.expression),
      ];
    case 'window':
      return [expression.of, ...expression.partitionBy, ...expression.orderBy.map((item) => item.expression)];
    case 'list':
      return expression.items;
    case 'optional':
      return [expression.expression];
    case 'subquery':
      return queryParts(expression.select);
    default:
      return [];
  }
}

function queryParts(query: Query): Expression[] {
  const common = query.with.flatMap((each) => queryParts(each.query));
  if (query.kind === 'select') return [...common, ...selectParts(query)];
  return [
    ...common,
    ...selectParts(query.first),
    ...query.rest.flatMap(({ select }) => selectParts(select)),
    ...orderItems(query.orderBy).map(({ expression }) => expression),
  ];
}

/** The items of an order, those of all alternatives where one is chosen. */
export function orderItems(orderBy: Ordering): readonly OrderItem[] {
  return orderBy.kind === 'fixed' ? orderBy.items : orderBy.alternatives.flatMap(({ items }) => items);
}

function selectParts(select: Select): Expression[] {
  const optional = (expression: Expression | null): Expression[] => (expression === null ? [] : [expression]);
  return [
    ...select.columns
      .map(({ expression }) => expression)
      .filter((each) => each.kind !== 'column' || each.column !== '*'),
    ...select.sources.flatMap(({ on, derived }) => [
      ...optional(on),
      ...(derived === undefined ? [] : queryParts(derived)),
    ]),
    ...optional(select.where),
    ...select.groupBy,
    ...optional(select.having),
    ...orderItems(select.orderBy).map(({ expression }) => expression),
  ];
}

/** Whether a part of the expression, subqueries left alone, is an aggregate. */
export function aggregates(expression: Expression): boolean {
  if (expression.kind === 'aggregate') return true;
  // What a window computes is no aggregate of the statement, but what it computes it from may be.
  if (expression.kind === 'window') return partsOf(expression).flatMap(ofWindow).some(aggregates);
  return expression.kind !== 'subquery' && partsOf(expression).some(aggregates);
}

function ofWindow(part: Expression): readonly Expression[] {
  return part.kind === 'aggregate' ? partsOf(part) : [part];
}

/** The window functions of an expression, subqueries left alone. */
export function windowsOf(expression: Expression): readonly Extract<Expression, { kind: 'window' }>[] {
  if (expression.kind === 'window') return [expression];
  return expression.kind === 'subquery' ? [] : partsOf(expression).flatMap(windowsOf);
}

/** The conjuncts of a condition. */
export function conjuncts(condition: Expression | null): Expression[] {
  if (condition === null) return [];
  if (condition.kind === 'operation' && condition.operator === 'AND') return condition.operands.flatMap(conjuncts);
  if (condition.kind === 'list' && condition.items.length === 1) return condition.items.flatMap(conjuncts);
  return [condition];
}

/** Text that is the same for two expressions of one meaning. */
export function fingerprint(expression: Expression, scope: Scope): string {
  return JSON.stringify(expression, (_key, value: unknown) => {
    const part = value as Expression | null;
    if (typeof part !== 'object' || part === null || part.kind !== 'column') return value;
    const found = scope.find(part.table, part.column);
    return found === undefined ? part : { kind: 'column', of: found.bound.alias, column: part.column };
  });
}
