import { emit, lambda, type Place } from './emit-expression.ts';
import type { Writing } from './pipeline.ts';
import type { Ordering, OrderItem, Select } from './statement.ts';

/** The steps of an order, as arguments. */
export function orderSteps(items: readonly OrderItem[], place: Place): string[] {
  return items.map(({ expression, descending }) => {
    const own: Place = { ...place, used: new Set() };
    return `sql.${descending ? 'desc' : 'asc'}(${lambda(own, emit(expression, own))})`;
  });
}

export function orderText(text: string, orderBy: Ordering, place: Place, writing: Writing, lines: string[]): string {
  const sorted = (rows: string, items: readonly OrderItem[]): string => {
    const orders = orderSteps(items, place);
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
