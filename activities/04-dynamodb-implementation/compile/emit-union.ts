import { entityOfColumns, memberTexts } from './derived.ts';
import { lambda, type Place } from './emit-expression.ts';
import { orderText, pageText } from './emit-order.ts';
import { type Column, emitQuery, type Found, type QueryOptions } from './emit-query.ts';
import type { Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { mergedTypes, type ResultType } from './result-type.ts';
import { Scope } from './scope.ts';
import type { Expression, Ordering, OrderItem, Select, Union } from './statement.ts';

/** UNION: each part as plain rows under the names that the first one gives, put together from left to right. */
export async function emitUnion(
  writing: Writing,
  union: Union,
  lines: string[],
  { outer, named }: QueryOptions,
): Promise<Found> {
  const first = await emitQuery(writing, union.first, lines, { named, ...(outer === undefined ? {} : { outer }) });
  const names = first.columns.map(({ name }, position) => name ?? `column${position + 1}`);
  const types = first.columns.map(({ type }) => [type]);
  let text = plainRows(writing, first, names, lines);
  for (const { all, select } of union.rest) {
    const next = await emitPart(writing, select, lines, outer);
    if (next.columns.length !== names.length) {
      throw new Refusal('The parts of a UNION have different numbers of columns.', 'Give all the same columns.');
    }
    next.columns.forEach((column, position) => {
      if (!isNullLiteral(column)) types[position]?.push(column.type);
    });
    const rows = plainRows(writing, next, names, lines);
    text = all ? `[...${text}, ...${rows}]` : `sql.union(${text}, ${rows})`;
  }
  const merged = types.map(oneType);
  const variable = writing.fresh('row');
  const bound = { alias: variable, variable, entity: entityOfColumns(variable, names, merged), rows: variable };
  const place: Place = {
    ...first.place,
    scope: new Scope([bound], outer?.scope),
    attached: [],
    subqueries: new Map(),
    used: new Set(),
    tuples: false,
  };
  delete (place as { group?: unknown }).group;
  const together = writing.fresh('together');
  lines.push(`const ${together} = ${text};`);
  text = orderText(together, positions(union.orderBy, names), place, writing, lines);
  if (union.limit !== null) text = pageText(text, union.limit, place);
  const columns = names.map((name, position): Column => {
    return {
      name,
      expression: { kind: 'column', table: variable, column: name },
      type: merged[position] ?? { kind: 'text' },
    };
  });
  return { text, place, columns };
}

function emitPart(writing: Writing, select: Select, lines: string[], outer: Place | undefined): Promise<Found> {
  return emitQuery(writing, select, lines, { named: false, ...(outer === undefined ? {} : { outer }) });
}

/** The rows as objects of their columns, in a variable. */
function plainRows(writing: Writing, found: Found, names: readonly string[], lines: string[]): string {
  const own: Place = { ...found.place, used: new Set() };
  const variable = writing.fresh('part');
  lines.push(`const ${variable} = ${found.text}.map(${lambda(own, `{ ${memberTexts(found.columns, names, own).join(', ')} }`)});`); // prettier-ignore
  return variable;
}

function isNullLiteral({ expression }: Column): boolean {
  return expression.kind === 'literal' && expression.type === 'null';
}

/** What MySQL makes of the types of a column. Where it would turn numbers or dates into text, there is no equal. */
function oneType(types: readonly ResultType[]): ResultType {
  const numeric = (type: ResultType): boolean => ['int', 'bigint', 'decimal', 'double'].includes(type.kind);
  if (new Set(types.map(({ kind }) => kind)).size > 1 && !types.every(numeric)) {
    throw new Refusal('The parts of a UNION have columns of different types.', 'Give each the same type by CAST.');
  }
  return mergedTypes(types);
}

/** ORDER BY of a UNION names columns of the result, or their positions. */
function positions(orderBy: Ordering, names: readonly string[]): Ordering {
  const named = (expression: Expression): Expression => {
    if (expression.kind !== 'literal' || expression.type !== 'integer') return expression;
    const column = names[Number(expression.text) - 1];
    return column === undefined ? expression : { kind: 'column', table: null, column };
  };
  const items = (all: readonly OrderItem[]): OrderItem[] =>
    all.map(({ expression, descending }) => ({ expression: named(expression), descending }));
  return orderBy.kind === 'fixed'
    ? { kind: 'fixed', items: items(orderBy.items) }
    : {
        kind: 'choice',
        alternatives: orderBy.alternatives.map((each) => ({ ...each, items: items(each.items) })),
      };
}
