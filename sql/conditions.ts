import type { Predicate } from '../core/analysis.ts';
import { childrenOf, isColumn, isNode, nodesOf } from './nodes.ts';
import type { Node } from './parse.ts';
import type { ColumnName, Scope } from './scope.ts';
import type { Walker } from './walker.ts';

type Operator = Predicate['operator'];

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '=',
  IN: 'in',
  '<': 'range',
  '<=': 'range',
  '>': 'range',
  '>=': 'range',
  BETWEEN: 'range',
  LIKE: 'like',
  IS: 'is-null',
};

/** The predicates of a condition; `always` is lost below OR, and below NOT the operator is `other`. */
export function collectConditions(tree: Node, scope: Scope, walker: Walker, always = true): Predicate[] {
  const operator = typeof tree.operator === 'string' ? tree.operator.toUpperCase() : '';
  if (operator === 'AND' || operator === '&&') {
    return sides(tree).flatMap((side) => collectConditions(side, scope, walker, always));
  }
  if (operator === 'OR' || operator === '||' || operator === 'XOR') {
    return sides(tree).flatMap((side) => collectConditions(side, scope, walker, false));
  }
  if (operator === 'NOT EXISTS' || operator === 'EXISTS') {
    walker.expression(tree, scope);
    return [];
  }
  if (tree.type === 'binary_expr' && isNode(tree.left) && isNode(tree.right)) {
    return comparison(tree.left, operator, tree.right, scope, walker, always);
  }
  // NOT (…), functions, a bare column: what they name is read, in a way no key can serve.
  return others(walker.expression(tree, scope), always);
}

function comparison(
  left: Node,
  operator: string,
  right: Node,
  scope: Scope,
  walker: Walker,
  always: boolean,
): Predicate[] {
  const known = OPERATORS[operator] ?? 'other';
  const subquery = isNode(right.ast) ? right.ast : nodesOf(right.value).find((node) => isNode(node.ast))?.ast;
  if (isColumn(left) && isNode(subquery)) return [...inSubquery(left, known, subquery, scope, walker, always)];
  if (isColumn(left) && isColumn(right)) return between(left, known, right, scope, walker, always);
  if (isColumn(left)) return withValue(left, operatorOf(known, right, walker), right, scope, walker, always);
  if (isColumn(right)) {
    // `? = column`, and `MATCH`-like operators that are not symmetric.
    const mirrored = known === '=' || known === 'range' ? known : 'other';
    return withValue(right, mirrored, left, scope, walker, always);
  }
  if (left.type === 'expr_list' && nodesOf(left.value).every(isColumn)) {
    walker.expression(right, scope);
    return nodesOf(left.value).flatMap((column) => {
      const resolved = walker.resolve(column, scope);
      return resolved === undefined ? [] : [{ ...resolved, operator: known, with: 'value' as const, always }];
    });
  }
  return others([...walker.expression(left, scope), ...walker.expression(right, scope)], always);
}

function between(
  left: Node,
  operator: Operator,
  right: Node,
  scope: Scope,
  walker: Walker,
  always: boolean,
): Predicate[] {
  const a = walker.resolve(left, scope);
  const b = walker.resolve(right, scope);
  if (a === undefined || b === undefined) {
    // One side is computed (a CTE's own column): the other is still looked up by a value.
    const real = a ?? b;
    return real === undefined ? [] : [{ ...real, operator: operator === '=' ? '=' : 'other', with: 'value', always }];
  }
  if (a.table === b.table && a.column === b.column) return [];
  return [{ ...a, operator, with: { table: b.table, column: b.column }, always }];
}

function withValue(
  column: Node,
  operator: Operator,
  value: Node,
  scope: Scope,
  walker: Walker,
  always: boolean,
): Predicate[] {
  const resolved = walker.resolve(column, scope);
  const inValue = walker.expression(value, scope);
  if (resolved === undefined) return others(inValue, always);
  // `a = b + 1` looks like a value but depends on the row.
  const own: Operator = inValue.length > 0 ? 'other' : operator;
  return [{ ...resolved, operator: own, with: 'value', always }, ...others(inValue, always)];
}

function* inSubquery(
  column: Node,
  operator: Operator,
  subquery: Node,
  scope: Scope,
  walker: Walker,
  always: boolean,
): Generator<Predicate> {
  const resolved = walker.resolve(column, scope);
  const [output] = walker.select(subquery, scope, false).values();
  if (resolved === undefined) return;
  yield {
    ...resolved,
    operator,
    with: output === undefined ? 'value' : { table: output.table, column: output.column },
    always,
  };
}

/** LIKE is a prefix search when its pattern is known to begin with text. */
function operatorOf(operator: Operator, right: Node, walker: Walker): Operator {
  if (operator === 'is-null') return right.type === 'null' ? 'is-null' : 'other';
  if (operator !== 'like') return operator;
  if (right.type === 'param') {
    const source = walker.parameterSources[Number(String(right.value).replace(/^p/, ''))] ?? '';
    return /^[`'"][^%_$`'"]|^`\$\{[^}]*\}%?`$|\+\s*['"`]%['"`]$/.test(source) && !/^[`'"]%/.test(source)
      ? 'like-prefix'
      : 'like';
  }
  return typeof right.value === 'string' && /^[^%_]/.test(right.value) ? 'like-prefix' : 'like';
}

function others(columns: readonly ColumnName[], always: boolean): Predicate[] {
  return columns.map((column) => ({ ...column, operator: 'other', with: 'value', always }));
}

function sides(tree: Node): Node[] {
  return [tree.left, tree.right].filter(isNode).concat(isNode(tree.left) ? [] : childrenOf(tree));
}
