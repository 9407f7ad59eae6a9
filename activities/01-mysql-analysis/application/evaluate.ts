import { Node, SyntaxKind, VariableDeclarationKind, type Expression } from 'ts-morph';
import { spend } from './budget.ts';
import { evaluateCall } from './calls.ts';
import { not, TRUE } from './conditions.ts';
import { member } from './members.ts';
import { piecesOf } from './pieces.ts';
import { isChain } from './rewrite.ts';
import type { State } from './state.ts';
import { declarationOf, isFunctionNode, isModuleLevel, unwrap } from './syntax.ts';
import { evaluateCondition } from './truth.ts';
import { Untold } from './untold.ts';
import { codeValue, lost, text, type Code, type Item, type Piece, type Value } from './values.ts';

/** The value of an expression at a state. Never throws for code that it doesn't understand: that is `code`. */
export function evaluate(node: Node, state: State): Value {
  spend();
  const bare = unwrap(node);
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return text(bare.getLiteralValue());
  if (Node.isTemplateExpression(bare)) {
    const pieces: Piece[] = [...piecesOf(text(bare.getHead().getLiteralText()))];
    for (const span of bare.getTemplateSpans()) {
      pieces.push(...piecesOf(evaluate(span.getExpression(), state)));
      pieces.push(...piecesOf(text(span.getLiteral().getLiteralText())));
      spend(pieces.length);
    }
    return { kind: 'text', pieces };
  }
  if (Node.isNumericLiteral(bare)) return codeValue({ kind: 'literal', value: bare.getLiteralValue() });
  if (Node.isTrueLiteral(bare) || Node.isFalseLiteral(bare)) {
    return codeValue({ kind: 'literal', value: Node.isTrueLiteral(bare) });
  }
  if (Node.isNullLiteral(bare)) return codeValue({ kind: 'literal', value: null });
  if (Node.isArrayLiteralExpression(bare))
    return state.allocate({ kind: 'array', items: itemsOf(bare.getElements(), state) });
  if (Node.isObjectLiteralExpression(bare)) return objectLiteral(bare, state);
  if (isFunctionNode(bare)) return { kind: 'function', node: bare };
  if (Node.isIdentifier(bare)) return identifier(bare, state);
  if (Node.isConditionalExpression(bare)) return conditional(bare, state);
  if (Node.isBinaryExpression(bare)) return binary(bare, state);
  if (Node.isPropertyAccessExpression(bare) || Node.isElementAccessExpression(bare)) return member(bare, state);
  if (Node.isCallExpression(bare)) return evaluateCall(bare, state);
  return opaque(bare, state);
}

/** The code of an expression as it stands. */
export function codeOf(node: Node, state: State): Code {
  return { kind: 'source', node: node as Expression, environment: state.environment };
}

export function opaque(node: Node, state: State): Value {
  return codeValue(codeOf(node, state));
}

/** Elements of an array literal, or arguments of `push`. */
export function itemsOf(elements: readonly Node[], state: State): Item[] {
  return elements.flatMap((element): Item[] => {
    if (!Node.isSpreadElement(element)) {
      return [{ kind: 'element', value: evaluateSafely(element, state), code: codeOf(element, state) }];
    }
    const value = evaluateSafely(element.getExpression(), state);
    const cell = state.cellOf(value);
    if (cell?.kind === 'array') return [...cell.items];
    if (cell?.kind === 'lost') throw new Untold(cell.reason);
    return [{ kind: 'spread', code: codeOf(element.getExpression(), state) }];
  });
}

/** Like {@link evaluate}, with what can't be told as a value, for places where it may not matter. */
export function evaluateSafely(node: Node, state: State): Value {
  try {
    return evaluate(node, state);
  } catch (error) {
    if (error instanceof Untold) return lost(error.message);
    throw error;
  }
}

function objectLiteral(node: Node, state: State): Value {
  if (!Node.isObjectLiteralExpression(node)) return opaque(node, state);
  const entries = new Map<string, Value>();
  for (const property of node.getProperties()) {
    if (Node.isPropertyAssignment(property)) {
      const name = property.getNameNode();
      const key = Node.isStringLiteral(name) ? name.getLiteralValue() : name.getText();
      if (Node.isComputedPropertyName(name)) return opaque(node, state);
      entries.set(key, entryOf(property.getInitializerOrThrow(), state));
    } else if (Node.isShorthandPropertyAssignment(property)) {
      entries.set(property.getName(), entryOf(property.getNameNode(), state));
    } else if (Node.isMethodDeclaration(property)) {
      entries.set(property.getName(), { kind: 'function', node: property });
    } else return opaque(node, state);
  }
  return state.allocate({ kind: 'object', entries });
}

/** What an object holds under a key: where its text can't be told, the code still stands. */
export function entryOf(node: Node, state: State): Value {
  const value = evaluateSafely(node, state);
  return value.kind === 'lost' ? opaque(node, state) : value;
}

const evaluating = new Set<Node>();

function identifier(node: Node, state: State): Value {
  if (node.getText() === 'undefined') return codeValue({ kind: 'literal', value: undefined });
  const declaration = declarationOf(node);
  const known = declaration && state.get(declaration);
  if (known) return known;
  if (Node.isFunctionDeclaration(declaration)) return { kind: 'function', node: declaration };
  if (!Node.isVariableDeclaration(declaration) || !isModuleLevel(declaration)) return opaque(node, state);
  const constant = declaration.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const;
  const value = declaration.getInitializer();
  if (!constant || value === undefined || evaluating.has(declaration)) return opaque(node, state);
  evaluating.add(declaration);
  try {
    const result = evaluateSafely(value, state);
    const isKnown = result.kind === 'text' || result.kind === 'reference' || result.kind === 'function';
    return isKnown || (result.kind === 'code' && result.code.kind === 'literal') ? result : opaque(node, state);
  } finally {
    evaluating.delete(declaration);
  }
}

/** Items that two lists have in common: the same one, or the same name read at the same place. */
function isSameItem(left: Item, right: Item | undefined): boolean {
  if (left === right) return true;
  if (left.kind !== 'element' || right?.kind !== 'element') return false;
  const [a, b] = [left.code, right.code];
  if (a.kind !== 'source' || b.kind !== 'source' || a.environment !== b.environment) return false;
  return isChain(a.node) && a.node.getText() === b.node.getText();
}

function conditional(node: Node, state: State): Value {
  if (!Node.isConditionalExpression(node)) return opaque(node, state);
  const when = evaluateCondition(node.getCondition(), state);
  if (when.kind === 'constant') return evaluate(when.value ? node.getWhenTrue() : node.getWhenFalse(), state);
  const yes = evaluate(node.getWhenTrue(), state);
  const no = evaluate(node.getWhenFalse(), state);
  const cells = [state.cellOf(yes), state.cellOf(no)];
  if (cells[0]?.kind === 'array' && cells[1]?.kind === 'array') {
    const [first, second] = [cells[0].items, cells[1].items];
    const shared = first.findIndex((each, index) => !isSameItem(each, second[index]));
    const start = shared < 0 ? first.length : shared;
    const branches = [
      { kind: 'when', when, items: first.slice(start) } as const,
      { kind: 'when', when: not(when), items: second.slice(start) } as const,
    ];
    const items = [...first.slice(0, start), ...branches.filter((each) => each.items.length > 0)];
    return state.allocate({ kind: 'array', items });
  }
  const isText = (value: Value): boolean => value.kind === 'text' || value.kind === 'choice';
  if (!isText(yes) && !isText(no) && !cells[0] && !cells[1]) return opaque(node, state);
  return {
    kind: 'choice',
    alternatives: [
      { when, value: yes },
      { when: TRUE, value: no },
    ],
  };
}

function binary(node: Node, state: State): Value {
  if (!Node.isBinaryExpression(node)) return opaque(node, state);
  const operator = node.getOperatorToken().getKind();
  if (operator === SyntaxKind.PlusToken) {
    const left = evaluate(node.getLeft(), state);
    const right = evaluate(node.getRight(), state);
    const isText = left.kind === 'text' || right.kind === 'text' || node.getType().isString();
    if (!isText) return opaque(node, state);
    const pieces = [...piecesOf(left), ...piecesOf(right)];
    spend(pieces.length);
    return { kind: 'text', pieces };
  }
  if (operator === SyntaxKind.AmpersandAmpersandToken) {
    const right = evaluate(node.getRight(), state);
    const when = evaluateCondition(node.getLeft(), state);
    if (right.kind !== 'text' || when.kind === 'constant')
      return right.kind === 'text' && when.kind === 'constant' && when.value ? right : opaque(node, state);
    const nothing = codeValue({ kind: 'literal', value: undefined });
    return {
      kind: 'choice',
      alternatives: [
        { when, value: right },
        { when: TRUE, value: nothing },
      ],
    };
  }
  if (operator === SyntaxKind.QuestionQuestionToken || operator === SyntaxKind.BarBarToken) {
    const left = evaluate(node.getLeft(), state);
    if (left.kind === 'text' || left.kind === 'reference') return left;
    if (left.kind === 'choice') return withFallback(left, evaluate(node.getRight(), state));
  }
  return opaque(node, state);
}

/** `MAP[key] ?? fallback`: the alternative for keys that the map hasn't. */
function withFallback(left: Value & { kind: 'choice' }, fallback: Value): Value {
  const alternatives = left.alternatives.map(({ when, value }) => {
    const missing = value.kind === 'code' && value.code.kind === 'literal' && value.code.value === undefined;
    return { when, value: missing ? fallback : value };
  });
  return { kind: 'choice', alternatives };
}
