import type { ColumnModel, EntityModel, StoreModel } from '../../../runtime/store/model.ts';
import { Refusal } from './refusal.ts';
import type { Expression, Select, Source } from './statement.ts';

/** A table of the statement, under the name that its rows have in SQL and in the code. */
export interface Bound {
  readonly alias: string;
  readonly variable: string;
  readonly entity: EntityModel;
}

/** The tables that an expression can name; a subquery sees those of the statement around it. */
export class Scope {
  readonly bounds: readonly Bound[];
  readonly outer: Scope | undefined;

  constructor(bounds: readonly Bound[], outer?: Scope) {
    this.bounds = bounds;
    this.outer = outer;
  }

  static of(model: StoreModel, sources: readonly Source[], name: (alias: string) => string, outer?: Scope): Scope {
    const bounds = sources.map(({ alias, table }) => ({
      alias,
      variable: name(alias),
      entity: entityOf(model, table),
    }));
    return new Scope(bounds, outer);
  }

  find(table: string | null, column: string): { bound: Bound; column: ColumnModel } | undefined {
    const matching = this.bounds.filter(
      ({ alias, entity }) => (table === null || alias === table) && entity.columns[column] !== undefined,
    );
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

function partsOf(expression: Expression): readonly Expression[] {
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
      return expression.operand === null ? [] : [expression.operand];
    case 'list':
      return expression.items;
    case 'optional':
      return [expression.expression];
    case 'subquery':
      return selectParts(expression.select);
    default:
      return [];
  }
}

function selectParts(select: Select): Expression[] {
  const optional = (expression: Expression | null): Expression[] => (expression === null ? [] : [expression]);
  return [
    ...select.columns
      .map(({ expression }) => expression)
      .filter((each) => each.kind !== 'column' || each.column !== '*'),
    ...select.sources.flatMap(({ on }) => optional(on)),
    ...optional(select.where),
    ...select.groupBy,
  ];
}

/** Whether a part of the expression, subqueries left alone, is an aggregate. */
export function aggregates(expression: Expression): boolean {
  if (expression.kind === 'aggregate') return true;
  return expression.kind !== 'subquery' && partsOf(expression).some(aggregates);
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
