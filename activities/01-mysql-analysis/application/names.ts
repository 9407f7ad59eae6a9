import { Node } from 'ts-morph';
import { isFunctionNode } from './syntax.ts';

const HTTP_METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all']);

/** What the code around a node is called: `ProductRepository.findById`, `checkout`, `GET /products/:id`. */
export function namesAround(node: Node): string {
  let route: string | undefined;
  for (const outer of node.getAncestors()) {
    if (isFunctionNode(outer)) {
      const name = functionName(outer);
      if (name !== undefined) return route ?? name;
    }
    if (Node.isCallExpression(outer)) route ??= routeName(outer);
  }
  return route ?? 'module';
}

export function functionName(node: Node): string | undefined {
  const owner = node.getFirstAncestor(Node.isClassDeclaration)?.getName();
  const qualify = (name: string): string => (owner === undefined ? name : `${owner}.${name}`);
  if (Node.isConstructorDeclaration(node)) return qualify('constructor');
  if (Node.isMethodDeclaration(node) || Node.isGetAccessorDeclaration(node) || Node.isSetAccessorDeclaration(node))
    return qualify(node.getName());
  if (Node.isFunctionDeclaration(node)) return node.getName() ?? 'default';
  const parent = node.getParent();
  if (Node.isVariableDeclaration(parent)) return parent.getName();
  if (Node.isPropertyDeclaration(parent) || Node.isPropertyAssignment(parent)) return qualify(parent.getName());
  // `exports.find = function (…) {…}`, `Store.prototype.find = …`
  const target = Node.isBinaryExpression(parent) ? parent.getLeft() : undefined;
  if (Node.isPropertyAccessExpression(target)) {
    return (
      target
        .getText()
        .replace(/^(module\.)?exports\.?/, '')
        .replace('.prototype', '') || undefined
    );
  }
  return undefined;
}

/** `router.get('/products/:id', …)` as `GET /products/:id`. */
function routeName(call: Node): string | undefined {
  if (!Node.isCallExpression(call)) return undefined;
  const callee = call.getExpression();
  const [path] = call.getArguments();
  if (!Node.isPropertyAccessExpression(callee) || !HTTP_METHODS.has(callee.getName())) return undefined;
  const isPath = Node.isStringLiteral(path) || Node.isNoSubstitutionTemplateLiteral(path);
  return isPath && path.getLiteralValue().startsWith('/')
    ? `${callee.getName().toUpperCase()} ${path.getLiteralValue()}`
    : undefined;
}
