import ts from 'typescript';
import { documentFunction, documentType, type TypeDeclaration } from './jsdoc-types.ts';
import { applyChanges, type TextChange } from './text-changes.ts';

/**
 * TypeScript without its types: JavaScript with the same comments. Exported interfaces and types become JSDoc typedefs,
 * what exported functions take and give is told in their JSDoc. Throws where the syntax is not erasable.
 */
export function eraseTypes(text: string): string {
  const file = ts.createSourceFile('generated.ts', text, ts.ScriptTarget.Latest, true);
  const documented = file.statements.filter((one) => isDocumented(one));
  const mentioned = namesIn(documented);
  const changes: TextChange[] = file.statements.flatMap((statement) => statementChanges(statement, mentioned));
  return applyChanges(text, changes);
}

function isDocumented(statement: ts.Statement): boolean {
  return isExported(statement) && (isTypeDeclaration(statement) || ts.isFunctionDeclaration(statement));
}

function isTypeDeclaration(node: ts.Node): node is TypeDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function isExported(node: ts.Statement): boolean {
  return has(node, ts.SyntaxKind.ExportKeyword);
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((one) => one.kind === kind);
}

/** Names of types that what stays as JSDoc mentions. */
function namesIn(statements: readonly ts.Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) names.add(node.typeName.text);
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) names.add(node.expression.text);
    if (ts.isBlock(node)) return;
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return names;
}

function statementChanges(statement: ts.Statement, mentioned: ReadonlySet<string>): TextChange[] {
  if (isTypeDeclaration(statement)) return [whole(statement, isExported(statement) ? documentType(statement) : '')];
  if (ts.isImportDeclaration(statement)) return importChanges(statement, mentioned);
  if (ts.isExportDeclaration(statement)) return exportChanges(statement);
  if (has(statement, ts.SyntaxKind.DeclareKeyword)) return [whole(statement, '')];
  if (ts.isFunctionDeclaration(statement)) {
    if (statement.body === undefined) return [whole(statement, '')];
    const comment = isExported(statement) ? documentFunction(statement) : undefined;
    return [...(comment === undefined ? [] : [comment]), ...nodeChanges(statement)];
  }
  return nodeChanges(statement);
}

function importChanges(statement: ts.ImportDeclaration, mentioned: ReadonlySet<string>): TextChange[] {
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  if (clause === undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? [whole(statement, '')] : [];
  }
  const onlyTypes = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const values = onlyTypes ? [] : bindings.elements.filter((one) => !one.isTypeOnly);
  const types = bindings.elements.filter((one) => !values.includes(one) && mentioned.has(one.name.text));
  const from = statement.moduleSpecifier.getText();
  const name = (one: ts.ImportSpecifier): string => one.getText().replace(/^type /, '');
  const comment = types.length === 0 ? '' : `/** @import { ${types.map(name).join(', ')} } from ${from} */`;
  const isTypesOnly = onlyTypes || (values.length === 0 && clause.name === undefined && bindings.elements.length > 0);
  if (isTypesOnly) return [{ start: statement.getStart(), end: statement.end, text: comment }];
  if (values.length === bindings.elements.length) return [];
  const rest = { start: bindings.getStart(), end: bindings.end, text: `{ ${values.map(name).join(', ')} }` };
  return [rest, ...(comment === '' ? [] : [{ start: statement.end, end: statement.end, text: `\n${comment}` }])];
}

function exportChanges(statement: ts.ExportDeclaration): TextChange[] {
  if (statement.isTypeOnly) return [whole(statement, '')];
  const clause = statement.exportClause;
  if (clause === undefined || !ts.isNamedExports(clause)) return [];
  const values = clause.elements.filter((one) => !one.isTypeOnly);
  if (values.length === clause.elements.length) return [];
  if (values.length === 0) return [whole(statement, '')];
  const text = `{ ${values.map((one) => one.getText()).join(', ')} }`;
  return [{ start: clause.getStart(), end: clause.end, text }];
}

/** A statement or member that goes as a whole, with the comments right above it. */
function whole(node: ts.Node, text: string): TextChange {
  const file = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(file.text, node.pos) ?? [];
  const adjacent = comments.filter(
    (one, index) => !file.text.slice(one.end, comments[index + 1]?.pos ?? node.getStart()).includes('\n\n'),
  );
  return { start: adjacent[0]?.pos ?? node.getStart(), end: node.end, text };
}

const TYPE_MODIFIERS = new Set([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.AbstractKeyword,
  ts.SyntaxKind.OverrideKeyword,
]);

function nodeChanges(node: ts.Node): TextChange[] {
  const file = node.getSourceFile();
  const cut = (start: number, end: number): TextChange => ({ start, end, text: '' });
  const children: TextChange[] = [];
  ts.forEachChild(
    node,
    (child) => void (ts.isTypeNode(child) && !isHeritage(child) ? [] : children.push(...nodeChanges(child))),
  );
  if (isUnerasable(node)) {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    throw new Error(`generated TypeScript that can't be erased, line ${line + 1}: ${node.getText().slice(0, 80)}`);
  }
  if (ts.isClassElement(node) && isBodiless(node)) return [whole(node, '')];
  const own: TextChange[] = [];
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node))
    own.push(cut(node.expression.end, node.end));
  if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword)
    return [cut(node.getStart(), node.end)];
  if (ts.canHaveModifiers(node))
    for (const one of ts.getModifiers(node) ?? [])
      if (TYPE_MODIFIERS.has(one.kind)) own.push(cut(one.getStart(), one.end));
  if (hasType(node) && node.type !== undefined) own.push(cut(node.type.pos - 1, node.type.end));
  if (ts.isParameter(node) || ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node))
    if (node.questionToken !== undefined) own.push(cut(node.questionToken.getStart(), node.questionToken.end));
  if ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined)
    own.push(cut(node.exclamationToken.getStart(), node.exclamationToken.end));
  for (const list of typeLists(node)) own.push(cut(list.pos - 1, file.text.indexOf('>', list.end) + 1));
  return [...own, ...children];
}

function isHeritage(node: ts.Node): boolean {
  return ts.isExpressionWithTypeArguments(node);
}

function isBodiless(node: ts.ClassElement): boolean {
  if (ts.isIndexSignatureDeclaration(node)) return true;
  if (ts.isPropertyDeclaration(node))
    return has(node, ts.SyntaxKind.DeclareKeyword) || has(node, ts.SyntaxKind.AbstractKeyword);
  return (ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) && node.body === undefined;
}

function isUnerasable(node: ts.Node): boolean {
  return (
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isTypeAssertionExpression(node) ||
    (ts.isParameter(node) && (ts.getModifiers(node) ?? []).length > 0)
  );
}

type Typed = ts.ParameterDeclaration | ts.VariableDeclaration | ts.PropertyDeclaration | ts.SignatureDeclaration;

function hasType(node: ts.Node): node is Typed {
  return (
    ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isFunctionLike(node)
  );
}

/** Type parameters and type arguments. */
function typeLists(node: ts.Node): ts.NodeArray<ts.Node>[] {
  const parameters =
    ts.isFunctionLike(node) || ts.isClassLike(node)
      ? (node.typeParameters as ts.NodeArray<ts.Node> | undefined)
      : undefined;
  const given =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isExpressionWithTypeArguments(node) ||
    ts.isTaggedTemplateExpression(node)
      ? node.typeArguments
      : undefined;
  return [parameters, given].filter((one) => one !== undefined);
}
