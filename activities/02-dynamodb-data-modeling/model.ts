import type { KeyAttribute } from '../../contract/types.ts';
import type { Feature } from '../../contract/capabilities.ts';
import type { CopyDesign } from './copies.ts';
import type { IndexDesign, Projection } from './index-design.ts';
import type { ItemSize } from './sizes.ts';
import type { EntityDesign } from './table-design.ts';

/** A candidate: where each source table's rows go, with which keys and indexes. */
export interface Model {
  readonly id: string;
  readonly title: string;
  readonly idea: string;
  readonly tables: readonly ModelTable[];
  readonly copies: readonly CopyDesign[];
  /** What it has beyond tables, indexes of everything, collections and guards; see `contract/capabilities.ts`. */
  readonly features: readonly Feature[];
}

/** One DynamoDB table of a candidate. */
export interface ModelTable {
  readonly name: string;
  readonly type: 'single-entity' | 'multi-entity';
  readonly pk: KeyAttribute;
  readonly sk: KeyAttribute | null;
  readonly indexes: readonly {
    readonly name: string;
    readonly pk: KeyAttribute;
    readonly sk: KeyAttribute | null;
    readonly projection: Projection;
  }[];
  readonly entities: readonly PlacedEntity[];
}

/** The items of one source table in their table. */
export interface PlacedEntity {
  readonly design: EntityDesign;
  readonly pkTemplate: string;
  readonly skTemplate: string | null;
  readonly indexes: readonly PlacedIndex[];
  readonly size: ItemSize;
}

export interface PlacedIndex {
  /** The index of the table that holds the entity's entries; several entities may share one. */
  readonly name: string;
  readonly design: IndexDesign;
  readonly pkTemplate: string;
  readonly skTemplate: string | null;
}

/** The table and placement of a source table. */
export function placementOf(model: Model, sourceTable: string): { table: ModelTable; entity: PlacedEntity } | null {
  for (const table of model.tables) {
    const entity = table.entities.find((candidate) => candidate.design.facts.name === sourceTable);
    if (entity) return { table, entity };
  }
  return null;
}

/** Items of a whole table and their mean size: what a scan of it passes. */
export function scanSize(table: ModelTable): { scanItems: number; scanItemBytes: number } {
  const rows = table.entities.map((entity) => entity.design.facts.statistics.rows);
  const scanItems = rows.reduce((sum, count) => sum + count, 0);
  const bytes = table.entities.reduce((sum, entity, at) => sum + entity.size.typical * (rows[at] ?? 0), 0);
  const fallback = Math.max(...table.entities.map((entity) => entity.size.typical));
  return { scanItems, scanItemBytes: scanItems > 0 ? bytes / scanItems : fallback };
}
