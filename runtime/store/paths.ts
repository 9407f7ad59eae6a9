import { readKeyTemplate } from './key-template.ts';
import type { EntityModel, StoreModel } from './model.ts';

/** One way to the items of an entity: its table, or one of the table's indexes. */
export interface Path {
  /** Null for the table itself. */
  readonly index: string | null;
  readonly pk: string;
  readonly sk: string | null;
  /** How many leading columns of the sort key are known too. */
  readonly sortColumns: number;
  /** The columns that find the items, those of the sort key included. */
  readonly columns: readonly string[];
  /** The known columns are the whole primary key: one item at most. */
  readonly single: boolean;
}

/** All ways to an entity's items by columns whose values are known, the most exact first; see {@link bestPath}. */
export function pathsBy(model: StoreModel, entity: EntityModel, known: ReadonlySet<string>): Path[] {
  const ways = [
    { index: null, pk: entity.pk, sk: entity.sk },
    ...Object.entries(entity.indexes)
      .filter(([name]) => model.tables[entity.table]?.indexes[name]?.projection === 'ALL')
      .map(([index, { pk, sk }]) => ({ index, pk, sk })),
  ];
  return ways
    .flatMap((way): Path[] => {
      const pkColumns = readKeyTemplate(way.pk).columns;
      if (!pkColumns.every((column) => known.has(column))) return [];
      const skColumns = way.sk === null ? [] : readKeyTemplate(way.sk).columns;
      const unknown = skColumns.findIndex((column) => !known.has(column));
      const sortColumns = unknown < 0 ? skColumns.length : unknown;
      const columns = [...pkColumns, ...skColumns.slice(0, sortColumns)];
      return [{ ...way, sortColumns, columns, single: way.index === null && unknown < 0 }];
    })
    .sort((a, b) => rank(b) - rank(a));
}

function rank(path: Path): number {
  return (path.single ? 1000 : 0) + path.columns.length * 2 + (path.index === null ? 1 : 0);
}

/** The most exact way by these columns; undefined when only a scan would find the items. */
export function bestPath(model: StoreModel, entity: EntityModel, known: ReadonlySet<string>): Path | undefined {
  return pathsBy(model, entity, known)[0];
}

/** Statements are few, and each asks for the same path again and again. */
const remembered = new WeakMap<EntityModel, Map<string, Path>>();

/** The path of a named index, or of the table (`null`), by these known columns. */
export function pathOf(model: StoreModel, entity: EntityModel, index: string | null, columns: readonly string[]): Path {
  const paths = remembered.get(entity) ?? new Map<string, Path>();
  remembered.set(entity, paths);
  const id = `${index ?? ''} ${columns.join(' ')}`;
  const path = paths.get(id) ?? pathsBy(model, entity, new Set(columns)).find((each) => each.index === index);
  if (path === undefined) {
    throw new RangeError(`${index ?? entity.table} can't find ${entity.sourceTable} by ${columns.join(', ')}.`);
  }
  paths.set(id, path);
  return path;
}
