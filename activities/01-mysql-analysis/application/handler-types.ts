import type { Node } from 'ts-morph';

/** Whether a value is a function by its type. */
export function isCallable(node: Node): boolean {
  return node.getType().getCallSignatures().length > 0;
}

/** Express tells error handlers by their four parameters. */
export function isErrorHandler(node: Node): boolean {
  const signatures = node.getType().getCallSignatures();
  return signatures.length > 0 && signatures.every((each) => each.getParameters().length === 4);
}
