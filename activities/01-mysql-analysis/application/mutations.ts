import { Node, SyntaxKind, type Identifier } from 'ts-morph';
import type { State } from './state.ts';
import { declarationOf, unwrap } from './syntax.ts';
import { lost } from './values.ts';

const MUTATORS = new Set(['push', 'unshift', 'pop', 'shift', 'splice', 'sort', 'reverse', 'fill']);

/** Names whose value the code changes: assigned, appended to, or called with a method that changes an array. */
export function mutatedNames(node: Node): Identifier[] {
  const names: Identifier[] = [];
  node.forEachDescendant((each) => {
    const name = mutatedName(each);
    if (name) names.push(name);
  });
  return names;
}

/** The name that this very node changes. */
export function mutatedName(node: Node): Identifier | undefined {
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getKind();
    const target = unwrap(node.getLeft());
    const isAssignment = operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
    if (isAssignment && Node.isIdentifier(target)) return target;
    if (isAssignment && (Node.isPropertyAccessExpression(target) || Node.isElementAccessExpression(target))) {
      const base = unwrap(target.getExpression());
      return Node.isIdentifier(base) ? base : undefined;
    }
  }
  if (Node.isCallExpression(node)) {
    const callee = unwrap(node.getExpression());
    if (Node.isPropertyAccessExpression(callee) && MUTATORS.has(callee.getName())) {
      const base = unwrap(callee.getExpression());
      return Node.isIdentifier(base) ? base : undefined;
    }
  }
  return undefined;
}

/** Gives up what is known of everything that some code changes. */
export function forget(node: Node, state: State, reason: string): void {
  for (const name of mutatedNames(node)) {
    const declaration = declarationOf(name);
    const value = declaration && state.get(declaration);
    if (declaration === undefined || value === undefined || value.kind === 'code') continue;
    const message = `${name.getText()}: ${reason}`;
    if (value.kind === 'reference') state.replace(value.cell, { kind: 'lost', reason: message });
    else state.set(declaration, lost(message));
  }
}
