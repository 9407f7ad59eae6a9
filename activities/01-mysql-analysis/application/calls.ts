import { Node, type CallExpression } from 'ts-morph';
import { readMethod } from './arrays.ts';
import { onlyReturned } from './declared.ts';
import { codeOf, evaluateSafely, itemsOf, opaque } from './evaluate.ts';
import { inlinable, inline } from './inline.ts';
import { forget } from './mutations.ts';
import { piecesOf } from './pieces.ts';
import type { State } from './state.ts';
import { declarationOf, isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';
import { Untold } from './untold.ts';
import { literalText, text, type Code, type Item, type Value } from './values.ts';

/** The value of a call: of the built-in methods that builders use, or of the application's own functions. */
export function evaluateCall(call: CallExpression, state: State): Value {
  const callee = unwrap(call.getExpression());
  if (Node.isPropertyAccessExpression(callee)) {
    const result =
      globalCall(callee.getText(), call, state) ?? methodCall(callee.getName(), callee.getExpression(), call, state);
    if (result) return result;
  } else if (Node.isIdentifier(callee) && callee.getText() === 'String') {
    const [argument] = call.getArguments();
    const value = argument && evaluateSafely(argument, state);
    if (value?.kind === 'text') return value;
  }
  const target = inlinable(call, state);
  if (target) return inline(target, call, state);
  forgetGiven(call, state);
  return opaque(call, state);
}

/** A function that is not followed may change the objects that it is given: `Object.assign(row, more)`. */
function forgetGiven(call: CallExpression, state: State): void {
  if (/^console\./.test(call.getExpression().getText())) return;
  for (const argument of call.getArguments()) {
    const bare = unwrap(argument);
    if (isFunctionNode(bare)) forget(bare, state, 'it is changed in a callback');
    const declaration = Node.isIdentifier(bare) ? declarationOf(bare) : undefined;
    const value = declaration && state.get(declaration);
    if (value?.kind !== 'reference' || state.cell(value.cell).kind !== 'object') continue;
    const reason = `${bare.getText()} is given to ${call.getExpression().getText()}, which may change it`;
    state.replace(value.cell, { kind: 'lost', reason });
  }
}

function globalCall(name: string, call: CallExpression, state: State): Value | undefined {
  const [first, second] = call.getArguments();
  if (first === undefined) return undefined;
  if (name === 'Array.from' && Node.isObjectLiteralExpression(first) && second) {
    // `Array.from({ length: n }, () => '?')`
    const length = first.getProperty('length');
    const value = Node.isPropertyAssignment(length) ? length.getInitializer() : undefined;
    const over =
      value && Node.isPropertyAccessExpression(value) && value.getName() === 'length'
        ? value.getExpression()
        : undefined;
    return over && eachOf(codeOf(over, state), second, call, state);
  }
  if (!['Object.keys', 'Object.values', 'Object.entries'].includes(name)) return undefined;
  const cell = state.cellOf(evaluateSafely(first, state));
  if (cell?.kind !== 'object') return undefined;
  const items = [...cell.entries].map(([key, value]): Item => {
    const code: Code = { kind: 'literal', value: key };
    if (name === 'Object.keys') return { kind: 'element', value: text(key), code };
    if (name === 'Object.values') return { kind: 'element', value, code };
    const pair: Item[] = [
      { kind: 'element', value: text(key), code },
      { kind: 'element', value, code: value.kind === 'code' ? value.code : code },
    ];
    return { kind: 'element', value: state.allocate({ kind: 'array', items: pair }), code };
  });
  return state.allocate({ kind: 'array', items });
}

function methodCall(name: string, base: Node, call: CallExpression, state: State): Value | undefined {
  const receiver = evaluateSafely(base, state);
  const [argument] = call.getArguments();
  if (receiver.kind === 'text') return textMethod(name, receiver, call, state);
  if (receiver.kind === 'lost') throw new Untold(receiver.reason);
  if (name === 'map' && receiver.kind === 'code' && argument) return eachOf(receiver.code, argument, call, state);
  if (name === 'fill' && receiver.kind === 'code') return filled(base, argument, state);
  const cell = state.cellOf(receiver);
  if (receiver.kind !== 'reference' || cell === undefined) return undefined;
  if (cell.kind === 'lost') throw new Untold(cell.reason);
  if (cell.kind === 'object') return undefined;
  if (name === 'push' || name === 'unshift') {
    const added = itemsOf(call.getArguments(), state);
    const items = name === 'push' ? [...cell.items, ...added] : [...added, ...cell.items];
    state.replace(receiver.cell, { kind: 'array', items });
    return opaque(call, state);
  }
  return readMethod(name, cell, argument, call, state);
}

function textMethod(
  name: string,
  receiver: Value & { kind: 'text' },
  call: CallExpression,
  state: State,
): Value | undefined {
  const known = literalText(receiver.pieces);
  if (name === 'toString') return receiver;
  if (name === 'trim' && known !== undefined) return text(known.trim());
  if (name === 'toUpperCase' && known !== undefined) return text(known.toUpperCase());
  if (name === 'toLowerCase' && known !== undefined) return text(known.toLowerCase());
  if (name === 'concat') {
    const added = call.getArguments().flatMap((each) => piecesOf(evaluateSafely(each, state)));
    return { kind: 'text', pieces: [...receiver.pieces, ...added] };
  }
  if (['trim', 'replace', 'slice', 'substring'].includes(name)) {
    throw new Untold(`the SQL text is changed by ${name}()`);
  }
  return undefined;
}

/** `new Array(ids.length).fill('?')` */
function filled(base: Node, argument: Node | undefined, state: State): Value | undefined {
  const made = unwrap(base);
  if (!Node.isCallExpression(made) && !Node.isNewExpression(made)) return undefined;
  const [count] = made.getArguments();
  if (made.getExpression().getText() !== 'Array' || count === undefined || argument === undefined) return undefined;
  if (!Node.isPropertyAccessExpression(count) || count.getName() !== 'length') return undefined;
  const element: Item = { kind: 'element', value: evaluateSafely(argument, state), code: codeOf(argument, state) };
  return state.allocate({
    kind: 'array',
    items: [{ kind: 'each', over: codeOf(count.getExpression(), state), items: [element] }],
  });
}

/** `list.map(callback)` over a list of the program: the callback's answer once for each element. */
function eachOf(over: Code, argument: Node, call: CallExpression, state: State): Value | undefined {
  const callback = functionOf(argument, state);
  const body = onlyReturned(callback);
  if (body === undefined) return undefined;
  const value = evaluateSafely(body, state);
  const item: Item = { kind: 'element', value, code: codeOf(body, state) };
  return state.allocate({ kind: 'array', items: [{ kind: 'each', over, items: [item], mapped: codeOf(call, state) }] });
}

export function functionOf(node: Node, state: State): FunctionNode | undefined {
  const value = evaluateSafely(node, state);
  return value.kind === 'function' && isFunctionNode(value.node) ? value.node : undefined;
}
