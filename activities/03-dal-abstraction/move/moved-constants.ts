import { Node, VariableDeclarationKind } from 'ts-morph';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import { declarationOf } from '../../01-mysql-analysis/application/syntax.ts';
import type { MethodDesign } from '../design/design.ts';
import { refuse } from './handles.ts';
import type { Layout } from './layout.ts';
import { isCommonJs, requireOf } from './requires.ts';

/** A constant that statements are made of: it moves with them, since a CommonJS module can't be required in a circle. */
export interface MovedConstant {
  readonly name: string;
  readonly declaration: Node;
  /** `const LIST = '…';` */
  readonly text: string;
}

/** Constants of the application's CommonJS modules that the methods of one aggregate are made of; needed ones first. */
export function movedConstants(layout: Layout, methods: readonly MethodDesign<LocatedCallSite>[]): MovedConstant[] {
  const moved = new Map<string, MovedConstant>();
  for (const method of methods) {
    for (const reference of method.callSites[0].references) {
      for (const constant of withNeeded(reference.declaration) ?? []) {
        const other = moved.get(constant.name);
        if (other !== undefined && other.declaration !== constant.declaration) {
          const detail = `Statements of ${method.aggregate} are made of two constants named ${constant.name}; give one another name.`;
          throw refuse(layout, constant.declaration, detail);
        }
        moved.set(constant.name, constant);
      }
    }
  }
  return [...moved.values()];
}

/** A constant with those that it is made of; undefined where it is made of anything else, or not of CommonJS. */
export function withNeeded(declaration: Node): MovedConstant[] | undefined {
  const statement = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : undefined;
  if (!Node.isVariableDeclaration(declaration) || statement === undefined || requireOf(statement) !== undefined)
    return undefined;
  const isPlain =
    statement.getDeclarationKind() === VariableDeclarationKind.Const && Node.isSourceFile(statement.getParent());
  const value = declaration.getInitializer();
  if (!isPlain || value === undefined || !isCommonJs(declaration.getSourceFile())) return undefined;
  const needed: MovedConstant[] = [];
  for (const node of [value, ...value.getDescendants()]) {
    if (Node.isCallExpression(node) || Node.isNewExpression(node) || Node.isThisExpression(node)) return undefined;
    if (!Node.isIdentifier(node) || Node.isPropertyAssignment(node.getParent())) continue;
    const own = declarationOf(node);
    const inner = own && withNeeded(own);
    if (inner === undefined) return undefined;
    needed.push(...inner);
  }
  return [...needed, { name: declaration.getName(), declaration, text: `const ${declaration.getText()};` }];
}
