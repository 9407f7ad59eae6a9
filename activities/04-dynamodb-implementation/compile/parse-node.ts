import { Refusal } from './refusal.ts';

/** A node of the parser's tree; its own types say less than what it really gives. */
export type Node = Readonly<Record<string, unknown>>;

export function asNode(value: unknown): Node {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Node;
  throw new Refusal('The parser gave an unknown tree.', 'Rewrite the statement in plainer SQL.');
}

export function optionalNode(value: unknown): Node | null {
  return value === null || value === undefined ? null : asNode(value);
}

export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new Refusal('The parser gave an unknown tree.', 'Rewrite the statement in plainer SQL.');
}

export function string(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Refusal('A name is missing in the statement.', 'Name all columns and tables.');
}
