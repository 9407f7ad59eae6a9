import type { Node } from './parse.ts';

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The nodes of a list; a single node is a list of one. */
export function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.filter(isNode);
  return isNode(value) ? [value] : [];
}

/** Text of what the grammar gives as a string, or as a node around one. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isNode(value)) return '';
  if (isNode(value.expr)) return textOf(value.expr);
  return textOf(value.value);
}

export function isColumn(node: Node): boolean {
  return node.type === 'column_ref';
}

/** Qualifier and name of a column reference. */
export function columnNameOf(node: Node): { readonly table: string | undefined; readonly column: string } {
  const table = textOf(node.table);
  return { table: table === '' ? undefined : table, column: textOf(node.column) };
}

/** Nodes directly below one, through lists. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.flat(Infinity).filter(isNode) : nodesOf(value),
  );
}
