import { Node } from 'ts-morph';
import { spend } from './budget.ts';

/** The source of a node with some of its inner nodes said otherwise; what is not replaced stays as written. */
export function rewrite(node: Node, replace: (inner: Node) => string | undefined): string {
  const whole = replace(node);
  if (whole !== undefined) return whole;
  const start = node.getStart();
  let at = start;
  let result = '';
  const source = node.getSourceFile().getFullText();
  const visit = (inner: Node): void => {
    const text = replace(inner);
    if (text === undefined) {
      inner.forEachChild(visit);
      return;
    }
    spend(1 + text.length / 64);
    result += source.slice(at, inner.getStart()) + text;
    at = inner.getEnd();
  };
  node.forEachChild(visit);
  return result + source.slice(at, node.getEnd());
}

/** `a`, `a.b`, `a?.b`, `a['b']`, `this.a`: a chain of reads without calls. */
export function isChain(node: Node): boolean {
  if (Node.isIdentifier(node) || Node.isThisExpression(node)) return true;
  if (Node.isPropertyAccessExpression(node) || Node.isNonNullExpression(node)) return isChain(node.getExpression());
  if (!Node.isElementAccessExpression(node)) return false;
  const key = node.getArgumentExpression();
  return (Node.isStringLiteral(key) || Node.isNumericLiteral(key)) && isChain(node.getExpression());
}

/** The leftmost name of a chain. */
export function rootOf(node: Node): Node {
  const inner =
    Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) || Node.isNonNullExpression(node)
      ? node.getExpression()
      : undefined;
  return inner ? rootOf(inner) : node;
}

/** The last name of a chain: `b` of `a.b` and of `a['b']`. */
export function lastName(node: Node): string | undefined {
  if (Node.isIdentifier(node)) return node.getText();
  if (Node.isPropertyAccessExpression(node)) return node.getName();
  if (Node.isNonNullExpression(node)) return lastName(node.getExpression());
  if (!Node.isElementAccessExpression(node)) return undefined;
  const key = node.getArgumentExpression();
  return Node.isStringLiteral(key) ? key.getLiteralValue() : undefined;
}
