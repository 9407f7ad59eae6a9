import { Node } from 'ts-morph';
import { forget } from './mutations.ts';
import { runStatements, tracing } from './run.ts';
import { State } from './state.ts';

/**
 * What is known when a call is reached: every statement before it, in each block around it, is run in order. The
 * branches that the call stands in are taken as given; loops around it make what they change unknown.
 */
export function stateAt(call: Node): State {
  const state = State.empty();
  tracing(call, () => runUpTo([...call.getAncestors().reverse(), call], state));
  return state;
}

/** Runs what stands before the last node of a path from outside to inside. */
export function runUpTo(path: readonly Node[], state: State): void {
  path.forEach((node, index) => {
    const inner = path[index + 1];
    if (inner === undefined) return;
    if (Node.isBlock(node) || Node.isCaseClause(node) || Node.isDefaultClause(node)) {
      const statements = node.getStatements();
      const here = statements.findIndex((each) => each === inner);
      runStatements(statements.slice(0, Math.max(here, 0)), state);
    } else if (Node.isIterationStatement(node)) forget(node, state, 'it is changed in the loop around the call');
    else if (Node.isTryStatement(node) && inner !== node.getTryBlock()) {
      forget(node.getTryBlock(), state, 'it is changed in a try block');
    }
  });
}
