import { Node, type IfStatement, type Statement } from 'ts-morph';
import { declare, perform, runForOf } from './assign.ts';
import { spend } from './budget.ts';
import { not } from './conditions.ts';
import { evaluateSafely } from './evaluate.ts';
import { forget } from './mutations.ts';
import type { State } from './state.ts';
import { contains } from './syntax.ts';
import { evaluateCondition } from './truth.ts';
import { Untold } from './untold.ts';
import { codeValue, type Condition, type Value } from './values.ts';

/** How a run of statements ended, if it did; `value` is what a `return` gave. */
export interface Flow {
  readonly ended?: 'return' | 'throw' | 'continue' | 'break';
  readonly value?: Value;
  /** What followed has been run as well. */
  readonly done?: boolean;
}

const ON: Flow = {};

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

/** What encloses the code that runs: the function of the call itself, a helper that is followed, an unrolled loop. */
const frames: ('call' | 'loop')[] = [];

export function inFrame<T>(kind: 'call' | 'loop', body: () => T): T {
  frames.push(kind);
  try {
    return body();
  } finally {
    frames.pop();
  }
}

export function runStatements(statements: readonly Statement[], state: State): Flow {
  for (const [index, statement] of statements.entries()) {
    spend();
    const rest = statements.slice(index + 1);
    if (Node.isBlock(statement)) return runStatements([...statement.getStatements(), ...rest], state);
    if (Node.isTryStatement(statement)) return runStatements([statement.getTryBlock(), ...rest], state);
    const flow = Node.isIfStatement(statement) ? runIf(statement, rest, state) : run(statement, state);
    if (flow.ended !== undefined || flow.done === true) return flow;
  }
  return ON;
}

/**
 * Runs an `if`. When a branch may end its function or loop, what follows belongs to the branches: it is run in each of
 * them, and the flow says that nothing is left to run.
 */
function runIf(node: IfStatement, rest: readonly Statement[], state: State): Flow {
  const when = evaluateCondition(node.getExpression(), state);
  const [then, otherwise] = [blockOf(node.getThenStatement()), blockOf(node.getElseStatement())];
  if (when.kind === 'constant') return runStatements(when.value ? then : otherwise, state);
  const [yes, no] = [state.copy(), state.copy()];
  if (!node.getDescendants().some(isEnding)) {
    runStatements(then, yes);
    runStatements(otherwise, no);
    state.merge(when, yes, no);
    return ON;
  }
  const flowYes = runStatements([...then, ...rest], yes);
  const flowNo = runStatements([...otherwise, ...rest], no);
  if (leaves(flowYes)) {
    state.become(no);
    return { ...flowNo, done: true };
  }
  if (leaves(flowNo)) {
    state.become(yes);
    return { ...flowYes, done: true };
  }
  state.merge(when, yes, no);
  const ended = flowYes.ended ?? flowNo.ended;
  return { done: true, ...(ended ? { ended } : {}), ...eitherValue(when, flowYes.value, flowNo.value) };
}

export function blockOf(statement: Statement | undefined): readonly Statement[] {
  if (statement === undefined) return [];
  return Node.isBlock(statement) ? statement.getStatements() : [statement];
}

function isEnding(node: Node): boolean {
  return (
    Node.isReturnStatement(node) ||
    Node.isThrowStatement(node) ||
    Node.isContinueStatement(node) ||
    Node.isBreakStatement(node)
  );
}

/** Whether a flow can't be the one that reaches the call: it threw, or left the call's own function or loop. */
function leaves({ ended }: Flow): boolean {
  if (ended === undefined) return false;
  const frame = frames.at(-1);
  if (ended === 'throw' || frame === undefined) return true;
  if (frame === 'call') return false;
  if (ended === 'continue') return false;
  if (ended === 'return' && !frames.includes('call')) return true;
  throw new Untold('a loop over known items may stop before its end');
}

function eitherValue(when: Condition, yes: Value | undefined, no: Value | undefined): { value?: Value } {
  if (yes === undefined && no === undefined) return {};
  const nothing = codeValue({ kind: 'literal', value: undefined });
  return {
    value: {
      kind: 'choice',
      alternatives: [
        { when, value: yes ?? nothing },
        { when: not(when), value: no ?? nothing },
      ],
    },
  };
}

function run(statement: Statement, state: State): Flow {
  if (Node.isReturnStatement(statement)) {
    const value = statement.getExpression();
    return { ended: 'return', ...(value ? { value: evaluateSafely(value, state) } : {}) };
  }
  if (Node.isThrowStatement(statement)) return { ended: 'throw' };
  if (Node.isContinueStatement(statement)) return { ended: 'continue' };
  if (Node.isBreakStatement(statement)) return { ended: 'break' };
  if (Node.isVariableStatement(statement)) {
    for (const declaration of statement.getDeclarations()) {
      declare(declaration.getNameNode(), declaration, declaration.getInitializer(), state);
    }
  } else if (Node.isExpressionStatement(statement)) perform(statement.getExpression(), state);
  else if (Node.isForOfStatement(statement)) runForOf(statement, state);
  else if (Node.isSwitchStatement(statement)) forget(statement, state, 'it is changed in a switch');
  else if (Node.isIterationStatement(statement)) forget(statement, state, 'it is changed in a loop');
  return ON;
}
