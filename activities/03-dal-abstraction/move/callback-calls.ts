import { Node, type CallExpression, type Expression } from 'ts-morph';
import { functionOf } from '../../01-mysql-analysis/application/declared.ts';
import { declarationOf, isFunctionNode, unwrap } from '../../01-mysql-analysis/application/syntax.ts';
import type { Edit } from './edits.ts';
import { refuse } from './handles.ts';
import type { Layout } from './layout.ts';

/** The generated function that hands the outcome of a promise to a callback. */
export const TO_CALLBACK = 'toCallback';

/**
 * Puts a call of the data access layer in the place of a driver's call up to its callback, which stays as it is:
 * `connection.query('…', [id], function …` becomes `toCallback(dal.tools.findById({ id }), function …`.
 */
export function answeredByCallback(
  layout: Layout,
  node: CallExpression,
  callback: Expression,
  answer: string,
): Omit<Edit, 'step'> {
  refuseUsedValue(layout, node);
  refuseFields(layout, callback);
  return { start: node.getStart(), end: callback.getStart(), text: `${TO_CALLBACK}(${answer}, ` };
}

/** The driver's call gives an object with events; nobody may use it. Returned from a callback it goes nowhere. */
function refuseUsedValue(layout: Layout, node: CallExpression): void {
  const parent = node.getParent();
  const isUnused =
    Node.isExpressionStatement(parent) ||
    Node.isVoidExpression(parent) ||
    Node.isReturnStatement(parent) ||
    (Node.isArrowFunction(parent) && parent.getBody() === node);
  if (isUnused) return;
  throw refuse(layout, node, 'The driver’s object of a running query is used; the data access layer gives rows only.');
}

/** `(err, rows, fields)`: what the driver says of columns is not part of the data access layer. */
function refuseFields(layout: Layout, callback: Expression): void {
  const target = functionOf(callback);
  if (target === undefined) return;
  const fields = target.getParameters()[2];
  const isUsed = (each: Node): boolean =>
    Node.isIdentifier(each) &&
    each !== fields?.getNameNode() &&
    (each.getText() === 'arguments'
      ? ownerOf(each) === target
      : fields !== undefined && declarationOf(each) === fields);
  const use = target.getDescendants().find(isUsed);
  if (use === undefined) return;
  throw refuse(
    layout,
    use,
    'The callback uses the driver’s description of the columns, which is not in the data access layer.',
  );
}

/** The function whose `arguments` are meant. */
function ownerOf(node: Node): Node | undefined {
  return node.getAncestors().find((each) => isFunctionNode(each) && !Node.isArrowFunction(each));
}

/** The callback of a call of a connection or a pool that takes nothing else: `commit(callback)`. */
export function onlyCallback(node: CallExpression): Expression | undefined {
  const [callback, ...more] = node.getArguments() as Expression[];
  if (callback === undefined || more.length > 0) return undefined;
  const bare = unwrap(callback);
  return isFunctionNode(bare) || Node.isIdentifier(bare) || Node.isPropertyAccessExpression(bare)
    ? callback
    : undefined;
}
