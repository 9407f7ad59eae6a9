import { Node, type CallExpression, type Expression } from 'ts-morph';
import { calledFunction } from './declared.ts';
import type { SqlCall } from './helpers.ts';
import { bindParameter } from './inline.ts';
import type { State } from './state.ts';
import { contains, declarationOf, isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';
import { runUpTo } from './trace.ts';
import { Untold } from './untold.ts';

/** A call of a function that puts a statement together from what it is given and sends it. */
export interface AssembledCall {
  readonly caller: SqlCall;
  /** The driver call inside the function. */
  readonly inner: SqlCall;
  readonly target: FunctionNode;
}

/** The calls of the functions around a driver call, nearest function first: the first one that anybody calls. */
export function callersOf(inner: SqlCall, calls: readonly CallExpression[]): AssembledCall[] {
  for (const target of inner.node.getAncestors().filter(isFunctionNode)) {
    const callers = calls.filter((each) => calledFunction(each) === target && !contains(target, each));
    if (callers.length > 0) return callers.flatMap((each) => assembledAt(each, inner, target));
  }
  return [];
}

function assembledAt(node: CallExpression, inner: SqlCall, target: FunctionNode): AssembledCall[] {
  const args = node.getArguments() as Expression[];
  const given = args.filter((_, index) => isMentioned(target.getParameters()[index], [inner.sql, inner.values]));
  const [sql, values] = given;
  if (sql === undefined) return [];
  const callback = args.find((each) => isFunctionNode(unwrap(each)));
  const callee = unwrap(node.getExpression());
  const caller: SqlCall = {
    node,
    ...(Node.isPropertyAccessExpression(callee) ? { receiver: callee.getExpression() } : {}),
    handle: inner.handle,
    api: inner.api,
    sql,
    ...(values === undefined ? {} : { values }),
    ...(callback === undefined ? {} : { callback }),
    helper: { name: callee.getText().split('.').at(-1) ?? '', declaration: target },
    shape: 'unknown',
  };
  return [{ caller, inner, target }];
}

/** Whether code names a parameter, or a local name whose initializer does. */
function isMentioned(parameter: Node | undefined, code: readonly (Node | undefined)[]): boolean {
  if (parameter === undefined) return false;
  return code.some((node) =>
    [node, ...(node?.getDescendants() ?? [])].filter(Node.isIdentifier).some((name) => {
      const declaration = declarationOf(name);
      if (declaration === parameter) return true;
      const isLocal = Node.isVariableDeclaration(declaration) && contains(parameter.getParentOrThrow(), declaration);
      return isLocal && isMentioned(parameter, [declaration.getInitializer()]);
    }),
  );
}

/** Goes on from what is known at the caller into the function, up to its driver call. */
export function enter({ caller, inner, target }: AssembledCall, state: State): void {
  const before = state.copy();
  const parameters = target.getParameters();
  const args = caller.node.getArguments();
  if (parameters.some((each) => each.isRestParameter()) || args.some(Node.isSpreadElement)) {
    throw new Untold('the function that sends the statement takes a list of arguments');
  }
  parameters.forEach((parameter, index) => bindParameter(parameter, args[index], before, state));
  const path = [...inner.node.getAncestors().reverse(), inner.node];
  runUpTo(path.slice(path.indexOf(target)), state);
}
