import { Node } from 'ts-morph';
import type { Handles } from './handles.ts';
import type { Layout } from './layout.ts';

/** An expression that gives the DAL at a place; `imported` when it is the application's one DAL of its module. */
export interface DalInReach {
  readonly text: string;
  readonly imported: boolean;
}

/** The DAL where a statement on a connection stands: a parameter, the object's own, or the module's. */
export function dalInReach(layout: Layout, handles: Handles, node: Node): DalInReach {
  let thisIsOurs = true;
  for (const ancestor of node.getAncestors()) {
    if (
      Node.isFunctionLikeDeclaration(ancestor) ||
      Node.isFunctionExpression(ancestor) ||
      Node.isArrowFunction(ancestor)
    ) {
      for (const parameter of ancestor.getParameters()) {
        const held = handles.held.get(parameter);
        // In a constructor, `this` may not be complete yet: its parameter is.
        if (held !== undefined && !held.mayBeConnection) return { text: held.newName, imported: false };
      }
      // A function of its own has another `this`.
      if (Node.isFunctionDeclaration(ancestor) || Node.isFunctionExpression(ancestor)) thisIsOurs = false;
      if (Node.isMethodDeclaration(ancestor) && ancestor.isStatic()) thisIsOurs = false;
    }
    if (Node.isClassDeclaration(ancestor) || Node.isClassExpression(ancestor)) {
      if (thisIsOurs) {
        const members = [
          ...ancestor.getProperties(),
          ...ancestor.getConstructors().flatMap((one) => one.getParameters()),
        ];
        for (const member of members) {
          const held = handles.held.get(member);
          const isMember =
            Node.isPropertyDeclaration(member) || (Node.isParameterDeclaration(member) && member.isParameterProperty());
          if (held !== undefined && isMember && !held.mayBeConnection)
            return { text: `this.${held.newName}`, imported: false };
        }
      }
      thisIsOurs = false;
    }
  }
  return { text: layout.variable, imported: true };
}
