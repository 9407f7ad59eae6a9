import type { CallExpression } from 'ts-morph';
import { Node } from 'ts-morph';
import { functionOf } from './calls.ts';
import { onlyReturned } from './declared.ts';
import { codeOf, evaluateSafely, itemsOf } from './evaluate.ts';
import { joinItems } from './pieces.ts';
import type { State } from './state.ts';
import type { FunctionNode } from './syntax.ts';
import { evaluateCondition } from './truth.ts';
import { Untold } from './untold.ts';
import type { Cell, Item } from './values.ts';
import { literalText, type Code, type Value } from './values.ts';

export function readMethod(
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
    const body = onlyReturned(callback);
    if (item.kind !== 'element' || body === undefined) {
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
    const body = onlyReturned(callback);
    if (item.kind !== 'element' || body === undefined) {
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
