import { SUPPORT_TABLE, indexOfTable, ownTable } from './candidates.ts';
import type { IndexDesign } from './index-design.ts';
import type { Model, ModelTable, PlacedEntity } from './model.ts';
import { tableNames } from './names.ts';
import { itemSize } from './sizes.ts';
import type { EntityDesign } from './table-design.ts';

/**
 * Item collections: children whose own primary key begins with the key of their parent (the lines of an order) are
 * stored in the parent's partition. A parent with all its children is then one Query. Null when no table qualifies.
 */
export function collectionModel(
  entities: readonly EntityDesign[],
  indexes: ReadonlyMap<string, readonly IndexDesign[]>,
): Model | null {
  const childrenOf = new Map<string, EntityDesign[]>();
  for (const child of entities) {
    const parent = parentOf(child, entities);
    if (parent) childrenOf.set(parent.facts.name, [...(childrenOf.get(parent.facts.name) ?? []), child]);
  }
  if (childrenOf.size === 0) return null;
  const placedElsewhere = new Set([...childrenOf.values()].flat().map((child) => child.facts.name));
  const names = tableNames(
    entities.map((entity) => entity.facts.name),
    new Set([SUPPORT_TABLE]),
  );
  const tables = entities
    .filter((entity) => !placedElsewhere.has(entity.facts.name))
    .map((entity) => {
      const children = childrenOf.get(entity.facts.name);
      if (!children) return ownTable(entity, indexes.get(entity.facts.name) ?? [], names);
      return collection(entity, children, indexes, names);
    });
  return {
    id: 'collections',
    title: 'Item collections: children in the partition of their parent',
    idea: 'As the first, but children whose key begins with their parent’s key are stored beside the parent, so that both are one Query.',
    tables,
    copies: [],
    features: [],
  };
}

/** The one table whose whole key is the first part of this table's key, by a declared foreign key. */
function parentOf(child: EntityDesign, entities: readonly EntityDesign[]): EntityDesign | undefined {
  if (!child.sk || child.pk.columns.length !== 1) return undefined;
  const [first] = child.primaryKey;
  const key = child.facts.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === first);
  const parent = entities.find(({ facts }) => facts.name === key?.referencedTable);
  const whole = parent?.primaryKey.length === 1 && parent.primaryKey[0] === key?.referencedColumns[0];
  return whole && !parent.sk && parent.pk.type === child.pk.type && parent.pk.columns.length === 1 ? parent : undefined;
}

function collection(
  parent: EntityDesign,
  children: readonly EntityDesign[],
  indexes: ReadonlyMap<string, readonly IndexDesign[]>,
  names: ReadonlyMap<string, string>,
): ModelTable {
  const entities = [parent, ...children].map((design): PlacedEntity => {
    const own = indexes.get(design.facts.name) ?? [];
    const kind = design.facts.name.replace(/[{}#]/g, '_');
    const sk = design === parent ? kind : `${kind}#${(design.sk?.columns ?? []).map(toPlaceholder(design)).join('#')}`;
    const keys = [design.pk, ...own.flatMap((index) => [index.pk, index.sk])].filter((key) => key !== null);
    const placed = own.map((index) => ({
      name: index.name,
      design: index,
      pkTemplate: index.pk.template,
      skTemplate: index.sk?.template ?? null,
    }));
    return {
      design,
      pkTemplate: design.pk.template,
      skTemplate: sk,
      indexes: placed,
      size: itemSize(design, keys, true),
    };
  });
  return {
    name: names.get(parent.facts.name) ?? parent.facts.name,
    type: 'multi-entity',
    pk: { name: '_pk', type: parent.pk.type },
    sk: { name: '_sk', type: 'S' },
    indexes: entities.flatMap((entity) => entity.indexes.map(({ design }) => indexOfTable(design))),
    entities,
  };
}

/** The placeholder of a column as the entity's own sort key writes it, `:fold` included. */
function toPlaceholder(design: EntityDesign): (column: string) => string {
  return (column) => (design.sk?.template.includes(`{${column}:fold}`) ? `{${column}:fold}` : `{${column}}`);
}
