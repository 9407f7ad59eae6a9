import type { CandidateInput } from './candidates.ts';
import type { CopyDesign } from './copies.ts';
import { pathOf } from './index-choice.ts';
import { indexWriteUnits } from './index-entry.ts';
import type { Lookup } from './lookups.ts';
import { placementOf, scanSize, type Model } from './model.ts';
import { getUnits, writeUnits } from './pricing.ts';
import type { Rate } from './rates.ts';
import type { WriteEffect } from './write-effects.ts';

/** What keeping copies in step adds to a write. */
export interface CopyEffect {
  readonly copy: CopyDesign;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Items of the child that are written because the parent changed. */
  readonly cascaded: number;
}

/** Whether a copy makes the read of a lookup superfluous. */
export function isCopied(model: Model, lookup: Lookup): boolean {
  return model.copies.some(
    ({ parent, patterns }) => lookup.purpose === 'read' && lookup.table === parent && patterns.includes(lookup.pattern),
  );
}

/**
 * A change of a copied column rewrites all children, in a transaction, after they were found; a new child, or one that
 * gets another parent, reads the parent for the values to copy.
 */
export function copyEffects(effect: WriteEffect, rate: Rate, model: Model, input: CandidateInput): CopyEffect[] {
  return model.copies.flatMap((copy) => {
    if (effect.table === copy.parent && changes(effect, copy)) return [cascade(copy, effect, rate, model, input)];
    const attached =
      effect.table === copy.child &&
      (effect.kind === 'insert' ||
        (effect.kind === 'update' && copy.key.columns.some((column) => effect.assigned.includes(column))));
    if (!attached) return [];
    const parent = placementOf(model, copy.parent)?.entity;
    const readUnits = effect.rows * getUnits(parent?.size.typical ?? 1);
    return [{ copy, readUnits, writeUnits: 0, cascaded: 0 }];
  });
}

/** Whether a write changes what the copy holds. */
export function changes(effect: Pick<WriteEffect, 'kind' | 'assigned'>, { columns }: CopyDesign): boolean {
  return effect.kind === 'update' && columns.some((column) => effect.assigned.includes(column));
}

function cascade(copy: CopyDesign, effect: WriteEffect, rate: Rate, model: Model, input: CandidateInput): CopyEffect {
  const placement = placementOf(model, copy.child);
  if (!placement) return { copy, readUnits: 0, writeUnits: 0, cascaded: 0 };
  const { entity, table } = placement;
  const equality = [...copy.key.columns].sort();
  const rest = { inList: [], nulls: [], range: [], order: [], limited: false, columns: null };
  const find: Lookup = { pattern: '', purpose: 'rows to write', table: copy.child, equality, ...rest, times: 1, rate };
  const itemBytes = entity.size.typical;
  const designs = entity.indexes.map(({ design }) => design);
  const source = { entity: entity.design, estimate: input.estimate, sizes: { itemBytes, ...scanSize(table) } };
  const children = input.estimate.matches(copy.child, copy.key.columns);
  const load = { kind: 'update' as const, assigned: [], rowsPerSecond: 0, peakRowsPerSecond: 0 };
  const indexes = designs.reduce((sum, index) => sum + indexWriteUnits(entity.design, index, load, itemBytes), 0);
  return {
    copy,
    readUnits: effect.rows * pathOf(source, find, designs).units,
    writeUnits: effect.rows * children * (2 * writeUnits(itemBytes) + indexes),
    cascaded: effect.rows * children,
  };
}
