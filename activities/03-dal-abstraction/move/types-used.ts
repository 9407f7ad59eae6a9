import { Node, SyntaxKind, type SourceFile } from 'ts-morph';
import ts from 'typescript';
import { CutoverError } from '../../../core/errors/index.ts';
import { type Layout, pathOf } from './layout.ts';

/** A type (or a value that a type asks for by `typeof`) of the application that the DAL's interface mentions. */
export interface UsedType {
  readonly name: string;
  readonly declaration: Node;
  /** Where it is declared, or the package that it comes from. */
  readonly from: { readonly file: string } | { readonly package: string };
  readonly isExported: boolean;
}

/** Names that a type's source mentions: `Partial<CustomerFields>` gives `Partial`, `CustomerFields`. */
export function namesInType(type: string): string[] {
  const file = ts.createSourceFile('t.ts', `type T = ${type};`, ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) names.add(leftmost(node.typeName));
    else if (ts.isTypeQueryNode(node)) names.add(leftmost(node.exprName));
    else if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression))
      names.add(node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...names];
}

/** Finds what the names of a type stand for in a file; names of the language's own library are left out. */
export function resolveTypes(layout: Layout, file: SourceFile, type: string): UsedType[] {
  return namesInType(type).flatMap((name) => resolveName(layout, file, name) ?? []);
}

/** Finds a type, class or variable by its name in a file's own scope: declared there, or imported. */
export function resolveName(layout: Layout, file: SourceFile, name: string): UsedType | undefined {
  const own =
    file.getInterface(name) ??
    file.getTypeAlias(name) ??
    file.getEnum(name) ??
    file.getClass(name) ??
    file.getFunction(name) ??
    file.getVariableDeclaration(name);
  if (own !== undefined) {
    return { name, declaration: own, from: { file: pathOf(layout, file) }, isExported: isExported(own) };
  }
  for (const declaration of file.getImportDeclarations()) {
    const specifier = declaration
      .getNamedImports()
      .find((one) => (one.getAliasNode() ?? one.getNameNode()).getText() === name);
    if (specifier === undefined) continue;
    const target = declaration.getModuleSpecifierSourceFile();
    const original = specifier.getNameNode().getText();
    if (target === undefined || target.isInNodeModules()) {
      return {
        name: original,
        declaration: specifier,
        from: { package: declaration.getModuleSpecifierValue() },
        isExported: true,
      };
    }
    return resolveName(layout, target, original);
  }
  const local = file
    .getDescendants()
    .find(
      (node) => (Node.isInterfaceDeclaration(node) || Node.isTypeAliasDeclaration(node)) && node.getName() === name,
    );
  if (local !== undefined) {
    throw new CutoverError('dal.unsupported-shape', {
      where: `${pathOf(layout, file)}:${local.getStartLineNumber()}`,
      detail: `The row type ${name} is declared inside a function; move it to the top of the file.`,
    });
  }
  return undefined;
}

function leftmost(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : leftmost(name.left);
}

function isExported(node: Node): boolean {
  if (Node.isVariableDeclaration(node)) return node.getVariableStatement()?.isExported() ?? false;
  return Node.isExportable(node) && node.isExported();
}

/** Where `export ` has to be put so that a declaration can be imported. */
export function exportPosition(node: Node): number {
  const statement = Node.isVariableDeclaration(node)
    ? node.getFirstAncestorByKindOrThrow(SyntaxKind.VariableStatement)
    : node;
  return statement.getStart();
}
