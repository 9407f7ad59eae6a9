import { Node, type Statement } from 'ts-morph';
import type { ResultUse } from '../../../core/data-access.ts';
import type { SqlCall } from './helpers.ts';
import type { ResultBinding } from './located.ts';
import { functionOf } from './declared.ts';

/** How the answer of a call gets into the program. */
export function bindingOf(call: SqlCall): ResultBinding {
  let at: Node = call.node;
  let awaited = false;
  const statement = call.node.getFirstAncestor((each): each is Statement => Node.isStatement(each));
  const base = { shape: call.shape, ...(statement ? { statement: statement } : {}) };
  if (call.callback) {
    const rows = functionOf(call.callback)?.getParameters()[1]?.getNameNode();
    const followed = functionOf(call.callback) !== undefined;
    return { kind: 'callback', awaited, ...base, ...(rows ? { rows } : {}), ...(followed ? { followed } : {}) };
  }
  for (;;) {
    const parent = at.getParent();
    if (Node.isAwaitExpression(parent)) awaited = true;
    else if (!isTransparent(parent, at)) break;
    if (parent === undefined) break;
    at = parent;
  }
  const parent = at.getParent();
  if (Node.isVariableDeclaration(parent)) return { ...base, ...held(parent.getNameNode(), call.shape), awaited };
  if (Node.isBinaryExpression(parent) && parent.getOperatorToken().getText() === '=' && parent.getRight() === at) {
    return { ...base, ...held(parent.getLeft(), call.shape), awaited };
  }
  if (Node.isReturnStatement(parent) || (Node.isArrowFunction(parent) && parent.getBody() === at)) {
    return { kind: 'returned', awaited, ...base };
  }
  if (Node.isExpressionStatement(parent) || Node.isVoidExpression(parent))
    return { kind: 'discarded', awaited, ...base };
  const isChained = Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent);
  const given = Node.isPropertyAccessExpression(parent) ? thenParameter(parent) : undefined;
  if (given) return { ...base, kind: 'chained', awaited, ...rowsOnly(held(given, call.shape)) };
  return { kind: isChained ? 'chained' : 'passed', awaited, ...base };
}

/** `pool.query(…).then(([rows]) => …)` */
function thenParameter(access: Node): Node | undefined {
  const call = access.getParent();
  if (!Node.isPropertyAccessExpression(access) || access.getName() !== 'then' || !Node.isCallExpression(call)) {
    return undefined;
  }
  const [callback] = call.getArguments();
  const target = callback && functionOf(callback);
  return target?.getParameters()[0]?.getNameNode();
}

function rowsOnly({ rows }: { rows?: Node }): { rows?: Node } {
  return rows === undefined ? {} : { rows };
}

/** Brackets, casts and branches of a conditional give the value on as it is. */
function isTransparent(parent: Node | undefined, at: Node): boolean {
  if (Node.isConditionalExpression(parent)) return parent.getCondition() !== at;
  return Node.isParenthesizedExpression(parent) || Node.isAsExpression(parent) || Node.isNonNullExpression(parent);
}

function held(name: Node, shape: ResultBinding['shape']): { kind: 'destructured' | 'assigned'; rows?: Node } {
  if (shape !== 'tuple') return { kind: Node.isIdentifier(name) ? 'assigned' : 'destructured', rows: name };
  if (Node.isArrayBindingPattern(name) || Node.isArrayLiteralExpression(name)) {
    const first = name.getElements()[0];
    const rows = Node.isBindingElement(first) ? first.getNameNode() : first;
    return { kind: 'destructured', ...(rows && !Node.isOmittedExpression(rows) ? { rows } : {}) };
  }
  return { kind: 'assigned' };
}

/** What the program looks at: rows, only the first of them, the write's outcome, or nothing. */
export function resultUse(binding: ResultBinding, isRead: boolean): ResultUse {
  if (binding.kind === 'discarded') return 'ignored';
  const { rows } = binding;
  if (binding.kind === 'destructured' && rows === undefined) return 'ignored';
  if (binding.kind === 'callback' && rows === undefined && binding.followed === true) return 'ignored';
  if (!isRead) return 'write-result';
  if (binding.shape === 'first-row') return 'first-row';
  if (Node.isArrayBindingPattern(rows) || Node.isArrayLiteralExpression(rows)) {
    return rows.getElements().length === 1 ? 'first-row' : 'rows';
  }
  if (!Node.isIdentifier(rows)) return 'rows';
  const uses = rows.findReferencesAsNodes().filter((each) => each !== rows);
  return uses.length > 0 && uses.every(isFirstOnly) ? 'first-row' : 'rows';
}

/** `rows[0]`, `rows.at(0)`, or a question of whether there is any. */
function isFirstOnly(use: Node): boolean {
  const parent = use.getParent();
  if (Node.isElementAccessExpression(parent)) return parent.getArgumentExpression()?.getText() === '0';
  if (Node.isVariableDeclaration(parent)) {
    const name = parent.getNameNode();
    return Node.isArrayBindingPattern(name) && name.getElements().length === 1;
  }
  // `rows && rows[0]`, `if (!rows)`: whether there is an answer at all.
  if (Node.isBinaryExpression(parent)) {
    return ['&&', '||'].includes(parent.getOperatorToken().getText()) && parent.getLeft() === use;
  }
  if (Node.isPrefixUnaryExpression(parent)) return parent.getText().startsWith('!');
  if (!Node.isPropertyAccessExpression(parent)) return false;
  if (parent.getName() === 'shift') return true;
  return parent.getName() === 'length' && isQuestion(parent);
}

/** `rows.length > 0`, `!rows.length`: whether there is any row, not how many. */
function isQuestion(length: Node): boolean {
  const parent = length.getParent();
  if (Node.isPrefixUnaryExpression(parent)) return parent.getText().startsWith('!');
  return Node.isBinaryExpression(parent) && parent.getLeft() === length && parent.getRight().getText() === '0';
}

/** Members of a write's outcome that the program reads: `insertId`, `affectedRows` … */
export function resultFields({ rows }: ResultBinding): { resultFields?: string[] } {
  if (rows === undefined) return {};
  const names = Node.isObjectBindingPattern(rows)
    ? rows.getElements().map((each) => each.getPropertyNameNode()?.getText() ?? each.getName())
    : Node.isIdentifier(rows)
      ? rows.findReferencesAsNodes().map(memberRead)
      : [];
  const fields = [...new Set(names.filter((each) => each !== undefined && OUTCOME.has(each)))].sort();
  return fields.length === 0 ? {} : { resultFields: fields as string[] };
}

const OUTCOME = new Set([
  'insertId',
  'affectedRows',
  'changedRows',
  'warningStatus',
  'warningCount',
  'info',
  'message',
]);

function memberRead(use: Node): string | undefined {
  let parent = use.getParent();
  while (Node.isAsExpression(parent) || Node.isParenthesizedExpression(parent) || Node.isNonNullExpression(parent)) {
    parent = parent.getParent();
  }
  return Node.isPropertyAccessExpression(parent) ? parent.getName() : undefined;
}
