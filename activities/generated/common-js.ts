import ts from 'typescript';
import { applyChanges, type TextChange } from './text-changes.ts';

/** An ES module of ours as CommonJS: `require` where it imported, one `module.exports` at its end. */
export function toCommonJs(text: string, strict: boolean): string {
  const file = ts.createSourceFile('generated.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  refuseModuleOnly(file);
  const exported: string[] = [];
  const changes = file.statements.flatMap((statement) => statementChanges(statement, exported));
  const body = applyChanges(text, changes).trimEnd();
  const ending = exported.length === 0 ? '' : `\n\nmodule.exports = { ${exported.join(', ')} };`;
  const beginning = strict && file.statements.length > 0 ? "'use strict';\n\n" : '';
  return `${beginning}${body.trimStart()}${ending}\n`;
}

function statementChanges(statement: ts.Statement, exported: string[]): TextChange[] {
  const replace = (text: string): TextChange[] => [{ start: statement.getStart(), end: statement.end, text }];
  if (ts.isImportDeclaration(statement)) return replace(requireText(statement));
  if (ts.isExportDeclaration(statement)) return replace(reexport(statement, exported));
  if (ts.isExportAssignment(statement))
    throw new Error('a generated module with a default export has no CommonJS form');
  const keyword = ts.canHaveModifiers(statement)
    ? ts.getModifiers(statement)?.find((one) => one.kind === ts.SyntaxKind.ExportKeyword)
    : undefined;
  if (keyword === undefined) return [];
  exported.push(...declaredNames(statement));
  const after = statement.getSourceFile().text.slice(keyword.end);
  return [{ start: keyword.getStart(), end: keyword.end + (after.length - after.trimStart().length), text: '' }];
}

function requireText(statement: ts.ImportDeclaration): string {
  const call = `require(${statement.moduleSpecifier.getText()})`;
  const clause = statement.importClause;
  if (clause === undefined) return `${call};`;
  const bindings = clause.namedBindings;
  const lines: string[] = [];
  if (clause.name !== undefined) lines.push(`const ${clause.name.text} = ${call};`);
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) lines.push(`const ${bindings.name.text} = ${call};`);
  if (bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0)
    lines.push(`const { ${bindings.elements.map(renamed).join(', ')} } = ${call};`);
  return lines.join('\n');
}

/** `a as b` of an import or export list, as a property of a pattern. */
function renamed(one: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return one.propertyName === undefined ? one.name.text : `${one.propertyName.text}: ${one.name.text}`;
}

function reexport(statement: ts.ExportDeclaration, exported: string[]): string {
  const { exportClause, moduleSpecifier } = statement;
  if (exportClause === undefined) {
    exported.push(`...require(${moduleSpecifier?.getText() ?? ''})`);
    return '';
  }
  if (!ts.isNamedExports(exportClause)) throw new Error('`export * as` has no CommonJS form here');
  if (moduleSpecifier === undefined) {
    exported.push(
      ...exportClause.elements.map((one) =>
        one.propertyName === undefined ? one.name.text : `${one.name.text}: ${one.propertyName.text}`,
      ),
    );
    return '';
  }
  exported.push(...exportClause.elements.map((one) => one.name.text));
  return `const { ${exportClause.elements.map(renamed).join(', ')} } = require(${moduleSpecifier.getText()});`;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => {
      if (!ts.isIdentifier(name)) throw new Error(`an exported pattern has no CommonJS form here: ${name.getText()}`);
      return name.text;
    });
  }
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  if (!isNamed || statement.name === undefined) throw new Error('an export without a name has no CommonJS form');
  return [statement.name.text];
}

/** `await` outside functions and `import.meta` exist in ES modules only. */
function refuseModuleOnly(file: ts.SourceFile): void {
  const visit = (node: ts.Node, inFunction: boolean): void => {
    const isModuleOnly = ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
    if (
      isModuleOnly ||
      (!inFunction && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)))
    )
      throw new Error(`a generated module that CommonJS can't have: ${node.getText().slice(0, 80)}`);
    ts.forEachChild(node, (child) => visit(child, inFunction || ts.isFunctionLike(node)));
  };
  visit(file, false);
}
