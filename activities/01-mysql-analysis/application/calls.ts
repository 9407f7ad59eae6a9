import { Node, type CallExpression } from 'ts-morph';
import { codeOf, evaluateSafely, itemsOf, opaque } from './evaluate.ts';
import { inline, inlinable } from './inline.ts';
import { evaluateCondition } from './truth.ts';
import { joinItems, piecesOf } from './pieces.ts';
import type { State } from './state.ts';
import { isFunctionNode, unwrap, type FunctionNode } from './syntax.ts';
import { Untold } from './untold.ts';
import { literalText, text, type Cell, type Code, type Item, type Value } from './values.ts';

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
  return target ? inline(target, call, state) : opaque(call, state);
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

function readMethod(
  name: string,
  cell: Cell & { kind: 'array' },
  argument: Node | undefined,
  call: CallExpression,
  state: State,
): Value | undefined {
  const { items } = cell;
  switch (name) {
    case 'join': {
      const separator = argument === undefined ? ',' : literalOf(evaluateSafely(argument, state));
      if (separator === undefined) throw new Untold('the separator of join is not a constant');
      return { kind: 'text', pieces: joinItems(items, separator) };
    }
    case 'concat':
      return state.allocate({ kind: 'array', items: [...items, ...concatenated(call, state)] });
    case 'slice':
      return argument === undefined ? state.allocate({ kind: 'array', items }) : undefined;
    case 'map': {
      const callback = argument && functionOf(argument, state);
      return callback && state.allocate({ kind: 'array', items: mapItems(items, callback, state) });
    }
    case 'filter': {
      if (argument?.getText() === 'Boolean') return state.allocate({ kind: 'array', items: items.flatMap(dropEmpty) });
      const callback = argument && functionOf(argument, state);
      return callback && state.allocate({ kind: 'array', items: filterItems(items, callback, state) });
    }
    default:
      return undefined;
  }
}

function concatenated(call: CallExpression, state: State): Item[] {
  return call.getArguments().flatMap((argument): Item[] => {
    const cell = state.cellOf(evaluateSafely(argument, state));
    if (cell?.kind === 'array') return [...cell.items];
    if (argument.getType().isArray()) return [{ kind: 'spread', code: codeOf(argument, state) }];
    return itemsOf([argument], state);
  });
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
  const body = callback && Node.isArrowFunction(callback) ? callback.getBody() : undefined;
  if (body === undefined || Node.isBlock(body)) return undefined;
  const value = evaluateSafely(body, state);
  const item: Item = { kind: 'element', value, code: codeOf(body, state) };
  return state.allocate({ kind: 'array', items: [{ kind: 'each', over, items: [item], mapped: codeOf(call, state) }] });
}

export function functionOf(node: Node, state: State): FunctionNode | undefined {
  const value = evaluateSafely(node, state);
  return value.kind === 'function' && isFunctionNode(value.node) ? value.node : undefined;
}

/** Runs `body` with a callback's parameters standing for one known element. */
export function withElement<T>(
  parameters: readonly Node[],
  item: Item & { kind: 'element' },
  state: State,
  body: () => T,
): T {
  const before = state.environment;
  const [parameter] = parameters;
  if (Node.isParameterDeclaration(parameter) || Node.isVariableDeclaration(parameter)) {
    bindElement(parameter.getNameNode(), parameter, item, state);
  }
  try {
    return body();
  } finally {
    state.environment = before;
  }
}

function bindElement(name: Node, declaration: Node, item: Item & { kind: 'element' }, state: State): void {
  if (Node.isIdentifier(name)) {
    state.set(declaration, item.value);
    const known = item.value.kind === 'text' ? literalText(item.value.pieces) : undefined;
    state.bind(declaration, known === undefined ? item.code : { kind: 'literal', value: known });
    return;
  }
  const cell = state.cellOf(item.value);
  if (Node.isArrayBindingPattern(name) && cell?.kind === 'array') {
    name.getElements().forEach((element, index) => {
      const inner = cell.items[index];
      if (Node.isBindingElement(element) && inner?.kind === 'element')
        bindElement(element.getNameNode(), element, inner, state);
    });
  } else if (Node.isObjectBindingPattern(name) && cell?.kind === 'object') {
    for (const element of name.getElements()) {
      const value = cell.entries.get(element.getPropertyNameNode()?.getText() ?? element.getName());
      if (value === undefined) continue;
      const code: Code = value.kind === 'code' ? value.code : { kind: 'literal', value: literalOf(value) };
      bindElement(element.getNameNode(), element, { kind: 'element', value, code }, state);
    }
  } else throw new Untold('a loop takes elements apart that are not known');
}

function mapItems(items: readonly Item[], callback: FunctionNode, state: State): Item[] {
  return items.map((item): Item => {
    if (item.kind === 'when') return { ...item, items: mapItems(item.items, callback, state) };
    const body = Node.isArrowFunction(callback) ? callback.getBody() : undefined;
    if (item.kind !== 'element' || body === undefined || Node.isBlock(body)) {
      throw new Untold('a list is mapped in a way that can not be followed');
    }
    return withElement(callback.getParameters(), item, state, () => ({
      kind: 'element',
      value: evaluateSafely(body, state),
      code: codeOf(body, state),
    }));
  });
}

function filterItems(items: readonly Item[], callback: FunctionNode, state: State): Item[] {
  return items.map((item): Item => {
    const body = Node.isArrowFunction(callback) ? callback.getBody() : undefined;
    if (item.kind !== 'element' || body === undefined || Node.isBlock(body)) {
      throw new Untold('a list is filtered in a way that can not be followed');
    }
    const when = withElement(callback.getParameters(), item, state, () => evaluateCondition(body, state));
    return { kind: 'when', when, items: [item] };
  });
}

/** `filter(Boolean)` on SQL fragments: empty alternatives go. */
function dropEmpty(item: Item): Item[] {
  if (item.kind === 'when') return [{ ...item, items: item.items.flatMap(dropEmpty) }];
  if (item.kind !== 'element') return [item];
  if (item.value.kind === 'choice') {
    const [first, second] = item.value.alternatives;
    const isEmpty = (value: Value | undefined): boolean =>
      value !== undefined &&
      ((value.kind === 'text' && value.pieces.length === 0) ||
        (value.kind === 'code' && value.code.kind === 'literal' && !value.code.value));
    if (item.value.alternatives.length === 2 && first && isEmpty(second?.value)) {
      return [{ kind: 'when', when: first.when, items: [{ ...item, value: first.value }] }];
    }
  }
  return item.value.kind === 'text' && item.value.pieces.length === 0 ? [] : [item];
}

function literalOf(value: Value): string | undefined {
  return value.kind === 'text' ? literalText(value.pieces) : undefined;
}
