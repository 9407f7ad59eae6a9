import { Node, type CallExpression, type ParameterDeclaration } from 'ts-morph';
import { codeOf, evaluate, evaluateSafely, opaque } from './evaluate.ts';
import { inFrame, isVisible, runStatements } from './run.ts';
import type { State } from './state.ts';
import { declarationOf, isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';
import { Untold } from './untold.ts';
import { codeValue, type Value } from './values.ts';

const MAX_DEPTH = 6;
const MAX_SOURCE = 6000;
const running: FunctionNode[] = [];

/** The application's own function that a call runs, if its body can be followed. */
export function inlinable(call: CallExpression, state: State): FunctionNode | undefined {
  const callee = unwrap(call.getExpression());
  let target: Node | undefined;
  const value =
    Node.isIdentifier(callee) || Node.isPropertyAccessExpression(callee) ? localFunction(callee, state) : undefined;
  target = value;
  if (target === undefined) {
    const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
    const declaration = Node.isIdentifier(name) ? declarationOf(name) : undefined;
    if (declaration && isFunctionNode(declaration)) target = declaration;
    else if (Node.isVariableDeclaration(declaration)) {
      const initializer = declaration.getInitializer();
      target = initializer && unwrap(initializer);
    }
  }
  if (!isFunctionNode(target) || running.includes(target) || running.length >= MAX_DEPTH) return undefined;
  const isPlain = !Node.isAsyncable(target) || !target.isAsync();
  const isOurs = !target.getSourceFile().isInNodeModules() && !target.getSourceFile().isDeclarationFile();
  return isPlain && isOurs && target.getText().length <= MAX_SOURCE ? target : undefined;
}

function localFunction(callee: Node, state: State): Node | undefined {
  const value = Node.isIdentifier(callee) ? evaluateSafely(callee, state) : undefined;
  return value?.kind === 'function' ? value.node : undefined;
}

/** Runs a function's body on the caller's state; what it changes stays changed. Gives code where it can't tell. */
export function inline(target: FunctionNode, call: CallExpression, state: State): Value {
  const before = state.environment;
  const caller = state.copy();
  running.push(target);
  try {
    const parameters = target.getParameters();
    if (parameters.some((each) => each.isRestParameter()) || call.getArguments().some(Node.isSpreadElement)) {
      return opaque(call, caller);
    }
    parameters.forEach((parameter, index) => bindParameter(parameter, call.getArguments()[index], caller, state));
    const body = Node.isBodyable(target) || Node.isBodied(target) ? target.getBody() : undefined;
    if (body === undefined) return opaque(call, caller);
    if (!Node.isBlock(body)) return plainOr(call, caller, evaluate(body, state));
    const flow = inFrame('call', () => runStatements(body.getStatements(), state));
    return flow.value === undefined
      ? codeValue({ kind: 'literal', value: undefined })
      : plainOr(call, caller, flow.value);
  } finally {
    running.pop();
    state.environment = before;
  }
}

/** Values that are only code are clearer as the call itself. */
function plainOr(call: CallExpression, caller: State, value: Value): Value {
  return value.kind === 'code' && value.code.kind !== 'literal' ? opaque(call, caller) : value;
}

/** Gives a parameter what a caller's argument means at the caller. */
export function bindParameter(
  parameter: ParameterDeclaration,
  argument: Node | undefined,
  caller: State,
  state: State,
): void {
  const name = parameter.getNameNode();
  const source = argument ?? parameter.getInitializer();
  if (source === undefined) {
    state.set(parameter, codeValue({ kind: 'literal', value: undefined }));
    state.bind(parameter, { kind: 'literal', value: undefined });
    return;
  }
  const value = evaluateSafely(source, caller);
  for (const number of caller.newCells(state)) state.replace(number, caller.cell(number));
  if (Node.isIdentifier(name)) {
    state.set(parameter, value);
    state.bind(parameter, codeOf(source, caller));
    return;
  }
  if (!Node.isObjectBindingPattern(name)) throw new Untold('a helper takes its argument apart as a list');
  const cell = state.cellOf(value);
  for (const element of name.getElements()) {
    if (element.getDotDotDotToken() || isVisible(element, source))
      throw new Untold('a helper takes the rest of an object');
    const key = element.getPropertyNameNode()?.getText() ?? element.getName();
    const known = cell?.kind === 'object' ? cell.entries.get(key) : undefined;
    const code = { kind: 'composed', parts: ['(', codeOf(source, caller), `).${key}`] } as const;
    state.set(element, known ?? codeValue(code));
    state.bind(element, known?.kind === 'code' ? known.code : code);
  }
}
