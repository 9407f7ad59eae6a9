import ts from 'typescript';

/** A piece of a text to be put in the place of another. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all changes made; they do not overlap. */
export function replaced(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((result, change) => result.slice(0, change.start) + change.text + result.slice(change.end), text);
}

/** Names that code refers to from outside of itself; those of members, and of its own functions' parameters, are none. */
export function identifiersIn(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const own = new Set<string>();
  const visit = (each: ts.Node): void => {
    if (ts.isParameter(each) || ts.isBindingElement(each)) ts.forEachChild(each.name, () => undefined);
    if ((ts.isParameter(each) || ts.isBindingElement(each)) && ts.isIdentifier(each.name)) own.add(each.name.text);
    if (ts.isIdentifier(each) && !isMemberName(each)) names.add(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  for (const name of own) names.delete(name);
  return names;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}
