import type { ServerFacts, TableFacts } from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import type { CatalogueRows } from './catalogue.ts';
import { columnFacts } from './columns.ts';
import { assembleForeignKeys, assembleIndexes } from './keys.ts';
import { assemblePartitioning } from './partitions.ts';
import { compareNames, groupBy, inOrderOf, nullable, optional, text } from './row.ts';

export { compareNames } from './row.ts';

/** Tables without what only the data tells. */
export type TableStructure = Omit<TableFacts, 'statistics'> & {
  readonly sizes: { readonly dataBytes: number; readonly indexBytes: number; readonly autoIncrement: string | null };
};

/** Whether a row of TABLES is a table with rows of its own: MariaDB calls those with old versions by another name. */
export function isBaseTable(row: Row): boolean {
  return text(row, 'table_type') === 'BASE TABLE' || isVersioned(row);
}

function isVersioned(row: Row): boolean {
  return text(row, 'table_type') === 'SYSTEM VERSIONED';
}

/** Puts the catalogue's rows together, table by table; pure, and independent of the order the server gave. */
export function assembleTables(rows: CatalogueRows, server: ServerFacts, database: string): TableStructure[] {
  const columns = groupBy(rows.columns, 'table_name');
  const statistics = groupBy(rows.statistics, 'table_name');
  const keyColumns = groupBy(rows.keyColumns, 'table_name');
  const references = groupBy(rows.references, 'table_name');
  const checks = groupBy(checksWithTables(rows), 'table_name');
  const partitions = groupBy(rows.partitions, 'table_name');
  return rows.tables
    .filter(isBaseTable)
    .map((row): TableStructure => {
      const name = text(row, 'table_name');
      const indexes = assembleIndexes(statistics.get(name) ?? []);
      const partitioning = assemblePartitioning(partitions.get(name) ?? []);
      return {
        name,
        engine: text(row, 'engine'),
        collation: text(row, 'table_collation'),
        comment: text(row, 'table_comment'),
        ...optional('rowFormat', text(row, 'row_format')),
        ...optional('options', text(row, 'create_options')),
        ...(isVersioned(row) ? { systemVersioned: true } : {}),
        columns: inOrderOf(columns.get(name) ?? [], 'ordinal_position').map((column) => columnFacts(column, server)),
        primaryKey: (indexes.find((index) => index.name === 'PRIMARY')?.parts ?? []).map((part) => part.column ?? ''),
        indexes,
        foreignKeys: assembleForeignKeys(database, keyColumns.get(name) ?? [], references.get(name) ?? []),
        checks: (checks.get(name) ?? [])
          .map((check) => ({
            name: text(check, 'constraint_name'),
            clause: text(check, 'check_clause'),
            ...(text(check, 'enforced') === 'NO' ? { enforced: false } : {}),
          }))
          .sort((a, b) => compareNames(a.name, b.name)),
        partitions: (partitioning?.parts ?? []).map((part) => part.name),
        ...(partitioning === undefined ? {} : { partitioning }),
        sizes: {
          dataBytes: Number(row['data_length'] ?? 0),
          indexBytes: Number(row['index_length'] ?? 0),
          autoIncrement: nextNumber(row, columns.get(name) ?? []),
        },
      };
    })
    .sort((a, b) => compareNames(a.name, b.name));
}

/**
 * The next number of the table's AUTO_INCREMENT column. Where none was given yet MySQL says NULL when it looks, and 1 when it
 * remembers.
 */
function nextNumber(row: Row, columns: readonly Row[]): string | null {
  const counts = columns.some((column) => /auto_increment/i.test(text(column, 'extra')));
  return nullable(row, 'auto_increment') ?? (counts ? '1' : null);
}

/** MySQL's CHECK_CONSTRAINTS says neither the table nor whether it is enforced; TABLE_CONSTRAINTS does. */
function checksWithTables(rows: CatalogueRows): Row[] {
  const constraints = new Map(rows.constraints.map((row) => [text(row, 'constraint_name'), row]));
  return rows.checks.map((check) =>
    // MariaDB says the table itself; there the names of checks are unique within a table only.
    text(check, 'table_name') === '' ? { ...check, ...constraints.get(text(check, 'constraint_name')) } : check,
  );
}
