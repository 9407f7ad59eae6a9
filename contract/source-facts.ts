import type { Analysis } from '../core/analysis.ts';
import { sourceType } from './attribute-type.ts';
import { directColumn } from './store-model.ts';
import type { MigrationContract, SourceType } from './types.ts';

/** What is known of one source table. */
export interface SourceTableFacts {
  /** Types by column; null where only the name is known. */
  readonly columns: ReadonlyMap<string, SourceType | null>;
  /** Column sets that name at most one row. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Bytes of its largest row, when the data was looked at. */
  readonly largestRow?: number;
  /** The most rows of this table that refer to one row of another, by that table. */
  readonly mostChildrenOf: ReadonlyMap<string, number>;
}

/**
 * The source as far as it is known: from the analysis, or, without one, from the contract itself, which accounts for
 * every column of it.
 */
export function sourceFacts(contract: MigrationContract, analysis?: Analysis): ReadonlyMap<string, SourceTableFacts> {
  return analysis ? analysed(analysis) : contracted(contract);
}

function analysed(analysis: Analysis): ReadonlyMap<string, SourceTableFacts> {
  return new Map(
    analysis.tables.map((table) => [
      table.name,
      {
        columns: new Map(table.columns.map((column) => [column.name, sourceType(column)])),
        uniqueKeys: [
          ...(table.primaryKey.length > 0 ? [table.primaryKey] : []),
          ...table.indexes
            .filter(({ unique, parts }) => unique && parts.every(({ column, prefix }) => column !== null && !prefix))
            .map(({ parts }) => parts.flatMap(({ column }) => column ?? [])),
        ],
        largestRow: table.statistics.rowBytes.max,
        mostChildrenOf: new Map(
          table.foreignKeys.flatMap(({ referencedTable, children }) =>
            children ? [[referencedTable, children.max] as const] : [],
          ),
        ),
      },
    ]),
  );
}

function contracted(contract: MigrationContract): ReadonlyMap<string, SourceTableFacts> {
  const columns = new Map<string, Map<string, SourceType | null>>();
  const uniqueKeys = new Map<string, (readonly string[])[]>();
  const of = (table: string): Map<string, SourceType | null> => {
    const known = columns.get(table) ?? new Map<string, SourceType | null>();
    columns.set(table, known);
    return known;
  };
  for (const entity of contract.tables.flatMap(({ entities }) => entities)) {
    for (const attribute of entity.attributes) {
      const direct = directColumn(attribute, entity.source_table);
      if (direct !== null) of(entity.source_table).set(direct, attribute.source_type);
    }
    uniqueKeys.set(entity.source_table, [entity.primary_key, ...entity.uniques.map((unique) => unique.columns)]);
  }
  for (const { source_table: table, source_column: column } of contract.dropped_columns) of(table).set(column, null);
  return new Map(
    [...columns].map(([table, known]) => [
      table,
      { columns: known, uniqueKeys: uniqueKeys.get(table) ?? [], mostChildrenOf: new Map() },
    ]),
  );
}
