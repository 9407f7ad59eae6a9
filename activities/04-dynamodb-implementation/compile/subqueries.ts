import { emit, lambda, type Place } from './emit-expression.ts';
import { emitRows, type Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { walk } from './scope.ts';
import type { Expression } from './statement.ts';

type Subquery = Extract<Expression, { kind: 'subquery' }>;

/** A subquery that names tables around it: answered for each row. */
export interface Correlated {
  readonly expression: Expression;
  readonly variable: string;
  /** Statements that give the variable, over the row's own variables. */
  readonly body: string;
}

/**
 * Writes the subqueries of a statement. Those that stand alone are answered first, in variables; those that hang on the
 * row come back, to be answered for each.
 */
export async function emitSubqueries(
  writing: Writing,
  where: Expression | null,
  later: readonly Expression[],
  place: Place,
  lines: string[],
): Promise<{ place: Pick<Place, 'subqueries' | 'tuples'>; correlated: Correlated[] }> {
  const subqueries = new Map<Expression, string>();
  const correlated: Correlated[] = [];
  for (const { expression, list } of [
    ...(where === null ? [] : direct(where)),
    ...later.flatMap((each) => direct(each)),
  ]) {
    const variable = writing.fresh(expression.use === 'exists' ? 'found' : 'wanted');
    const inner: string[] = [];
    const outerUsed = new Set<string>();
    const answer = await answerOf(writing, expression, list, { ...place, outerUsed }, inner);
    const own = new Set(place.scope.bounds.map((bound) => bound.variable));
    inner.push(`const ${variable} = ${answer};`);
    if ([...outerUsed].some((name) => own.has(name))) {
      for (const name of outerUsed) place.outerUsed.add(name);
      correlated.push({ expression, variable, body: inner.join(' ') });
    } else {
      lines.push(...inner);
      subqueries.set(expression, variable);
    }
  }
  return { place: { subqueries, tuples: place.tuples || correlated.length > 0 }, correlated };
}

/** Subqueries of an expression, not those inside of them; `list` says that it stands in `IN (…)`. */
function direct(expression: Expression, list = false): { expression: Subquery; list: boolean }[] {
  if (expression.kind === 'subquery') return [{ expression, list }];
  if (expression.kind === 'operation' && expression.operator === 'IN') {
    return expression.operands.flatMap((each, position) => direct(each, position > 0));
  }
  const parts = [...walk(expression)].slice(1);
  return expression.kind === 'column' || parts.length === 0
    ? []
    : immediate(expression).flatMap((each) => direct(each));
}

function immediate(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'operation':
    case 'call':
      return expression.operands;
    case 'optional':
      return [expression.expression];
    case 'list':
      return expression.items;
    case 'case':
      return [
        ...expression.whens.flatMap(({ when, then }) => [when, then]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    default:
      return [];
  }
}

async function answerOf(
  writing: Writing,
  { use, select }: Subquery,
  list: boolean,
  place: Place,
  lines: string[],
): Promise<string> {
  const refused = select.groupBy.length > 0 || select.having !== null || select.distinct || select.limit?.offset;
  if (refused) throw new Refusal('A subquery with GROUP BY, HAVING, DISTINCT or OFFSET.', 'Ask in two statements.');
  const column = select.columns[0]?.expression;
  const rows = await emitRows(writing, { sources: select.sources, where: select.where, later: [] }, lines, place);
  if (use === 'exists') return `${rows.text}.length > 0`;
  if (column === undefined || select.columns.length !== 1)
    throw new Refusal('A subquery of several columns.', 'Give one.');
  if (column.kind === 'aggregate') {
    const group: Place = { ...rows.place, used: new Set(), group: { key: [], tuples: rows.place.tuples } };
    const value = emit(column, group);
    return list
      ? `[(${lambda(group, value)})({ rows: ${rows.text} })]`
      : `(${lambda(group, value)})({ rows: ${rows.text} })`;
  }
  const inner: Place = { ...rows.place, used: new Set() };
  const values = `${rows.text}.map(${lambda(inner, emit(column, inner))})`;
  return list ? values : `sql.only(${values})`;
}
