import { Node, type CallExpression } from 'ts-morph';
import { declarationsOf, unwrap } from './syntax.ts';

/**
 * The helper that stands behind a method which only an interface declares: a class that implements it, or an object
 * that is given its type.
 */
export function implementedBy<T>(call: CallExpression, helpers: ReadonlyMap<Node, T>): T | undefined {
  const callee = unwrap(call.getExpression());
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const signatures = declarationsOf(callee.getNameNode()).filter(
    (each) =>
      Node.isMethodSignature(each) ||
      Node.isPropertySignature(each) ||
      (Node.isMethodDeclaration(each) && each.isAbstract()),
  );
  if (signatures.length === 0) return undefined;
  for (const [target, helper] of helpers) {
    if (implemented(target).some((each) => signatures.includes(each))) return helper;
  }
  return undefined;
}

/** Signatures that a method or a function-valued property fulfils. */
function implemented(target: Node): Node[] {
  const member = Node.isMethodDeclaration(target) ? target : target.getParent();
  if (!Node.isMethodDeclaration(member) && !Node.isPropertyAssignment(member) && !Node.isPropertyDeclaration(member)) {
    return [];
  }
  const name = member.getName();
  const owner = member.getParent();
  if (Node.isObjectLiteralExpression(owner)) {
    return owner.getContextualType()?.getProperty(name)?.getDeclarations() ?? [];
  }
  if (!Node.isClassDeclaration(owner) && !Node.isClassExpression(owner)) return [];
  const base = owner.getExtends();
  return [...owner.getImplements(), ...(base ? [base] : [])].flatMap(
    (each) => each.getType().getProperty(name)?.getDeclarations() ?? [],
  );
}
