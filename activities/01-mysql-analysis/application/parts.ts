import type { SqlPart } from '../../../core/sql-template.ts';
import { bracketed } from './conditions.ts';
import type { Inputs } from './inputs.ts';
import type { Shape, Slot } from './placeholders.ts';
import type { Condition } from './values.ts';

/** A template's parts, once each place has its value; `path` is what holds around them. */
export function partsOf(
  shapes: readonly Shape[],
  filled: ReadonlyMap<Slot, SqlPart>,
  inputs: Inputs,
  path: readonly Condition[],
): SqlPart[] {
  const parts: SqlPart[] = [];
  for (const shape of shapes) {
    if (shape.kind === 'text') {
      const last = parts.at(-1);
      if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + shape.text };
      else parts.push(shape);
    } else if (shape.kind === 'slot') parts.push(filled.get(shape.slot)!);
    else if (shape.kind === 'joined') {
      const items = shape.items.map((item): SqlPart => {
        const inner = partsOf(item.shapes, filled, inputs, [...path, item.when]);
        if (item.when.kind !== 'constant')
          return { kind: 'optional', condition: inputs.condition(item.when, path), parts: inner };
        const [only] = inner;
        return inner.length === 1 && only
          ? only
          : { kind: 'choice', alternatives: [{ condition: 'true', parts: inner }] };
      });
      parts.push({ kind: 'joined', separator: shape.separator, items });
    } else parts.push(...choiceParts(shape, filled, inputs, path));
  }
  return parts;
}

function choiceParts(
  shape: Shape & { kind: 'choice' },
  filled: ReadonlyMap<Slot, SqlPart>,
  inputs: Inputs,
  path: readonly Condition[],
): SqlPart[] {
  const written = shape.alternatives.map(({ when, shapes }) => ({
    when,
    parts: partsOf(shapes, filled, inputs, [...path, when]),
  }));
  const [first, second] = written;
  if (written.length === 2 && first && second) {
    if (first.parts.length === 0 && second.parts.length === 0) return [];
    if (second.parts.length === 0)
      return [{ kind: 'optional', condition: inputs.condition(first.when, path), parts: first.parts }];
    if (first.parts.length === 0) {
      const condition = `!${bracketed(inputs.condition(first.when, path))}`;
      return [{ kind: 'optional', condition, parts: second.parts }];
    }
  }
  // The last alternative is what is left when none of the others holds.
  const alternatives = written.map(({ when, parts }, index) => ({
    condition: index === written.length - 1 ? 'true' : inputs.condition(when, path),
    parts,
  }));
  return [{ kind: 'choice', alternatives }];
}
