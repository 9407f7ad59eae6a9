import { Node, SyntaxKind, type Statement } from 'ts-morph';
import { withElement } from './calls.ts';
import { codeOf, evaluateSafely } from './evaluate.ts';
import { evaluateCondition } from './truth.ts';
import { not } from './conditions.ts';
import { forget } from './mutations.ts';
import { piecesOf } from './pieces.ts';
import type { State } from './state.ts';
import { contains, declarationOf, unwrap } from './syntax.ts';
import { Untold } from './untold.ts';
import { codeValue, lost, type Code, type Condition, type Item, type Value } from './values.ts';

/** How a run of statements ended: `value` when a `return` gave one. */
export interface Flow {
  readonly ended: boolean;
  readonly value?: Value;
}

const ON: Flow = { ended: false };
const GONE: Flow = { ended: true };

/** The call that is being traced: names declared around it keep their meaning there. */
const traced: { call: Node | undefined } = { call: undefined };

export function tracing<T>(call: Node, body: () => T): T {
  const before = traced.call;
  traced.call = call;
  try {
    return body();
  } finally {
    traced.call = before;
  }
}

/** Whether a declaration can be named at a place. */
export function isVisible(declaration: Node, place: Node | undefined = traced.call): boolean {
  const scope = declaration.getFirstAncestor(
    (each) =>
      Node.isBlock(each) ||
      Node.isSourceFile(each) ||
      Node.isForOfStatement(each) ||
      Node.isForStatement(each) ||
      Node.isForInStatement(each) ||
      Node.isFunctionLikeDeclaration(each) ||
      Node.isArrowFunction(each) ||
      Node.isFunctionExpression(each) ||
      Node.isCaseClause(each) ||
      Node.isCaseBlock(each) ||
      Node.isCatchClause(each),
  );
  return place !== undefined && scope !== undefined && contains(scope, place);
}

export function runStatements(statements: readonly Statement[], state: State): Flow {
  for (const [index, statement] of statements.entries()) {
    if (Node.isIfStatement(statement)) {
      const flow = runIf(statement, statements.slice(index + 1), state);
      if (flow !== undefined) return flow;
      continue;
    }
    const flow = run(statement, state);
    if (flow.ended) return flow;
  }
  return ON;
}

/** Runs an `if`; gives a flow when what follows was run too, because a branch ended with a value. */
function runIf(node: Statement, rest: readonly Statement[], state: State): Flow | undefined {
  if (!Node.isIfStatement(node)) return undefined;
  const when = evaluateCondition(node.getExpression(), state);
  const otherwise = node.getElseStatement();
  if (when.kind === 'constant') {
    const taken = when.value ? node.getThenStatement() : otherwise;
    const flow = taken ? run(taken, state) : ON;
    return flow.ended ? flow : undefined;
  }
  const [yes, no] = [state.copy(), state.copy()];
  const then = run(node.getThenStatement(), yes);
  const or = otherwise ? run(otherwise, no) : ON;
  if (!then.ended && !or.ended) {
    state.merge(when, yes, no);
    return undefined;
  }
  if (then.ended && or.ended) {
    return { ended: true, ...eitherValue(when, then.value, or.value) };
  }
  state.become(then.ended ? no : yes);
  const value = then.ended ? then.value : or.value;
  if (value === undefined) return undefined;
  const after = runStatements(rest, state);
  const outcome = after.value ?? codeValue({ kind: 'literal', value: undefined });
  return { ended: true, ...eitherValue(then.ended ? when : not(when), value, outcome) };
}

function eitherValue(when: Condition, yes: Value | undefined, no: Value | undefined): { value?: Value } {
  if (yes === undefined || no === undefined) return yes || no ? { value: (yes ?? no)! } : {};
  return {
    value: {
      kind: 'choice',
      alternatives: [
        { when, value: yes },
        { when: not(when), value: no },
      ],
    },
  };
}

export function run(statement: Statement, state: State): Flow {
  if (Node.isBlock(statement)) return runStatements(statement.getStatements(), state);
  if (Node.isIfStatement(statement)) return runIf(statement, [], state) ?? ON;
  if (Node.isReturnStatement(statement)) {
    const value = statement.getExpression();
    return value ? { ended: true, value: evaluateSafely(value, state) } : GONE;
  }
  if (Node.isThrowStatement(statement) || Node.isBreakStatement(statement) || Node.isContinueStatement(statement)) {
    return GONE;
  }
  if (Node.isVariableStatement(statement)) {
    for (const declaration of statement.getDeclarations()) {
      declare(declaration.getNameNode(), declaration, declaration.getInitializer(), state);
    }
  } else if (Node.isExpressionStatement(statement)) perform(statement.getExpression(), state);
  else if (Node.isForOfStatement(statement)) runForOf(statement, state);
  else if (Node.isTryStatement(statement)) return run(statement.getTryBlock(), state);
  else if (Node.isSwitchStatement(statement)) forget(statement, state, 'it is changed in a switch');
  else if (Node.isIterationStatement(statement)) forget(statement, state, 'it is changed in a loop');
  return ON;
}

function declare(name: Node, declaration: Node, initializer: Node | undefined, state: State): void {
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

function perform(node: Node, state: State): void {
  const bare = unwrap(node);
  if (!Node.isBinaryExpression(bare)) {
    evaluateSafely(Node.isAwaitExpression(bare) ? bare.getExpression() : bare, state);
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

function appended(before: Value, added: Node, state: State): Value {
  try {
    return { kind: 'text', pieces: [...piecesOf(before), ...piecesOf(evaluateSafely(added, state))] };
  } catch (error) {
    if (error instanceof Untold) return lost(error.message);
    throw error;
  }
}

/** A loop over a known list runs once for each item; over anything else, what it changes is not known any more. */
function runForOf(node: Statement, state: State): void {
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
    withElement([declaration], item, state, () => run(node.getStatement(), state));
  }
}
