import type { BinaryExpression, Statement } from 'ts-morph';
import { Node, SyntaxKind } from 'ts-morph';
import { withElement } from './arrays.ts';
import { spend } from './budget.ts';
import { codeOf, entryOf, evaluateSafely } from './evaluate.ts';
import { forget } from './mutations.ts';
import { piecesOf } from './pieces.ts';
import { blockOf, inFrame, isVisible, runStatements } from './run.ts';
import type { State } from './state.ts';
import { declarationOf, unwrap } from './syntax.ts';
import { Untold } from './untold.ts';
import type { Item } from './values.ts';
import { codeValue, lost, type Code, type Value } from './values.ts';

export function declare(name: Node, declaration: Node, initializer: Node | undefined, state: State): void {
  if (initializer === undefined) {
    state.set(declaration, lost(`${declaration.getText()} may not be assigned`));
    return;
  }
  const value = evaluateSafely(initializer, state);
  if (Node.isIdentifier(name)) assign(declaration, value, codeOf(initializer, state), state);
  else takeApart(name, value, codeOf(initializer, state), state);
}

function takeApart(name: Node, value: Value, code: Code, state: State): void {
  const cell = state.cellOf(value);
  if (!Node.isObjectBindingPattern(name) && !Node.isArrayBindingPattern(name)) return;
  name.getElements().forEach((element, index) => {
    if (!Node.isBindingElement(element)) return;
    const key = element.getPropertyNameNode()?.getText() ?? element.getName();
    const item = cell?.kind === 'array' ? cell.items[index] : undefined;
    const known = cell?.kind === 'object' ? cell.entries.get(key) : item?.kind === 'element' ? item.value : undefined;
    const access = Node.isObjectBindingPattern(name) ? `).${key}` : `)[${index}]`;
    const inner: Code = { kind: 'composed', parts: ['(', code, access] };
    if (value.kind === 'lost') state.set(element, value);
    else assign(element, known ?? codeValue(inner), inner, state);
  });
}

/** Gives a variable a value. One that can be named at the call and is only code goes by its own name there. */
function assign(declaration: Node, value: Value, code: Code, state: State): void {
  const visible = isVisible(declaration);
  if (!visible) state.bind(declaration, code);
  if (value.kind !== 'code' || value.code.kind === 'literal') state.set(declaration, value);
  else if (!visible) state.set(declaration, value);
  else {
    const name =
      Node.isVariableDeclaration(declaration) || Node.isBindingElement(declaration)
        ? declaration.getNameNode()
        : declaration;
    state.set(declaration, codeValue(codeOf(name, state)));
  }
}

export function perform(node: Node, state: State): void {
  const bare = unwrap(node);
  if (!Node.isBinaryExpression(bare)) {
    evaluateSafely(Node.isAwaitExpression(bare) ? bare.getExpression() : bare, state);
    return;
  }
  if (Node.isPropertyAccessExpression(bare.getLeft()) || Node.isElementAccessExpression(bare.getLeft())) {
    setMember(bare, state);
    return;
  }
  const target = declarationOf(unwrap(bare.getLeft()));
  const operator = bare.getOperatorToken().getKind();
  if (target === undefined || !Node.isIdentifier(unwrap(bare.getLeft()))) return;
  if (operator === SyntaxKind.EqualsToken) {
    assign(target, evaluateSafely(bare.getRight(), state), codeOf(bare.getRight(), state), state);
  } else if (operator === SyntaxKind.PlusEqualsToken) {
    const before = state.get(target);
    if (before?.kind === 'text' || before?.kind === 'choice')
      state.set(target, appended(before, bare.getRight(), state));
  }
}

/** `row.column = value` of an object that is known; a key that is not plain, or another operator, ends the knowledge. */
function setMember(node: BinaryExpression, state: State): void {
  const left = node.getLeft();
  if (!Node.isPropertyAccessExpression(left) && !Node.isElementAccessExpression(left)) return;
  const base = evaluateSafely(left.getExpression(), state);
  const cell = state.cellOf(base);
  if (base.kind !== 'reference' || cell?.kind !== 'object') return;
  if (!Node.isPropertyAccessExpression(left) || node.getOperatorToken().getKind() !== SyntaxKind.EqualsToken) {
    state.replace(base.cell, { kind: 'lost', reason: 'a key of the object that can not be told is changed' });
    return;
  }
  const entries = new Map(cell.entries).set(left.getName(), entryOf(node.getRight(), state));
  state.replace(base.cell, { kind: 'object', entries });
}

function appended(before: Value, added: Node, state: State): Value {
  try {
    const pieces = [...piecesOf(before), ...piecesOf(evaluateSafely(added, state))];
    spend(pieces.length);
    return { kind: 'text', pieces };
  } catch (error) {
    if (error instanceof Untold) return lost(error.message);
    throw error;
  }
}

/** A loop over a known list runs once for each item; over anything else, what it changes is not known any more. */
export function runForOf(node: Statement, state: State): void {
  if (!Node.isForOfStatement(node)) return;
  const cell = state.cellOf(evaluateSafely(node.getExpression(), state));
  const initializer = node.getInitializer();
  const declaration = Node.isVariableDeclarationList(initializer) ? initializer.getDeclarations()[0] : undefined;
  const known = cell?.kind === 'array' && cell.items.every((each) => each.kind === 'element') ? cell.items : undefined;
  if (known === undefined || declaration === undefined || known.length > 200) {
    forget(node, state, 'it is changed in a loop over a list that is not known');
    return;
  }
  for (const item of known as readonly (Item & { kind: 'element' })[]) {
    const body = blockOf(node.getStatement());
    const flow = inFrame('loop', () => withElement([declaration], item, state, () => runStatements(body, state)));
    if (flow.ended !== undefined && flow.ended !== 'continue') {
      forget(node, state, 'it is changed in a loop that may stop before its end');
      return;
    }
  }
}
