import { Node, type CallExpression } from 'ts-morph';
import type { UnresolvedAccess } from '../../../core/data-access.ts';
import { builders } from './builder-handles.ts';
import { driverCall, handleOf } from './driver.ts';
import { excerpt, relativeFile } from './syntax.ts';

export function unresolvedAt(node: Node, reason: string, root: string): UnresolvedAccess {
  const file = relativeFile(node.getSourceFile(), root);
  return { file, line: node.getStartLineNumber(), reason, excerpt: excerpt(node) };
}

/** Data access of another form than a call with SQL that this analysis follows: said rather than dropped. */
export function otherAccess(calls: readonly CallExpression[], root: string): UnresolvedAccess[] {
  return calls.flatMap((call) => {
    const reason = reasonOf(call);
    return reason === undefined ? [] : [unresolvedAt(call, reason, root)];
  });
}

function reasonOf(call: CallExpression): string | undefined {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const made = driverCall(call);
  if (made?.method === 'prepare') return 'a statement is prepared by hand and executed elsewhere';
  if (!['query', 'execute'].includes(callee.getName()) || made !== undefined) return undefined;
  const [first] = call.getArguments();
  const receiver = callee.getExpression();
  if (first === undefined || !receiver.getType().isAny() || handleOf(receiver) !== undefined) return undefined;
  if (builders.of(receiver).length > 0) return undefined;
  const type = first.getType();
  if (!type.isAny() && !type.isString() && !type.isStringLiteral()) return undefined;
  return `what ${excerpt(receiver)} is can't be told, so this may be a call of the driver`;
}

/** Text that can only be SQL: a verb with what belongs to it. */
const STATEMENT =
  /^\s*(select\s[\s\S]*\bfrom\b|insert\s+(ignore\s+)?into\s|replace\s+into\s|update\s[\s\S]*\bset\b|delete\s+from\s)/i;

/** Constant SQL that is handed to something that neither is the driver nor is known to pass it on. */
export function statementsElsewhere(
  calls: readonly CallExpression[],
  found: { readonly calls: readonly { readonly node: Node }[] },
  others: readonly { readonly node: Node }[],
  root: string,
): UnresolvedAccess[] {
  const known = new Set<Node>([...found.calls, ...others].map((each) => each.node));
  return calls.flatMap((call) => {
    if (known.has(call) || driverCall(call) !== undefined) return [];
    const [first] = call.getArguments();
    if (first === undefined || !STATEMENT.test(textOf(first))) return [];
    if (call.getAncestors().some((each) => known.has(each) && Node.isCallExpression(each))) return [];
    const callee = call.getExpression();
    if (/^console\./.test(callee.getText()) || isTextMethod(callee)) return [];
    return [
      unresolvedAt(call, `SQL is given to ${excerpt(callee)}, which is not known to pass it on to the driver`, root),
    ];
  });
}

function textOf(node: Node): string {
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) return node.getLiteralValue();
  if (Node.isTemplateExpression(node)) return node.getText().slice(1, -1);
  return Node.isBinaryExpression(node) ? textOf(node.getLeft()) + textOf(node.getRight()) : '';
}

/** Methods of lists and strings that take text: `parts.push('SELECT …')`. */
function isTextMethod(callee: Node): boolean {
  return (
    Node.isPropertyAccessExpression(callee) &&
    ['push', 'unshift', 'concat', 'startsWith', 'includes', 'replace'].includes(callee.getName())
  );
}
