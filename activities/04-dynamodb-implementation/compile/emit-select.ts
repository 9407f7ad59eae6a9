import { emit, emitTruth, lambda, member, type Place } from './emit-expression.ts';
import { emitRows, type Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { type ResultType, resultType } from './result-type.ts';
import { aggregates, conjuncts, type Scope } from './scope.ts';
import type { Expression, Ordering, OrderItem, Select } from './statement.ts';

interface Column {
  readonly name: string;
  readonly expression: Expression;
}

/** Writes the body of a reading method. */
export async function emitSelect(writing: Writing, select: Select): Promise<string[]> {
  const lines = select.lock ? [] : [`const ${writing.reader} = store.reader(unit);`];
  if (select.sources.length === 0) return emitWithoutTables(writing, select);
  const named = withAliases(select);
  const grouped = select.groupBy.length > 0 || named.columns.some((each) => aggregates(each.expression));
  const fixed = named.orderBy.kind === 'fixed' ? named.orderBy.items : undefined;
  const rows = await emitRows(
    writing,
    {
      sources: select.sources,
      where: select.where,
      later: named.columns.map(({ expression }) => expression).filter((each) => !isStar(each)),
      ...(fixed === undefined || grouped || select.distinct ? {} : { order: fixed, limit: select.limit }),
    },
    lines,
  );
  if (select.lock) lines.push(lockOf(writing, rows.text, rows.place));
  let place: Place = rows.place;
  let text = rows.text;
  if (grouped) {
    const key: Place = { ...place, used: new Set() };
    const keys = `[${named.groupBy.map((each) => emit(each, key)).join(', ')}]`;
    text = named.groupBy.length === 0 ? `sql.wholeGroup(${text})` : `sql.groupBy(${text}, ${lambda(key, keys)})`;
    place = { ...place, used: new Set(), group: { key: named.groupBy, tuples: place.tuples } };
  }
  const columns = expand(named.columns, place.scope);
  const having = conjuncts(named.having);
  if (having.length > 0) {
    const own: Place = { ...place, used: new Set() };
    text = `${text}.filter(${lambda(own, having.map((each) => emitTruth(each, own)).join(' && '))})`;
  }
  if (select.distinct) {
    const own: Place = { ...place, used: new Set() };
    text = `sql.distinct(${text}, ${lambda(own, `[${columns.map(({ expression }) => emit(expression, own)).join(', ')}]`)})`;
  }
  if (!rows.ordered || grouped || select.distinct) text = orderText(text, named.orderBy, place, writing, lines);
  if (select.limit !== null) text = pageText(text, select.limit, place);
  lines.push(`return sql.shaped(${text}, ${shape(columns, place)});`);
  return select.lock ? [`return store.locking(unit, async (${writing.reader}) => {`, ...lines, '});'] : lines;
}

async function emitWithoutTables(writing: Writing, select: Select): Promise<string[]> {
  const lines: string[] = [];
  const reads = select.columns.some(({ expression }) => JSON.stringify(expression).includes('"subquery"'));
  writing.plan.push(...(reads ? [] : ['Asks DynamoDB for a sign of life']));
  lines.push(reads ? `const ${writing.reader} = store.reader(unit);` : 'await store.ping();');
  const rows = await emitRowless(writing, select, lines);
  const columns = select.columns.map(({ expression, name }) => ({ expression, name: name ?? nameOf(expression) }));
  lines.push(`return sql.shaped([{}], ${shape(columns, rows)});`);
  return lines;
}

async function emitRowless(writing: Writing, select: Select, lines: string[]): Promise<Place> {
  const { emitSubqueries } = await import('./subqueries.ts');
  const { Scope } = await import('./scope.ts');
  const base: Place = {
    scope: new Scope([]),
    marked: writing.marked,
    reader: writing.reader,
    subqueries: new Map(),
    attached: [],
    outerUsed: new Set(),
    used: new Set(),
    tuples: true,
  };
  const early = await emitSubqueries(writing, null, select.columns.map(({ expression }) => expression), base, lines); // prettier-ignore
  return { ...base, ...early.place };
}

function lockOf(writing: Writing, rows: string, place: Place): string {
  if (!place.tuples) return `await ${writing.reader}.lock(${rows});`;
  const names = place.scope.bounds.map(({ variable }) => variable).join(', ');
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

export function orderText(text: string, orderBy: Ordering, place: Place, writing: Writing, lines: string[]): string {
  const sorted = (rows: string, items: readonly OrderItem[]): string => {
    const orders = items.map(({ expression, descending }) => {
      const own: Place = { ...place, used: new Set() };
      return `sql.${descending ? 'desc' : 'asc'}(${lambda(own, emit(expression, own))})`;
    });
    return orders.length === 0 ? rows : `sql.sortBy(${[rows, ...orders].join(', ')})`;
  };
  if (orderBy.kind === 'fixed') return sorted(text, orderBy.items);
  let unordered = text;
  if (!/^\w+$/.test(text)) {
    unordered = writing.fresh('found');
    lines.push(`const ${unordered} = ${text};`);
  }
  const ordered = writing.fresh('ordered');
  const last = orderBy.alternatives.at(-1);
  const others = orderBy.alternatives.slice(0, -1);
  const choice = others.reduceRight(
    (rest, { condition, items }) => `${condition} ? ${sorted(unordered, items)} : ${rest}`,
    sorted(unordered, last?.items ?? []),
  );
  lines.push(`const ${ordered} = ${choice};`);
  return ordered;
}

export function pageText(text: string, limit: NonNullable<Select['limit']>, place: Place): string {
  const offset = limit.offset === null ? '' : `, ${emit(limit.offset, place)}`;
  return `sql.page(${text}, ${emit(limit.count, place)}${offset})`;
}

function isStar(expression: Expression): boolean {
  return expression.kind === 'column' && expression.column === '*';
}

/** The result columns in their order; of columns with one name, the last one is what the driver keeps. */
function expand(columns: Select['columns'], scope: Scope): Column[] {
  const all = columns.flatMap(({ expression, name }): Column[] => {
    if (expression.kind !== 'column' || expression.column !== '*') {
      return [{ name: name ?? nameOf(expression), expression }];
    }
    return scope.bounds
      .filter(({ alias }) => expression.table === null || alias === expression.table)
      .flatMap(({ alias, entity }) =>
        Object.keys(entity.columns).map((column) => ({
          name: column,
          expression: { kind: 'column' as const, table: alias, column },
        })),
      );
  });
  return [...new Map(all.map((column) => [column.name, column])).values()];
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'column') return expression.column;
  if (expression.kind === 'literal' && 'text' in expression) return expression.text;
  if (expression.kind === 'aggregate' && expression.operand === null) return 'COUNT(*)';
  throw new Refusal('A computed column has no name.', 'Give it one by AS.');
}

function shape(columns: readonly Column[], place: Place): string {
  const own: Place = { ...place, used: new Set() };
  const members = columns.map(({ name, expression }) => {
    const value = presented(resultType(expression, own.scope), emit(expression, own));
    return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${value}`;
  });
  return lambda(own, `{ ${members.join(', ')} }`);
}

function presented(type: ResultType, value: string): string {
  const digits = 'digits' in type ? `, ${type.digits}` : '';
  return `${member('store.out', type.kind)}(${value}${digits})`;
}
