import { quote } from './conditions.ts';
import { Node, ts, type Expression, type Type } from 'ts-morph';

const FLAGS = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType;

/** The value of a literal type, as a string. */
export function literalOf(type: Type): string {
  const value = type.getLiteralValue();
  return typeof value === 'object' ? value.base10Value : String(value);
}

/** Names that every Node.js program has. */
const GLOBAL_TYPES = new Set(['Date', 'Buffer', 'Uint8Array', 'Map', 'Set', 'Record', 'Promise']);

/** A type as source that can stand in another file; `unknown` where it can't be named. */
export function typeText(type: Type, at: Node): string {
  if (type.isAny() || type.isUnknown()) return 'unknown';
  const plain = plainText(type, 0);
  if (plain !== undefined) return plain;
  const text = type.getText(at, FLAGS);
  return /import\(|\b__type\b|\bany\b/.test(text) ? 'unknown' : text;
}

/** Types of only primitives and well-known classes, written out, so that no alias of the application is needed. */
function plainText(type: Type, depth: number): string | undefined {
  if (depth > 4) return undefined;
  if (type.isBoolean()) return 'boolean';
  if (type.isStringLiteral()) return quote(literalOf(type));
  if (type.isNumberLiteral()) return literalOf(type);
  if (
    type.isString() ||
    type.isNumber() ||
    type.isUndefined() ||
    type.isNull() ||
    type.isBooleanLiteral() ||
    type.isBigInt()
  ) {
    return type.getText();
  }
  if (type.isUnion()) {
    const members = withoutBooleanHalves(type.getUnionTypes()).map((each) =>
      typeof each === 'string' ? each : plainText(each, depth + 1),
    );
    return members.includes(undefined) ? undefined : nullishLast(members as string[]).join(' | ');
  }
  const element = type.getArrayElementType();
  if (element && type.isArray()) {
    const inner = plainText(element, depth + 1);
    return inner && (element.isUnion() && !element.isBoolean() ? `(${inner})[]` : `${inner}[]`);
  }
  const name = type.getSymbol()?.getName();
  return name !== undefined && ['Date', 'Buffer', 'Uint8Array'].includes(name) && GLOBAL_TYPES.has(name)
    ? name
    : undefined;
}

function nullishLast(members: readonly string[]): string[] {
  const isNullish = (each: string): boolean => each === 'null' || each === 'undefined';
  return [...members.filter((each) => !isNullish(each)), ...members.filter(isNullish).sort()];
}

function withoutBooleanHalves(members: readonly Type[]): (Type | string)[] {
  const halves = members.filter((each) => each.isBooleanLiteral());
  if (halves.length < 2) return [...members];
  return [...members.filter((each) => !each.isBooleanLiteral()), 'boolean'];
}

/** The type of a value here, single literals widened. */
export function typeHere(node: Expression): string {
  const type = node.getType();
  return typeText(type.isUnion() ? type : type.getBaseTypeOfLiteralType(), node);
}

/** The type as declared, without what the conditions around a place have narrowed it to. */
export function declaredType(node: Expression): Type {
  const symbol = node.getSymbol();
  const declaration = symbol?.getValueDeclaration();
  if (symbol && Node.isIdentifier(node) && declaration) return symbol.getTypeAtLocation(declaration);
  if (symbol && Node.isPropertyAccessExpression(node)) {
    return symbol.getTypeAtLocation(node);
  }
  return node.getType();
}

/** {@link declaredType} as source; what may be absent may be undefined. */
export function declaredTypeText(node: Expression): string {
  const text = typeText(declaredType(node), node);
  const isAbsent =
    node.getSymbol()?.isOptional() === true || (Node.isQuestionDotTokenable(node) && node.hasQuestionDotToken());
  return isAbsent && text !== 'unknown' && !/\bundefined\b/.test(text) ? `${text} | undefined` : text;
}
