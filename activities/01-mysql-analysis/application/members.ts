import { Node } from 'ts-morph';
import { TRUE } from './conditions.ts';
import { evaluate, evaluateSafely, opaque } from './evaluate.ts';
import type { State } from './state.ts';
import { literalOf } from './type-text.ts';
import { Untold } from './untold.ts';
import { codeValue, type Condition, type Value } from './values.ts';

/** `base.name` and `base[key]`, looked up where the base is known. */
export function member(node: Node, state: State): Value {
  if (!Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node)) return opaque(node, state);
  const base = state.cellOf(definedOf(evaluateSafely(node.getExpression(), state)));
  if (base?.kind === 'lost') throw new Untold(base.reason);
  if (Node.isPropertyAccessExpression(node)) {
    if (base?.kind === 'object') return base.entries.get(node.getName()) ?? opaque(node, state);
    return opaque(node, state);
  }
  const keyNode = node.getArgumentExpression();
  if (base === undefined || keyNode === undefined) return opaque(node, state);
  const key = evaluate(keyNode, state);
  if (base.kind === 'array') {
    const item = key.kind === 'code' && key.code.kind === 'literal' ? base.items[Number(key.code.value)] : undefined;
    return item?.kind === 'element' ? item.value : opaque(node, state);
  }
  return pick(base.entries, key, keyNode) ?? opaque(node, state);
}

/** `set.sql` of a builder that may give nothing: where its members are read, it gave something. */
function definedOf(value: Value): Value {
  if (value.kind !== 'choice') return value;
  const given = value.alternatives
    .map((each) => definedOf(each.value))
    .filter(
      (each) =>
        each.kind !== 'code' ||
        each.code.kind !== 'literal' ||
        (each.code.value !== null && each.code.value !== undefined),
    );
  const [only] = given;
  return given.length === 1 && only ? only : value;
}

/** `MAP[key]`: one alternative for each key; a last one for keys that the map hasn't, unless the type has no others. */
function pick(entries: ReadonlyMap<string, Value>, key: Value, keyNode: Node): Value | undefined {
  if (key.kind === 'text') {
    const [piece] = key.pieces;
    return piece?.kind === 'literal' && key.pieces.length === 1 ? entries.get(piece.text) : undefined;
  }
  if (key.kind !== 'code') return undefined;
  const type = keyNode.getType();
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  const closed = members.every((each) => each.isStringLiteral() && entries.has(literalOf(each)));
  const alternatives: { when: Condition; value: Value }[] = [...entries].map(([name, value]) => ({
    when: { kind: 'equals', code: key.code, value: name },
    value,
  }));
  const last = alternatives.at(-1);
  if (closed && last) alternatives[alternatives.length - 1] = { ...last, when: TRUE };
  else alternatives.push({ when: TRUE, value: codeValue({ kind: 'literal', value: undefined }) });
  return { kind: 'choice', alternatives };
}
