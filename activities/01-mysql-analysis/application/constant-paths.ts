import { Node, VariableDeclarationKind } from 'ts-morph';
import { declarationOf, unwrap } from './syntax.ts';

/** The constant strings of an expression: one, several of an array, the source of a regular expression. */
export function pathsOf(node: Node, depth = 0): string[] | undefined {
  const bare = unwrap(node);
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return [bare.getLiteralValue()];
  if (Node.isRegularExpressionLiteral(bare)) return [bare.getText()];
  if (Node.isArrayLiteralExpression(bare)) {
    const each = bare.getElements().map((one) => pathsOf(one, depth + 1));
    return each.includes(undefined) ? undefined : each.flatMap((one) => one ?? []);
  }
  const type = bare.getType();
  const value = type.isStringLiteral() ? type.getLiteralValue() : undefined;
  if (typeof value === 'string') return [value];
  if (depth > 6) return undefined;
  if (Node.isTemplateExpression(bare)) {
    const spans = bare.getTemplateSpans().map((span) => {
      const [inner, ...more] = pathsOf(span.getExpression(), depth + 1) ?? [];
      return inner === undefined || more.length > 0 ? undefined : inner + span.getLiteral().getLiteralText();
    });
    return spans.includes(undefined) ? undefined : [bare.getHead().getLiteralText() + spans.join('')];
  }
  if (Node.isBinaryExpression(bare) && bare.getOperatorToken().getText() === '+') {
    const [left, right] = [pathsOf(bare.getLeft(), depth + 1), pathsOf(bare.getRight(), depth + 1)];
    return left?.length === 1 && right?.length === 1 ? [`${left[0]}${right[0]}`] : undefined;
  }
  const declaration = Node.isIdentifier(bare)
    ? declarationOf(bare)
    : Node.isPropertyAccessExpression(bare)
      ? declarationOf(bare.getNameNode())
      : undefined;
  const isConstant =
    Node.isPropertyAssignment(declaration) ||
    (Node.isVariableDeclaration(declaration) &&
      declaration.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const);
  const initializer = isConstant ? declaration.getInitializer() : undefined;
  return initializer && pathsOf(initializer, depth + 1);
}

/** A property of an object literal, methods included. */
export function optionOf(options: Node | undefined, name: string): Node | undefined {
  const bare = options && unwrap(options);
  if (!Node.isObjectLiteralExpression(bare)) return undefined;
  const property = bare.getProperty(name);
  if (Node.isPropertyAssignment(property)) return property.getInitializer();
  if (Node.isShorthandPropertyAssignment(property)) return property.getNameNode();
  return Node.isMethodDeclaration(property) ? property : undefined;
}

/** The elements of an array literal, or the one value itself. */
export function eachOf(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  const bare = unwrap(node);
  return Node.isArrayLiteralExpression(bare) ? bare.getElements() : [node];
}
