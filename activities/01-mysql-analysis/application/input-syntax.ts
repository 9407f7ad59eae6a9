import type { CallExpression, Expression } from 'ts-morph';
import { Node } from 'ts-morph';
import { quote } from './conditions.ts';
import { isVisible } from './run.ts';
import {
  contains,
  declarationOf,
  declarationsOf,
  isFunctionNode,
  isModuleLevel,
  isValueUse,
  unwrap,
} from './syntax.ts';
import { declaredType } from './type-text.ts';
import { type Environment, lookUp, type Code } from './values.ts';

/** `list.join` of `list.join(',')`: the call is what has a meaning. */
export function isMethodName(node: Node): boolean {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(node) && Node.isCallExpression(parent) && parent.getExpression() === node;
}

export function literalSource(value: string | number | boolean | null | undefined): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

export function meaningOf(node: Node, environment: Environment | undefined): Code | undefined {
  if (environment === undefined || !Node.isIdentifier(node) || !isValueUse(node)) return undefined;
  const declaration = declarationOf(node);
  return declaration && lookUp(environment, declaration);
}

/** `{ limit }` must become `{ limit: … }` when the name is replaced, but where that name is all that is written. */
export function replaced(node: Node, source: string, top: Node): string {
  const isInside = node !== top && Node.isShorthandPropertyAssignment(node.getParent());
  return isInside ? `${node.getText()}: ${source}` : source;
}

export function isGlobal(identifier: Node): boolean {
  const declarations = declarationsOf(identifier);
  return declarations.every((each) => each.getSourceFile().isDeclarationFile() && !Node.isImportSpecifier(each));
}

export function isVisibleAt(declaration: Node, call: Node): boolean {
  return isModuleLevel(declaration) || isVisible(declaration, call);
}

/** Methods of strings, numbers, arrays and the like, and pure global functions. */
export function isPlainCall(call: CallExpression): boolean {
  const callee = unwrap(call.getExpression());
  const name = callee.getText();
  if (/^(Date\.now|Math\.random|crypto\.|performance\.|process\.)/.test(name)) return false;
  const declarations = declarationsOf(Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee);
  if (declarations.length === 0) return Node.isPropertyAccessExpression(callee);
  return declarations.every((each) =>
    /\/typescript\/lib\/lib\.|^\/node_modules\/typescript\//.test(each.getSourceFile().getFilePath()),
  );
}

/** Whether a helper's body uses more than its parameters and globals. */
function usesModule(body: Node, target: Node): boolean {
  const names = Node.isIdentifier(body) ? [body] : body.getDescendants().filter(Node.isIdentifier);
  return names.some((each) => {
    if (!isValueUse(each) || isGlobal(each)) return false;
    const declaration = declarationOf(each);
    return declaration !== undefined && !contains(target, declaration);
  });
}

/** The longest part of a chain that can be read even when the conditions around it don't hold. */
export function safePrefix(node: Expression): Expression {
  const inner =
    Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) ? node.getExpression() : undefined;
  if (inner === undefined) return node;
  const safe = safePrefix(inner);
  if (safe !== inner) return safe;
  const isOptional = Node.isQuestionDotTokenable(node) && node.hasQuestionDotToken();
  const type = declaredType(inner);
  return !isOptional && (type.isNullable() || type.isUndefined() || type.isNull()) ? inner : node;
}

/** A chain in JavaScript whose inner values have no type, so that any of them may be absent. */
export function isUntyped(node: Expression): boolean {
  const inner =
    Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) ? node.getExpression() : undefined;
  if (inner === undefined || !/\.[cm]?jsx?$/.test(node.getSourceFile().getFilePath())) return false;
  return declaredType(inner).isAny() && !Node.isThisExpression(inner);
}

/** `a.b['c']` so that it can be read even when `a` is not there. */
export function readSafely(chain: string): string {
  return chain.replace(
    /([\w$\])])(\.|\[)(?!\d)/g,
    (_, before: string, access: string) => `${before}?.${access === '[' ? '[' : ''}`,
  );
}

/** The body of a helper of one expression, with its parameters standing for the arguments. */
export function helperBody(call: CallExpression, environment: Environment | undefined): Code | undefined {
  const declaration = declarationOf(
    Node.isPropertyAccessExpression(call.getExpression()) ? call : call.getExpression(),
  );
  const target = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
  if (!isFunctionNode(target) || target.getSourceFile().isDeclarationFile()) return undefined;
  if (Node.isAsyncable(target) && target.isAsync()) return undefined;
  const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
  const [statement] = Node.isBlock(body) ? body.getStatements() : [];
  const isOne = Node.isBlock(body) && body.getStatements().length === 1 && Node.isReturnStatement(statement);
  const expression = isOne ? statement.getExpression() : Node.isBlock(body) ? undefined : body;
  if (expression === undefined || usesModule(expression, target)) return undefined;
  let inner: Environment | undefined;
  for (const [index, parameter] of target.getParameters().entries()) {
    const argument = call.getArguments()[index] ?? parameter.getInitializer();
    if (argument === undefined || parameter.isRestParameter() || !Node.isIdentifier(parameter.getNameNode()))
      return undefined;
    inner = {
      declaration: parameter,
      code: { kind: 'source', node: argument as Expression, environment },
      next: inner,
    };
  }
  return { kind: 'source', node: expression as Expression, environment: inner };
}
