import { asNode, list, type Node, string } from './parse-node.ts';
import { Refusal } from './refusal.ts';
import type { Expression, Select } from './statement.ts';

type Nested = (node: Node) => Select;

/** An expression of the parser's tree; `newRow` is the name that an upsert gave to the row to be inserted. */
export function parseExpression(value: unknown, nested: Nested, newRow: string | null = null): Expression {
  const node = asNode(value);
  const inner = (each: unknown): Expression => parseExpression(each, nested, newRow);
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
      return call(node, nested, inner);
    case 'aggr_func':
      return aggregate(node, inner);
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
      return operator === 'IN'
        ? { kind: 'operation', operator, operands: [left, ...items] }
        : negated('IN', [left, ...items]);
    }
    case 'NOT LIKE':
      return negated('LIKE', [left, inner(node['right'])]);
    case 'IS':
    case 'IS NOT': {
      const right = inner(node['right']);
      const name = right.kind === 'literal' && right.type === 'null' ? 'IS NULL' : 'IS TRUE';
      const positive: Expression = { kind: 'operation', operator: name, operands: [left] };
      const flipped = right.kind === 'literal' && right.type === 'false';
      if (name === 'IS TRUE' && flipped) throw new Refusal('IS FALSE has no equal.', 'Compare with 0.');
      return operator === 'IS' ? positive : { kind: 'operation', operator: 'NOT', operands: [positive] };
    }
    case '!=':
      return { kind: 'operation', operator: '<>', operands: [left, inner(node['right'])] };
    case '&&':
      return { kind: 'operation', operator: 'AND', operands: [left, inner(node['right'])] };
    case '||':
      return { kind: 'operation', operator: 'OR', operands: [left, inner(node['right'])] };
    default:
      return { kind: 'operation', operator, operands: [left, inner(node['right'])] };
  }
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
  if (node['over'] !== null && node['over'] !== undefined) {
    throw new Refusal('Window functions have no equal yet.', 'Write the method by hand.');
  }
  return { kind: 'call', name, operands: operands.map(inner) };
}

/** An expression in brackets comes as a list of one. */
function single(expression: Expression): Expression {
  return expression.kind === 'list' && expression.items.length === 1 ? (expression.items[0] ?? expression) : expression;
}

function aggregate(node: Node, inner: (value: unknown) => Expression): Expression {
  const args = asNode(node['args']);
  const operand = asNode(args['expr']);
  if (node['over'] !== null && node['over'] !== undefined) {
    throw new Refusal('Window functions have no equal yet.', 'Write the method by hand.');
  }
  if (args['orderby'] !== null && args['orderby'] !== undefined) {
    throw new Refusal('GROUP_CONCAT with an order of its own has no equal yet.', 'Order the rows in the application.');
  }
  const separator = args['separator'] as { value?: { value?: string } } | null | undefined;
  return {
    kind: 'aggregate',
    name: string(node['name']).toUpperCase(),
    operand: operand['type'] === 'star' ? null : inner(operand),
    distinct: args['distinct'] !== undefined && args['distinct'] !== null,
    ...(separator?.value?.value === undefined ? {} : { separator: separator.value.value }),
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
