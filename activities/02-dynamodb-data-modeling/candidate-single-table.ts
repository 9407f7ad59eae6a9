import type { IndexDesign } from './index-design.ts';
import type { KeyDesign } from './keys.ts';
import type { Model, PlacedEntity } from './model.ts';
import { itemSize } from './sizes.ts';
import type { EntityDesign } from './table-design.ts';

/** Everything in one table: keys carry the kind of item, and the n-th index of each kind shares the n-th index. */
export function singleTableModel(
  entities: readonly EntityDesign[],
  indexes: ReadonlyMap<string, readonly IndexDesign[]>,
): Model | null {
  if (entities.length < 2) return null;
  const placed = entities.map((design): PlacedEntity => {
    const own = indexes.get(design.facts.name) ?? [];
    const kind = design.facts.name.replace(/[{}#]/g, '_');
    const keys = [design.pk, design.sk, ...own.flatMap((index) => [index.pk, index.sk])];
    return {
      design,
      pkTemplate: withKind(kind, design.pk),
      skTemplate: design.sk ? withKind(kind, design.sk) : kind,
      indexes: own.map((index, at) => ({
        name: slotName(at),
        design: index,
        pkTemplate: withKind(kind, index.pk),
        skTemplate: index.sk ? withKind(kind, index.sk) : kind,
      })),
      // Every key is composed here, so each is stored beside the columns under a name of its own.
      size: itemSize(
        design,
        keys.filter((key) => key !== null).map((key, at) => ({ ...key, attribute: `_key${at}` })),
        true,
      ),
    };
  });
  const slots = Math.max(0, ...placed.map((entity) => entity.indexes.length));
  return {
    id: 'single-table',
    title: 'Single table: all kinds of items in one table with shared indexes',
    idea: 'All items in one table; the kind of item leads every key, and indexes are shared by all kinds.',
    tables: [
      {
        name: 'single',
        type: 'multi-entity',
        pk: { name: '_pk', type: 'S' },
        sk: { name: '_sk', type: 'S' },
        indexes: Array.from({ length: slots }, (_, at) => ({
          name: slotName(at),
          pk: { name: `_${slotName(at)}_pk`, type: 'S' as const },
          sk: { name: `_${slotName(at)}_sk`, type: 'S' as const },
          projection: { kind: 'ALL' as const, columns: [] },
        })),
        entities: placed,
      },
    ],
    copies: [],
    features: [],
  };
}

function slotName(at: number): string {
  return `gsi${at + 1}`;
}

function withKind(kind: string, key: KeyDesign): string {
  return `${kind}#${key.template}`;
}
