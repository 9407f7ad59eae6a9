import { all, not, TRUE } from './conditions.ts';
import { literalOf } from './type-text.ts';
import { Untold } from './untold.ts';
import {
  literal,
  literalText,
  type Code,
  type Condition,
  type Item,
  type Piece,
  type PieceItem,
  type Value,
} from './values.ts';

/** A value put into a string. */
export function piecesOf(value: Value): readonly Piece[] {
  switch (value.kind) {
    case 'text':
      return value.pieces;
    case 'code':
      return holePieces(value.code);
    case 'choice':
      return [
        {
          kind: 'choice',
          alternatives: value.alternatives.map(({ when, value: each }) => ({ when, pieces: piecesOf(each) })),
        },
      ];
    case 'lost':
      throw new Untold(value.reason);
    default:
      throw new Untold(`a ${value.kind === 'function' ? 'function' : 'list or object'} is put into the SQL text`);
  }
}

/** Code in a string: its literal, or one alternative for each literal that its type allows, or a hole. */
function holePieces(code: Code): readonly Piece[] {
  if (code.kind === 'literal') return [literal(String(code.value))];
  if (code.kind !== 'source') return [{ kind: 'hole', code }];
  const type = code.node.getType();
  if (type.isStringLiteral() || type.isNumberLiteral()) return [literal(literalOf(type))];
  const members = type.isUnion() && !type.isBoolean() ? type.getUnionTypes() : [];
  if (members.length < 2 || !members.every((each) => each.isStringLiteral())) return [{ kind: 'hole', code }];
  const values = members.map((each) => literalOf(each));
  const alternatives = values.map((value, index) => ({
    when: index === values.length - 1 ? TRUE : ({ kind: 'equals', code, value } as const),
    pieces: [literal(value)],
  }));
  return [{ kind: 'choice', alternatives }];
}

/** `array.join(separator)`. */
export function joinItems(items: readonly Item[], separator: string): Piece[] {
  const [only] = items;
  if (items.length === 1 && only?.kind === 'each') return [repeated(only.items, only.over, separator)];
  const flat = flatten(items, []);
  // All there, always: one stretch of text.
  if (flat.every((each) => each.when === TRUE)) {
    return flat.flatMap((each, index) => (index === 0 ? each.pieces : [literal(separator), ...each.pieces]));
  }
  return [{ kind: 'joined', separator, items: flat }];
}

function repeated(items: readonly Item[], over: Code, separator: string): Piece {
  const [only] = items;
  const pieces = items.length === 1 && only?.kind === 'element' ? piecesOf(only.value) : undefined;
  const each = pieces && literalText(pieces);
  if (each === undefined) throw new Untold('a text that differs from element to element is repeated over a list');
  return { kind: 'repeated', over, text: each, separator };
}

function flatten(items: readonly Item[], guards: readonly Condition[]): PieceItem[] {
  return items.flatMap((item): PieceItem[] => {
    switch (item.kind) {
      case 'element':
        return [{ when: all(...guards), pieces: piecesOf(item.value) }];
      case 'when':
        return flatten(item.items, [...guards, item.when]);
      case 'spread':
        throw new Untold('a list whose items are not known is joined into the SQL text');
      case 'each':
        throw new Untold('a list of unknown length is joined with other items into the SQL text');
    }
  });
}

/** When an array has any item at all. */
export function nonEmpty(items: readonly Item[]): Condition | undefined {
  const conditions: Condition[] = [];
  for (const item of items) {
    if (item.kind === 'element') return TRUE;
    if (item.kind !== 'when') return undefined;
    const inner = nonEmpty(item.items);
    if (inner === undefined) return undefined;
    conditions.push(all(item.when, inner));
  }
  return conditions.length === 0
    ? { kind: 'constant', value: false }
    : conditions.length === 1
      ? conditions[0]
      : { kind: 'any', of: conditions };
}

/** Alternatives with what holds for each: the first whose condition holds, so all before it don't. */
export function exclusive<T extends { readonly when: Condition }>(
  alternatives: readonly T[],
): readonly (readonly [Condition[], T])[] {
  const before: Condition[] = [];
  return alternatives.map((alternative) => {
    const path = alternative.when.kind === 'constant' ? [...before] : [...before, alternative.when];
    before.push(not(alternative.when));
    return [path, alternative] as const;
  });
}
