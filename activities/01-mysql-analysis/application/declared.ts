import { Node, type CallExpression } from 'ts-morph';
import { declarationOf, isFunctionNode, unwrap, unwrapAwait, type FunctionNode } from './syntax.ts';

const MAX_HOPS = 8;

/** What a declaration gives its name: the initializer, or the right side of `module.exports = …`, `this.a = …`. */
export function valueOfDeclaration(declaration: Node): Node | undefined {
  if (
    Node.isVariableDeclaration(declaration) ||
    Node.isPropertyDeclaration(declaration) ||
    Node.isPropertyAssignment(declaration)
  ) {
    return declaration.getInitializer();
  }
  if (Node.isExportAssignment(declaration)) return declaration.getExpression();
  if (Node.isShorthandPropertyAssignment(declaration)) return declaration.getValueSymbol()?.getDeclarations()[0];
  if (Node.isBinaryExpression(declaration)) return declaration.getRight();
  const assigned = declaration.getParent();
  const isTarget =
    Node.isPropertyAccessExpression(declaration) &&
    Node.isBinaryExpression(assigned) &&
    assigned.getLeft() === declaration;
  return isTarget ? assigned.getRight() : undefined;
}

/** The function with a body that an expression or declaration stands for, names and exports followed. */
export function functionOf(node: Node | undefined): FunctionNode | undefined {
  let at = node && unwrap(node);
  for (let hop = 0; at !== undefined && hop < MAX_HOPS; hop += 1) {
    if (isFunctionNode(at)) return at;
    at = next(at);
  }
  return undefined;
}

function next(node: Node): Node | undefined {
  const required = moduleExport(node);
  if (required) return unwrap(required);
  if (Node.isIdentifier(node) || Node.isPrivateIdentifier(node)) return differing(declarationOf(node), node);
  if (Node.isPropertyAccessExpression(node)) {
    const value = valueOfDeclaration(node);
    return value ? unwrap(value) : differing(declarationOf(node.getNameNode()), node);
  }
  // `fn.bind(this)` is the function.
  if (Node.isCallExpression(node)) {
    const callee = unwrap(node.getExpression());
    return Node.isPropertyAccessExpression(callee) && callee.getName() === 'bind' ? callee.getExpression() : undefined;
  }
  const value = valueOfDeclaration(node);
  return value && unwrap(value);
}

function differing(declaration: Node | undefined, node: Node): Node | undefined {
  return declaration === node ? undefined : declaration;
}

/** `require('./x')`, for a module of the application that says `module.exports = …`: the value that it exports. */
export function moduleExport(node: Node): Node | undefined {
  const bare = unwrapAwait(node);
  if (!Node.isCallExpression(bare) || bare.getExpression().getText() !== 'require') return undefined;
  const [argument] = bare.getArguments();
  if (!Node.isStringLiteral(argument)) return undefined;
  const file = argument.getSymbol()?.getDeclarations().find(Node.isSourceFile);
  return file
    ?.getStatements()
    .filter(Node.isExpressionStatement)
    .map((each) => each.getExpression())
    .filter(Node.isBinaryExpression)
    .filter((each) => /^(module\.exports|exports = module\.exports)$/.test(each.getLeft().getText()))
    .map((each) => each.getRight())
    .at(-1);
}

/** The function with a body that a call runs, as far as the compiler knows. */
export function calledFunction(node: CallExpression): FunctionNode | undefined {
  const callee = unwrap(node.getExpression());
  if (Node.isCallExpression(callee)) return functionOf(moduleExport(callee));
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  if (!Node.isIdentifier(name) && !Node.isPrivateIdentifier(name)) return undefined;
  return functionOf(declarationOf(name));
}

/** Expressions that a function may return, inner functions' own returns left out. */
export function returnedBy(target: FunctionNode): Node[] {
  const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
  if (body === undefined) return [];
  if (!Node.isBlock(body)) return [body];
  return body
    .getDescendants()
    .filter(Node.isReturnStatement)
    .flatMap((each) => {
      const value = each.getExpression();
      return value && each.getAncestors().find(isFunctionNode) === target ? [value] : [];
    });
}

/** The expression that is all a function does: an arrow function's, or that of a single `return`. */
export function onlyReturned(target: FunctionNode | undefined): Node | undefined {
  const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
  if (!Node.isBlock(body)) return body;
  const [first, ...more] = body.getStatements();
  return Node.isReturnStatement(first) && more.length === 0 ? first.getExpression() : undefined;
}
