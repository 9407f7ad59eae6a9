import { asNode, list, type Node, string } from './parse-node.ts';
import { anyRow, compareRows, isRow } from './parse-row.ts';
import { parseWindow, type Windows } from './parse-window.ts';
import { Refusal } from './refusal.ts';
import type { Expression, Query } from './statement.ts';

type Nested = (node: Node) => Query;

/** What names may stand for, besides columns. */
export interface Surroundings {
  /** The name that an upsert gave to the row to be inserted. */
  readonly newRow?: string | null;
  /** Windows of the statement's WINDOW clause. */
  readonly windows?: Windows;
}

/** An expression of the parser's tree. */
export function parseExpression(value: unknown, nested: Nested, surroundings: Surroundings = {}): Expression {
  const node = asNode(value);
  const { newRow = null, windows = new Map() } = surroundings;
  const inner = (each: unknown): Expression => parseExpression(each, nested, surroundings);
  if (node['collate'] !== undefined && node['collate'] !== null) {
    throw new Refusal('COLLATE in an expression has no equal yet.', 'Give the column the collation.');
  }
  if (node['ast'] !== undefined) return { kind: 'subquery', use: 'value', select: nested(asNode(node['ast'])) };
  switch (node['type']) {
    case 'column_ref': {
      const [table, column] = [(node['table'] as string | null) ?? null, columnName(node['column'])];
      if (newRow !== null && table === newRow)
        return { kind: 'call', name: 'VALUES', operands: [{ kind: 'column', table: null, column }] };
      return { kind: 'column', table, column };
    }
    case 'param':
      return { kind: 'parameter', index: Number(string(node['value']).slice(1)) };
    case 'number':
    case 'bigint':
      return number(String(node['value']));
    case 'single_quote_string':
    case 'double_quote_string':
    case 'string':
      return { kind: 'literal', type: 'text', text: unescape(string(node['value'])) };
    case 'hex_string':
    case 'full_hex_string':
      return { kind: 'literal', type: 'bytes', text: string(node['value']).replace(/^0x/i, '') };
    case 'bool':
      return { kind: 'literal', type: node['value'] === true ? 'true' : 'false' };
    case 'null':
      return { kind: 'literal', type: 'null' };
    case 'unary_expr':
      return unary(node, nested, inner);
    case 'binary_expr':
      return binary(node, inner);
    case 'expr_list':
      return { kind: 'list', items: list(node['value']).map(inner) };
    case 'function':
      return over(node, call(node, nested, inner), windows, inner);
    case 'aggr_func':
      return over(node, aggregate(node, inner), windows, inner);
    case 'interval':
      return { kind: 'interval', amount: inner(node['expr']), unit: string(node['unit']).toLowerCase() };
    case 'case':
      return caseOf(node, inner);
    default:
      throw new Refusal(
        `${String(node['type'])} has no equal.`,
        'Rewrite the expression, or write the method by hand.',
      );
  }
}

function columnName(value: unknown): string {
  if (typeof value === 'string') return value;
  const node = asNode(value);
  return string(asNode(node['expr'])['value']);
}

function number(text: string): Expression {
  return { kind: 'literal', type: /^-?\d+$/.test(text) ? 'integer' : 'decimal', text };
}

/** The parser leaves the escapes of MySQL's strings as they are written. */
function unescape(text: string): string {
  const special: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', b: '\b', Z: '\x1a' };
  return text.replace(/\\([\s\S])|''/g, (all, escaped: string | undefined) => {
    if (escaped === undefined) return all === "''" ? "'" : all;
    return escaped === '%' || escaped === '_' ? all : (special[escaped] ?? escaped);
  });
}

function unary(node: Node, nested: Nested, inner: (value: unknown) => Expression): Expression {
  const operator = string(node['operator']).toUpperCase();
  if (operator === 'EXISTS' || operator === 'NOT EXISTS') {
    const exists: Expression = { kind: 'subquery', use: 'exists', select: nested(asNode(asNode(node['expr'])['ast'])) };
    return operator === 'EXISTS' ? exists : { kind: 'operation', operator: 'NOT', operands: [exists] };
  }
  return { kind: 'operation', operator: operator === '!' ? 'NOT' : operator, operands: [inner(node['expr'])] };
}

function binary(node: Node, inner: (value: unknown) => Expression): Expression {
  const operator = string(node['operator']).toUpperCase();
  const left = inner(node['left']);
  const quantified = quantifiedComparison(operator, left, node['right'], inner);
  if (quantified !== null) return quantified;
  const negated = (positive: string, operands: readonly Expression[]): Expression => ({
    kind: 'operation',
    operator: 'NOT',
    operands: [{ kind: 'operation', operator: positive, operands }],
  });
  switch (operator) {
    case 'BETWEEN':
    case 'NOT BETWEEN': {
      const operands = [left, ...list(asNode(node['right'])['value']).map(inner)];
      return operator === 'BETWEEN' ? { kind: 'operation', operator, operands } : negated('BETWEEN', operands);
    }
    case 'IN':
    case 'NOT IN': {
      const right = inner(node['right']);
      const items = right.kind === 'list' ? right.items : [right];
      if (isRow(left) && items[0]?.kind !== 'subquery') {
        const found = anyRow(left, items);
        return operator === 'IN' ? found : { kind: 'operation', operator: 'NOT', operands: [found] };
      }
      return operator === 'IN'
        ? { kind: 'operation', operator, operands: [left, ...items] }
        : negated('IN', [left, ...items]);
    }
    case 'NOT LIKE':
      return negated('LIKE', [left, inner(node['right'])]);
    case 'IS':
    case 'IS NOT': {
      const right = inner(node['right']);
      const positive: Expression = { kind: 'operation', operator: `IS ${stateOf(right)}`, operands: [left] };
      return operator === 'IS' ? positive : { kind: 'operation', operator: 'NOT', operands: [positive] };
    }
    case '!=':
      return comparison('<>', left, inner(node['right']));
    case '&&':
      return { kind: 'operation', operator: 'AND', operands: [left, inner(node['right'])] };
    case '||':
      return { kind: 'operation', operator: 'OR', operands: [left, inner(node['right'])] };
    default:
      return comparison(operator, left, inner(node['right']));
  }
}

function comparison(operator: string, left: Expression, right: Expression): Expression {
  return isRow(left) ? compareRows(operator, left, right) : { kind: 'operation', operator, operands: [left, right] };
}

/** What stands behind IS. */
function stateOf(state: Expression): 'NULL' | 'TRUE' | 'FALSE' {
  if (state.kind === 'literal' && state.type === 'null') return 'NULL';
  if (state.kind === 'literal' && state.type === 'true') return 'TRUE';
  if (state.kind === 'literal' && state.type === 'false') return 'FALSE';
  if (state.kind === 'column' && state.table === null && /^unknown$/i.test(state.column)) return 'NULL';
  throw new Refusal('IS stands before something else than NULL, TRUE, FALSE or UNKNOWN.', 'Compare by <=>.');
}

/** `x > ANY (SELECT …)`, `x = ALL (SELECT …)`; null where it is no such comparison. */
function quantifiedComparison(
  operator: string,
  left: Expression,
  right: unknown,
  inner: (value: unknown) => Expression,
): Expression | null {
  const compares = /^(=|<>|!=|<|<=|>|>=)$/.test(operator) && asNode(right)['type'] === 'function';
  const written = compares ? inner(right) : null;
  if (written?.kind !== 'call' || !/^(ANY|SOME|ALL)$/.test(written.name)) return null;
  const [subquery] = written.operands;
  if (subquery?.kind !== 'subquery') throw new Refusal(`${written.name} of something else than a query.`, 'Use IN.');
  const quantifier = written.name === 'ALL' ? 'ALL' : 'ANY';
  const compared = operator === '!=' ? '<>' : operator;
  return { kind: 'operation', operator: `${compared} ${quantifier}`, operands: [left, subquery] };
}

/** A function, or what a window makes of it. */
function over(node: Node, of: Expression, windows: Windows, inner: (value: unknown) => Expression): Expression {
  return node['over'] === null || node['over'] === undefined ? of : parseWindow(of, node['over'], windows, inner);
}

function call(node: Node, nested: Nested, inner: (value: unknown) => Expression): Expression {
  const name = list(asNode(node['name'])['name'])
    .map((part) => string(asNode(part)['value']))
    .join('.')
    .toUpperCase();
  const operands = node['args'] === undefined || node['args'] === null ? [] : list(asNode(node['args'])['value']);
  if (name === 'EXISTS') {
    return { kind: 'subquery', use: 'exists', select: nested(asNode(asNode(operands[0])['ast'])) };
  }
  if (name === '__OPT') {
    const [condition, expression] = operands.map(inner);
    if (condition?.kind === 'literal' && 'text' in condition && expression !== undefined) {
      return { kind: 'optional', condition: Number(condition.text), expression: single(expression) };
    }
  }
  if (name === 'ROW') return { kind: 'list', items: operands.map(inner) };
  return { kind: 'call', name, operands: operands.map(inner) };
}

/** An expression in brackets comes as a list of one. */
function single(expression: Expression): Expression {
  return expression.kind === 'list' && expression.items.length === 1 ? (expression.items[0] ?? expression) : expression;
}

function aggregate(node: Node, inner: (value: unknown) => Expression): Expression {
  const args = asNode(node['args']);
  const operand = asNode(args['expr']);
  const name = string(node['name']).toUpperCase();
  const of = operand['type'] === 'star' ? null : inner(operand);
  const orderBy = args['orderby'] === null || args['orderby'] === undefined ? [] : list(args['orderby']).map(asNode);
  const separator = args['separator'] as { value?: { value?: string } } | null | undefined;
  return {
    kind: 'aggregate',
    name,
    // Several values of GROUP_CONCAT are joined to one.
    operand:
      name === 'GROUP_CONCAT' && of?.kind === 'list' && of.items.length > 1
        ? { kind: 'call', name: 'CONCAT', operands: of.items }
        : of,
    distinct: args['distinct'] !== undefined && args['distinct'] !== null,
    ...(separator?.value?.value === undefined ? {} : { separator: separator.value.value }),
    ...(orderBy.length === 0
      ? {}
      : { orderBy: orderBy.map((each) => ({ expression: inner(each['expr']), descending: each['type'] === 'DESC' })) }),
  };
}

function caseOf(node: Node, inner: (value: unknown) => Expression): Expression {
  const operand = node['expr'] === null || node['expr'] === undefined ? null : inner(node['expr']);
  const parts = list(node['args']).map(asNode);
  const otherwise = parts.find((part) => part['type'] === 'else');
  return {
    kind: 'case',
    whens: parts
      .filter((part) => part['type'] === 'when')
      .map((part) => {
        const when = inner(part['cond']);
        const equals: Expression =
          operand === null ? when : { kind: 'operation', operator: '=', operands: [operand, when] };
        return { when: equals, then: inner(part['result']) };
      }),
    otherwise: otherwise === undefined ? null : inner(otherwise['result']),
  };
}
