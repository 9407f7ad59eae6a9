import { Refusal } from './refusal.ts';
import type { Expression } from './statement.ts';

type Row = Extract<Expression, { kind: 'list' }>;

/** Whether an expression is a row constructor, `(a, b)`, and no expression in brackets. */
export function isRow(expression: Expression): expression is Row {
  return expression.kind === 'list' && expression.items.length > 1;
}

function operation(operator: string, operands: readonly Expression[]): Expression {
  const [only] = operands;
  const joins = operator === 'AND' || operator === 'OR';
  return joins && operands.length === 1 && only !== undefined ? only : { kind: 'operation', operator, operands };
}

/** A comparison of rows as the comparisons of their columns that the manual names as equal to it. */
export function compareRows(operator: string, left: Row, right: Expression): Expression {
  const pairs = left.items.map((item, position) => [item, columnAt(left, right, position)] as const);
  const all = (compared: string): Expression =>
    operation('AND', pairs.map(([a, b]) => operation(compared, [a, b]))); // prettier-ignore
  switch (operator) {
    case '=':
    case '<=>':
      return all(operator);
    case '<>':
      return operation('OR', pairs.map(([a, b]) => operation('<>', [a, b]))); // prettier-ignore
    case '<':
    case '>':
    case '<=':
    case '>=':
      return ordered(operator, pairs);
    default:
      throw new Refusal(`${operator} of rows has no equal.`, 'Compare the columns one by one.');
  }
}

/** `(a, b) < (x, y)` is `a < x OR (a = x AND b < y)`. */
function ordered(operator: string, pairs: readonly (readonly [Expression, Expression])[]): Expression {
  const [first, ...rest] = pairs;
  if (first === undefined) throw new Refusal('Rows of no columns are compared.', 'Give them columns.');
  if (rest.length === 0) return operation(operator, first);
  const strict = operator.slice(0, 1);
  return operation('OR', [
    operation(strict, first),
    operation('AND', [operation('=', first), ordered(operator, rest)]),
  ]);
}

/**
 * `(a, b) IN ((1, 2), (3, 4))`: one of the rows is equal. What it says of each column alone is added, because keys are
 * found by it; it changes nothing, for where one row is equal all of these hold.
 */
export function anyRow(left: Row, rows: readonly Expression[]): Expression {
  const alone = left.items.map((item, position) =>
    operation('IN', [item, ...rows.map((row) => columnAt(left, row, position))]),
  );
  return operation('AND', [...alone, operation('OR', rows.map((row) => compareRows('=', left, row)))]); // prettier-ignore
}

function columnAt(left: Row, right: Expression, position: number): Expression {
  const item = isRow(right) && right.items.length === left.items.length ? right.items[position] : undefined;
  if (item === undefined) throw new Refusal('Rows of different lengths are compared.', 'Give both the same columns.');
  return item;
}
