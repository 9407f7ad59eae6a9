import { emit, lambda, type Place } from './emit-expression.ts';
import { emitQuery } from './emit-query.ts';
import type { Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { partsOf } from './scope.ts';
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
  const all = [...(where === null ? [] : [where]), ...later].flatMap((each) => direct(each));
  // An alias stands for the same subquery wherever it is named.
  for (const [expression, list] of new Map(all.map((each) => [each.expression, each.list]))) {
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
  if (expression.kind === 'operation' && /^IN$| (ANY|ALL)$/.test(expression.operator)) {
    return expression.operands.flatMap((each, position) => direct(each, position > 0));
  }
  return partsOf(expression).flatMap((each) => direct(each));
}

async function answerOf(
  writing: Writing,
  expression: Subquery,
  list: boolean,
  outer: Place,
  lines: string[],
): Promise<string> {
  const { text, place, columns } = await emitQuery(writing, expression.select, lines, { outer, named: false });
  if (expression.use === 'exists') return `${text}.length > 0`;
  const [column] = columns;
  if (column === undefined || (columns.length !== 1 && !list)) {
    throw new Refusal('A subquery of several columns stands for one value.', 'Give one.');
  }
  outer.scope.types.set(expression, column.type);
  const own: Place = { ...place, used: new Set() };
  const value = columns.length === 1 ? emit(column.expression, own) : `[${columns.map((each) => emit(each.expression, own)).join(', ')}]`; // prettier-ignore
  const values = `${text}.map(${lambda(own, value)})`;
  return list ? values : `sql.only(${values})`;
}
