import { Node, type FunctionLikeDeclaration, type Identifier, type SourceFile, type Type } from 'ts-morph';
import type { SourceSpan } from '../../../core/data-access.ts';

/** Any node with parameters and a body of its own. */
export type FunctionNode = Node & FunctionLikeDeclaration;

export function isFunctionNode(node: Node | undefined): node is FunctionNode {
  return (
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isConstructorDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node)
  );
}

/** Looks through what changes the type but not the value: brackets, `as`, `satisfies`, `!`. */
export function unwrap(node: Node): Node {
  let at = node;
  while (
    Node.isParenthesizedExpression(at) ||
    Node.isAsExpression(at) ||
    Node.isSatisfiesExpression(at) ||
    Node.isNonNullExpression(at) ||
    Node.isTypeAssertion(at)
  ) {
    at = at.getExpression();
  }
  return at;
}

export function unwrapAwait(node: Node): Node {
  const bare = unwrap(node);
  return Node.isAwaitExpression(bare) ? unwrapAwait(bare.getExpression()) : bare;
}

/** The declarations that a name stands for, imports followed to the end. */
export function declarationsOf(node: Node): Node[] {
  if (Node.isIdentifier(node)) {
    const parent = node.getParent();
    // `{ limit }` names both a property and a variable; the variable is what is meant.
    if (Node.isShorthandPropertyAssignment(parent)) return parent.getValueSymbol()?.getDeclarations() ?? [];
  }
  const symbol = node.getSymbol();
  if (symbol === undefined) return [];
  return (symbol.isAlias() ? (symbol.getAliasedSymbol() ?? symbol) : symbol).getDeclarations();
}

export function declarationOf(node: Node): Node | undefined {
  const declarations = declarationsOf(node);
  return declarations.find((each) => !Node.isInterfaceDeclaration(each)) ?? declarations[0];
}

/** Whether the name is a use of a value, not a property's name, a key or a type. */
export function isValueUse(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== identifier;
  if (Node.isPropertyAssignment(parent)) return parent.getNameNode() !== identifier;
  if (Node.isBindingElement(parent)) return parent.getPropertyNameNode() !== identifier;
  return !Node.isTypeReference(parent) && !Node.isTypeQuery(parent);
}

/** The nearest function around a node. */
export function enclosingFunction(node: Node): FunctionNode | undefined {
  return node.getAncestors().find(isFunctionNode);
}

export function contains(outer: Node, inner: Node): boolean {
  return outer === inner || inner.getAncestors().includes(outer);
}

export const moduleOf = (node: Node): SourceFile => node.getSourceFile();

/** Whether a declaration stands at the top level of its module. */
export function isModuleLevel(declaration: Node): boolean {
  return enclosingFunction(declaration) === undefined && !Node.isParameterDeclaration(declaration);
}

export function nonNullMembers(type: Type): Type[] {
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  return members.filter((each) => !each.isNull() && !each.isUndefined());
}

export function relativeFile(file: SourceFile, root: string): string {
  const path = file.getFilePath();
  const base = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(base) ? path.slice(base.length) : path.replace(/^\//, '');
}

export function spanOf(node: Node, root: string): SourceSpan {
  const file = node.getSourceFile();
  const { line, column } = file.getLineAndColumnAtPos(node.getStart());
  return { file: relativeFile(file, root), line, column, start: node.getStart(), end: node.getEnd() };
}

/** One line of source, short enough for a report. */
export function excerpt(node: Node): string {
  const line = node.getText().replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}
