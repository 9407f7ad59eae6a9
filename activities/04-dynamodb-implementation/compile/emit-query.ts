import { emitCommonTables } from './derived.ts';
import { emit, emitTruth, lambda, type Place } from './emit-expression.ts';
import { orderText, pageText } from './emit-order.ts';
import { emitUnion } from './emit-union.ts';
import { emitWindows } from './emit-window.ts';
import { emitRows, type Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { type ResultType, resultType } from './result-type.ts';
import { aggregates, conjuncts, orderItems, type Scope, windowsOf } from './scope.ts';
import type { Expression, Ordering, OrderItem, Query, Select } from './statement.ts';

/** A column of a result. Its name is null where the query gives none and none is needed. */
export interface Column {
  readonly name: string | null;
  readonly expression: Expression;
  readonly type: ResultType;
}

/** Rows of a query, ready but for their columns. */
export interface Found {
  /** JavaScript expression. */
  readonly text: string;
  readonly place: Place;
  readonly columns: readonly Column[];
}

export interface QueryOptions {
  /** Where the query stands, if it is a subquery that may name what is around it. */
  readonly outer?: Place;
  /** Each column needs a name of its own. */
  readonly named: boolean;
}

/** Writes the reading of a query; `lines` gets the statements in front. */
export async function emitQuery(
  writing: Writing,
  query: Query,
  lines: string[],
  options: QueryOptions,
): Promise<Found> {
  await emitCommonTables(writing, query, lines);
  return query.kind === 'union'
    ? emitUnion(writing, query, lines, options)
    : emitSelectRows(writing, query, lines, options);
}

async function emitSelectRows(
  writing: Writing,
  select: Select,
  lines: string[],
  { outer, named }: QueryOptions,
): Promise<Found> {
  const { groupBy, having, orderBy, columns: written } = withAliases(select);
  const computed = written.map(({ expression }) => expression).filter((each) => !isStar(each));
  const behind = [...computed, ...groupBy, ...(having === null ? [] : [having]), ...orderItems(orderBy).map(({ expression }) => expression)]; // prettier-ignore
  const grouped = groupBy.length > 0 || behind.some(aggregates);
  const windows = behind.flatMap(windowsOf);
  const byKey = orderBy.kind === 'fixed' && !grouped && !select.distinct && windows.length === 0;
  const rows = await emitRows(
    writing,
    {
      sources: select.sources,
      where: select.where,
      later: behind,
      tuples: windows.length > 0,
      ...(byKey ? { order: orderBy.items, limit: select.limit } : {}),
    },
    lines,
    outer,
  );
  if (select.lock) lines.push(lockOf(writing, rows.text, rows.place));
  let { text, place } = rows;
  if (grouped) {
    const key: Place = { ...place, used: new Set() };
    const keys = `[${groupBy.map((each) => emit(each, key)).join(', ')}]`;
    text = groupBy.length === 0 ? `sql.wholeGroup(${text})` : `sql.groupBy(${text}, ${lambda(key, keys)})`;
    const { tuples, attached } = place;
    place = { ...place, used: new Set(), attached: [], group: { key: groupBy, tuples, attached } };
  }
  const conditions = conjuncts(having);
  if (conditions.length > 0) {
    const own: Place = { ...place, used: new Set() };
    text = `${text}.filter(${lambda(own, conditions.map((each) => emitTruth(each, own)).join(' && '))})`;
  }
  if (windows.length > 0) ({ text, place } = emitWindows(writing, text, windows, written, place, lines));
  const columns = expand(written, place.scope, named).map((column) => ({
    ...column,
    type: resultType(column.expression, place.scope),
  }));
  if (select.distinct) {
    const own: Place = { ...place, used: new Set() };
    text = `sql.distinct(${text}, ${lambda(own, `[${columns.map(({ expression }) => emit(expression, own)).join(', ')}]`)})`;
  }
  if (!rows.ordered || !byKey) text = orderText(text, orderBy, place, writing, lines);
  if (select.limit !== null) text = pageText(text, select.limit, place);
  return { text, place, columns };
}

function lockOf(writing: Writing, rows: string, place: Place): string {
  if (!place.tuples) return `await ${writing.reader}.lock(${rows});`;
  // Rows of a derived table are no rows of the store.
  const stored = place.scope.bounds.filter((bound) => bound.rows === undefined);
  const names = stored.map(({ variable }) => variable).join(', ');
  return `await ${writing.reader}.lock(${rows}.flatMap(({ ${names} }) => [${names}]));`;
}

/** Puts what an alias stands for in the places where SQL lets it be named. */
function withAliases(select: Select): Select {
  const byName = new Map(
    select.columns.flatMap(({ name, expression }) => (name === null ? [] : [[name, expression] as const])),
  );
  const known = (expression: Expression): Expression => {
    if (expression.kind === 'column' && expression.table === null) return byName.get(expression.column) ?? expression;
    if (expression.kind === 'literal' && expression.type === 'integer') {
      return select.columns[Number(expression.text) - 1]?.expression ?? expression;
    }
    return expression;
  };
  const inHaving = (expression: Expression): Expression => {
    if (expression.kind === 'operation') return { ...expression, operands: expression.operands.map(inHaving) };
    return expression.kind === 'column' && expression.table === null
      ? (byName.get(expression.column) ?? expression)
      : expression;
  };
  const items = (all: readonly OrderItem[]): OrderItem[] =>
    all.map(({ expression, descending }) => ({ expression: known(expression), descending }));
  const orderBy: Ordering =
    select.orderBy.kind === 'fixed'
      ? { kind: 'fixed', items: items(select.orderBy.items) }
      : {
          kind: 'choice',
          alternatives: select.orderBy.alternatives.map(({ condition, items: own }) => ({
            condition,
            items: items(own),
          })),
        };
  return {
    ...select,
    groupBy: select.groupBy.map(known),
    having: select.having === null ? null : inHaving(select.having),
    orderBy,
  };
}

function isStar(expression: Expression): boolean {
  return expression.kind === 'column' && expression.column === '*';
}

/** The result columns in their order; of columns with one name, the last one is what the driver keeps. */
function expand(columns: Select['columns'], scope: Scope, named: boolean): Omit<Column, 'type'>[] {
  const all = columns.flatMap(({ expression, name }): Omit<Column, 'type'>[] => {
    if (expression.kind === 'column' && expression.column === '*') return starred(expression.table, scope);
    return [{ name: name ?? nameOf(expression, named), expression }];
  });
  return named ? [...new Map(all.map((column) => [column.name, column])).values()] : all;
}

/** `*` and `t.*`. Columns of USING stand once, in front. */
function starred(table: string | null, scope: Scope): Omit<Column, 'type'>[] {
  const shared = table === null ? scope.shared : [];
  const column = (alias: string, name: string) => ({
    name,
    expression: { kind: 'column' as const, table: alias, column: name },
  });
  return [
    ...shared.map(({ column: name, from }) => column(from.alias, name)),
    ...scope.bounds
      .filter(({ alias }) => table === null || alias === table)
      .flatMap((bound) =>
        Object.keys(bound.entity.columns)
          .filter((name) => !shared.some((each) => each.column === name && each.bounds.includes(bound)))
          .map((name) => column(bound.alias, name)),
      ),
  ];
}

function nameOf(expression: Expression, needed: boolean): string | null {
  if (expression.kind === 'column') return expression.column;
  if (expression.kind === 'literal' && 'text' in expression) return expression.text;
  if (expression.kind === 'aggregate' && expression.operand === null) return 'COUNT(*)';
  if (!needed) return null;
  throw new Refusal('A computed column has no name.', 'Give it one by AS.');
}
