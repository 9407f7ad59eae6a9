import { Node, type SourceFile, type Statement, type VariableStatement } from 'ts-morph';
import ts from 'typescript';

/** Whether a file is a CommonJS module: it requires or exports so, and says neither `import` nor `export`. */
export function isCommonJs(file: SourceFile): boolean {
  if (!/\.c?js$/.test(file.getFilePath()) || file.getImportDeclarations().length > 0) return false;
  if (file.getStatements().some((one) => Node.isExportDeclaration(one) || Node.isExportAssignment(one))) return false;
  return file.getStatements().some((one) => requireOf(one) !== undefined || exportOf(one) !== undefined);
}

/** `const x = require('…')` as a statement of its own. */
export interface RequireStatement {
  readonly statement: VariableStatement;
  readonly module: string;
  readonly moduleNode: Node;
  readonly name: Node;
}

export function requireOf(statement: Statement): RequireStatement | undefined {
  if (!Node.isVariableStatement(statement)) return undefined;
  const [declaration, ...more] = statement.getDeclarations();
  const call = declaration?.getInitializer();
  if (declaration === undefined || more.length > 0 || !Node.isCallExpression(call)) return undefined;
  const [argument] = call.getArguments();
  if (call.getExpression().getText() !== 'require' || !Node.isStringLiteral(argument)) return undefined;
  return { statement, module: argument.getLiteralValue(), moduleNode: argument, name: declaration.getNameNode() };
}

/** What `module.exports = …`, `module.exports.name = …` or `exports.name = …` exports. */
export function exportOf(statement: Node): Node | undefined {
  const assignment = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
  if (!Node.isBinaryExpression(assignment) || assignment.getOperatorToken().getText() !== '=') return undefined;
  return /^(module\.)?exports(\.[\w$]+)?$/.test(assignment.getLeft().getText()) ? assignment.getRight() : undefined;
}

/** Whether a name is bound by a `require`. */
export function isRequired(name: Node): boolean {
  const statement = name.getFirstAncestor(Node.isVariableStatement);
  const required = statement && requireOf(statement);
  return required !== undefined && (required.name === name || required.name.getDescendants().includes(name));
}

/** Whether a name stands in an export by itself: `module.exports = { name }`, `exports.name = name`. */
export function isExported(name: Node): boolean {
  return exportEntry(name) !== undefined;
}

/** The entry of an object, or the statement, by which a name is exported. */
export function exportEntry(name: Node): Node | undefined {
  const parent = name.getParentOrThrow();
  const statement = name.getFirstAncestor(Node.isExpressionStatement);
  const exported = statement && exportOf(statement);
  if (exported === undefined) return undefined;
  if (exported === name) return statement;
  const isOwn =
    Node.isShorthandPropertyAssignment(parent) ||
    (Node.isPropertyAssignment(parent) && parent.getInitializer() === name);
  return isOwn && parent.getParent() === exported ? parent : undefined;
}

/** Names that a text uses as values: no member, no key, no name of its own `require` alone. */
export function namesUsed(text: string): Set<string> {
  const file = ts.createSourceFile('file.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isUse(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return used;
}

function isUse(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== name;
  if (ts.isPropertyAssignment(parent)) return parent.name !== name;
  if (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) return parent.initializer === name;
  return !ts.isMethodDeclaration(parent);
}
