import { Node } from 'ts-morph';
import type { SqlCall } from './helpers.ts';
import { declarationOf, enclosingFunction, isFunctionNode, unwrap, unwrapAwait, type FunctionNode } from './syntax.ts';

/** What a helper gives back of the driver's answer: by what it resolves a promise with, else by its return type. */
export function answerOf(target: FunctionNode, call: SqlCall): SqlCall['shape'] {
  const resolved = resolvedWith(call);
  if (resolved !== undefined) return resolved;
  const returned = target.getReturnType();
  const type = returned.getSymbol()?.getName() === 'Promise' ? returned.getTypeArguments()[0] : returned;
  if (type?.isTuple()) return 'tuple';
  if (type?.isArray()) return 'rows';
  const isDirect = call.node
    .getAncestors()
    .some((each) => Node.isReturnStatement(each) && unwrapAwait(each.getExpression() ?? each) === call.node);
  if (isDirect) return call.shape;
  if (type && !type.isAny() && !type.isUnknown()) return type.isObject() || type.isUnion() ? 'first-row' : 'unknown';
  return returnedPart(target, call) ?? 'unknown';
}

/** `new Promise((resolve, reject) => pool.query(sql, values, (error, rows) => … resolve(rows)))`. */
function resolvedWith(call: SqlCall): SqlCall['shape'] | undefined {
  const callback = call.callback && unwrap(call.callback);
  if (!isFunctionNode(callback)) return undefined;
  const executor = enclosingFunction(call.node);
  const [resolve] = executor?.getParameters() ?? [];
  const rows = callback.getParameters()[1];
  if (resolve === undefined || rows === undefined || !Node.isNewExpression(executor?.getParent())) return undefined;
  for (const each of callback.getDescendants().filter(Node.isCallExpression)) {
    if (declarationOf(each.getExpression()) !== resolve) continue;
    const [given] = each.getArguments();
    const bare = given && unwrap(given);
    if (bare && Node.isIdentifier(bare) && declarationOf(bare) === rows) return 'rows';
    if (Node.isElementAccessExpression(bare) && declarationOf(bare.getExpression()) === rows) return 'first-row';
    if (Node.isArrayLiteralExpression(bare)) return 'tuple';
  }
  return undefined;
}

/** In JavaScript: `const [rows] = await pool.query(…); return rows;` */
function returnedPart(target: FunctionNode, call: SqlCall): SqlCall['shape'] | undefined {
  const variable = call.node.getFirstAncestor(Node.isVariableDeclaration);
  const name = variable?.getNameNode();
  const [first] = Node.isArrayBindingPattern(name) ? name.getElements() : [];
  if (!Node.isBindingElement(first)) return undefined;
  const returned = target
    .getDescendants()
    .filter(Node.isReturnStatement)
    .map((each) => each.getExpression())
    .filter((each) => each !== undefined)
    .map(unwrap);
  if (returned.some((each) => Node.isIdentifier(each) && declarationOf(each) === first)) return 'rows';
  const isFirst = (each: Node): boolean =>
    Node.isElementAccessExpression(each)
      ? declarationOf(each.getExpression()) === first
      : Node.isBinaryExpression(each) && isFirst(unwrap(each.getLeft()));
  return returned.some(isFirst) ? 'first-row' : undefined;
}
