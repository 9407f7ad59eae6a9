import { parseExpression } from './parse-expression.ts';
import { asNode, list, type Node, optionalNode } from './parse-node.ts';
import { parseSql } from './parse-sql.ts';
import type { Windows } from './parse-window.ts';
import type { MarkedSql } from './marked-sql.ts';
import { Refusal } from './refusal.ts';
import type { Ordering, OrderItem, Query, Select } from './statement.ts';

type Nested = (node: Node) => Query;

/** ORDER BY, which may be one of several lists, chosen when the statement runs. */
export function parseOrdering(node: Node, marked: MarkedSql, nested: Nested, windows?: Windows): Ordering {
  const items = node['orderby'] === null || node['orderby'] === undefined ? [] : list(node['orderby']);
  const parsed = items.map((item) => parseOrderItem(item, nested, windows));
  const first = parsed[0]?.expression;
  if (first?.kind !== 'call' || first.name !== '__ORDER') return { kind: 'fixed', items: parsed };
  const operand = first.operands[0];
  const alternatives =
    marked.orders[operand?.kind === 'literal' && 'text' in operand ? Number(operand.text) : -1] ?? [];
  if (parsed.length > 1) throw new Refusal('ORDER BY is chosen in part.', 'Choose all of the list.');
  return {
    kind: 'choice',
    alternatives: alternatives.map(({ condition, sql }) => ({
      condition,
      items: list(parseSql(`SELECT 1 FROM t ORDER BY ${sql}`)['orderby']).map((item) => parseOrderItem(item, nested)),
    })),
  };
}

export function parseOrderItem(value: unknown, nested: Nested, windows?: Windows): OrderItem {
  const node = asNode(value);
  return {
    expression: parseExpression(node['expr'], nested, windows === undefined ? {} : { windows }),
    descending: node['type'] === 'DESC',
  };
}

export function parseLimit(node: Node, nested: Nested): Select['limit'] {
  const limit = optionalNode(node['limit']);
  if (limit === null) return null;
  const values = list(limit['value']).map((value) => parseExpression(value, nested));
  const [first, second] = values;
  if (first === undefined) return null;
  // MySQL's `LIMIT offset, count`
  if (limit['seperator'] === ',' && second !== undefined) return { count: second, offset: first };
  return { count: first, offset: second ?? null };
}
