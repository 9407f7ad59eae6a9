import { Node, type Type } from 'ts-morph';
import type { SqlPart, SqlTemplate } from '../../../core/sql-template.ts';
import { bracketed } from './conditions.ts';
import type { Inputs } from './inputs.ts';
import { partsOf } from './parts.ts';
import { normalisedPath, PlaceholderReader, type Slot } from './placeholders.ts';
import { widthOfInsert } from './sql-context.ts';
import { Untold } from './untold.ts';
import type { Code, Condition, Item, Piece } from './values.ts';

interface Bound {
  readonly path: readonly Condition[];
  readonly item: Item & { kind: 'element' | 'spread' | 'each' };
}

/** Values of the call: a known list, one list of the program, or an object for named placeholders. */
export type Values =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | { readonly kind: 'named'; readonly entries: ReadonlyMap<string, Code> };

/** Puts SQL text and values together: each place gets the value that the driver will bind there. */
export function buildTemplate(
  pieces: readonly Piece[],
  values: Values,
  api: 'execute' | 'query',
  inputs: Inputs,
): SqlTemplate {
  const reader = new PlaceholderReader(values.kind === 'named');
  const shapes = reader.read(pieces);
  const filled = new Map<Slot, SqlPart>();
  const marks = reader.slots.filter((slot) => slot.kind !== 'inline');
  const bound = values.kind === 'items' ? flatten(values.items, []) : [];
  if (values.kind === 'named') bindNamed(marks, values.entries, inputs, filled);
  else if (!bindWhole(marks, bound, inputs, filled)) {
    bindInStep(marks, bound, api, inputs, filled);
  }
  for (const slot of reader.slots) {
    if (slot.kind !== 'inline' || slot.over === undefined) continue;
    const column = inputs.placeAfter(slot.before);
    const expression =
      slot.path.length === 0 ? inputs.whole(slot.over, column) : inputs.write(slot.over, slot.path, column);
    filled.set(slot, { kind: 'parameter', expression });
  }
  return { parts: partsOf(shapes, filled, inputs, []) };
}

function flatten(items: readonly Item[], path: readonly Condition[]): Bound[] {
  return items.flatMap((item): Bound[] =>
    item.kind === 'when' ? flatten(item.items, [...path, item.when]) : [{ path, item }],
  );
}

function bindNamed(
  slots: readonly Slot[],
  entries: ReadonlyMap<string, Code>,
  inputs: Inputs,
  filled: Map<Slot, SqlPart>,
): void {
  for (const slot of slots) {
    const code = slot.name === undefined ? undefined : entries.get(slot.name);
    if (code === undefined) throw new Untold(`no value is given for :${slot.name}`);
    const column = inputs.placeAfter(slot.before) ?? slot.name;
    const expression = slot.path.length === 0 ? inputs.whole(code, column) : inputs.write(code, slot.path, column);
    filled.set(slot, { kind: 'parameter', expression });
  }
}

/** One list of the program for a fixed number of places: its elements by position. */
function bindWhole(
  slots: readonly Slot[],
  bound: readonly Bound[],
  inputs: Inputs,
  filled: Map<Slot, SqlPart>,
): boolean {
  const [only] = bound;
  if (bound.length !== 1 || only?.item.kind !== 'spread' || only.path.length > 0) return false;
  if (!slots.every((slot) => slot.kind === 'mark' && slot.path.length === 0) || slots.length === 0) return false;
  const list = inputs.whole(only.item.code, undefined);
  slots.forEach((slot, index) => filled.set(slot, { kind: 'parameter', expression: `${bracketed(list)}[${index}]` }));
  return true;
}

function bindInStep(
  slots: readonly Slot[],
  bound: readonly Bound[],
  api: 'execute' | 'query',
  inputs: Inputs,
  filled: Map<Slot, SqlPart>,
): void {
  const key = (path: readonly Condition[]): string =>
    normalisedPath(path, (each) => inputs.verbatimCondition(each)).join(' && ');
  slots.forEach((slot, index) => {
    const value = bound[index];
    if (value === undefined)
      throw new Untold(`the SQL text has ${slots.length} places and there are ${bound.length} values`);
    if (key(slot.path) !== key(value.path)) {
      throw new Untold(`place ${index + 1} is there when (${key(slot.path)}), its value when (${key(value.path)})`);
    }
    filled.set(slot, bindOne(slot, value, api, inputs));
    // Seen so that the conditions around the values count as uses of their inputs.
    for (const condition of value.path) inputs.condition(condition, value.path);
  });
  if (bound.length > slots.length) throw new Untold(`there are ${bound.length} values for ${slots.length} places`);
}

function bindOne(slot: Slot, { item, path }: Bound, api: 'execute' | 'query', inputs: Inputs): SqlPart {
  const column = inputs.placeAfter(slot.before);
  const write = (code: Code): string =>
    path.length === 0 ? inputs.whole(code, column) : inputs.write(code, path, column);
  if (slot.kind === 'mark') {
    if (item.kind !== 'element') throw new Untold('a list of unknown length is bound to single places');
    const shape = api === 'query' ? listShape(item.code, slot.before) : 'value';
    const expression = write(item.code);
    if (shape === 'value') return { kind: 'parameter', expression };
    if (shape === 'list') return { kind: 'list', expression };
    const columns = widthOfInsert(slot.before);
    return { kind: 'rows', expression, ...(columns === undefined ? {} : { columns }) };
  }
  if (item.kind === 'element') throw new Untold('a single value is bound to a list of places');
  if (slot.kind === 'marks') {
    const list = item.kind === 'spread' ? item.code : (item.mapped ?? item.over);
    const counted = slot.over && inputs.verbatim(slot.over);
    // `ids.map(() => '?')` with `...ids`: as many places as values only when both are over the same list.
    if (counted !== inputs.verbatim(item.kind === 'spread' ? item.code : item.over)) {
      throw new Untold('the places are counted over one list and the values come from another');
    }
    return { kind: 'list', expression: write(list) };
  }
  return {
    kind: 'rows',
    expression: rowsSource(slot, item, write),
    ...(slot.width === undefined ? {} : { columns: slot.width }),
  };
}

/** `rows.flatMap((row) => [row.a, row.b])` gives the values of `(?, ?), (?, ?)`; as rows it is a `map`. */
function rowsSource(slot: Slot, item: Bound['item'], write: (code: Code) => string): string {
  const call = item.kind === 'spread' && item.code.kind === 'source' ? item.code.node : undefined;
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== 'flatMap' || item.kind === 'element') {
    throw new Untold('the values of several rows are not built row by row');
  }
  const over = slot.over?.kind === 'source' ? slot.over.node.getText() : undefined;
  if (over !== callee.getExpression().getText()) throw new Untold('rows and their values come from different lists');
  const flat = item.kind === 'spread' ? write(item.code) : '';
  const width = slot.width ?? 1;
  return `Array.from({ length: ${bracketed(flat)}.length / ${width} }, (_, row) => ${bracketed(flat)}.slice(row * ${width}, (row + 1) * ${width}))`;
}

/** Whether the driver will expand a value: a list to `a, b`, rows to `(a, b), (c, d)`. By type, else by the SQL. */
function listShape(code: Code, before: string): 'value' | 'list' | 'rows' {
  const type = code.kind === 'source' ? code.node.getType() : undefined;
  const isList = (each: Type | undefined): boolean =>
    each !== undefined && (each.isArray() || each.isReadonlyArray() || each.isTuple());
  if (type && isList(type)) {
    const element = type.isTuple() ? type.getTupleElements()[0] : type.getArrayElementType();
    return isList(element) ? 'rows' : 'list';
  }
  if (type && !type.isAny() && !type.isUnknown()) return 'value';
  if (/\bvalues\s*$/i.test(before)) return 'rows';
  return /\bin\s*\(\s*$/i.test(before) ? 'list' : 'value';
}
