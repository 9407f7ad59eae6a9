import type {
  Analysis,
  ColumnFacts,
  ForeignKeyFacts,
  IndexFacts,
  ServerFacts,
  TableFacts,
} from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import type { CatalogueRows } from './catalogue.ts';
import { columnFacts } from './columns.ts';

/** Tables without what only the data tells. */
export type TableStructure = Omit<TableFacts, 'statistics'> & {
  readonly sizes: { readonly dataBytes: number; readonly indexBytes: number; readonly autoIncrement: string | null };
};

export type SchemaObjects = Pick<Analysis, 'views' | 'triggers' | 'routines' | 'events'>;

/** Puts the catalogue's rows together, table by table; pure, and independent of the order the server gave. */
export function assembleTables(rows: CatalogueRows, server: ServerFacts): TableStructure[] {
  const columns = byTable(rows.columns);
  const statistics = byTable(rows.statistics);
  const keyColumns = byTable(rows.keyColumns);
  const references = byTable(rows.references);
  const checks = byTable(rows.checks);
  const partitions = byTable(rows.partitions);
  return rows.tables
    .filter((row) => text(row, 'table_type') === 'BASE TABLE')
    .map((row) => {
      const name = text(row, 'table_name');
      const own = statistics.get(name) ?? [];
      const indexes = assembleIndexes(own);
      return {
        name,
        engine: text(row, 'engine'),
        collation: text(row, 'table_collation'),
        comment: text(row, 'table_comment'),
        columns: (columns.get(name) ?? []).map((column): ColumnFacts => columnFacts(column, server)),
        primaryKey: (indexes.find((index) => index.name === 'PRIMARY')?.parts ?? []).map((part) => part.column ?? ''),
        indexes,
        foreignKeys: assembleForeignKeys(keyColumns.get(name) ?? [], references.get(name) ?? []),
        checks: (checks.get(name) ?? []).map((check) => ({
          name: text(check, 'constraint_name'),
          clause: text(check, 'check_clause'),
        })),
        partitions: [...new Set((partitions.get(name) ?? []).map((row) => text(row, 'partition_name')))].filter(
          Boolean,
        ),
        sizes: {
          dataBytes: Number(row['data_length'] ?? 0),
          indexBytes: Number(row['index_length'] ?? 0),
          autoIncrement:
            row['auto_increment'] === null || row['auto_increment'] === undefined ? null : text(row, 'auto_increment'),
        },
      };
    })
    .sort((a, b) => compareNames(a.name, b.name));
}

export function assembleObjects(rows: CatalogueRows): SchemaObjects {
  return {
    views: rows.views.map((row) => ({ name: text(row, 'table_name'), definition: text(row, 'view_definition') })),
    triggers: rows.triggers.map((row) => ({
      name: text(row, 'trigger_name'),
      table: text(row, 'event_object_table'),
      timing: text(row, 'action_timing'),
      event: text(row, 'event_manipulation'),
      statement: text(row, 'action_statement'),
    })),
    routines: rows.routines.map((row) => ({
      name: text(row, 'routine_name'),
      type: text(row, 'routine_type') === 'FUNCTION' ? 'FUNCTION' : 'PROCEDURE',
    })),
    events: rows.events.map((row) => ({ name: text(row, 'event_name'), status: text(row, 'status') })),
  };
}

/** By code unit, so that no locale of server or worker changes the order of an artifact. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function assembleIndexes(rows: readonly Row[]): IndexFacts[] {
  return [...groupBy(rows, 'index_name')]
    .map(([name, parts]) => ({
      name,
      unique: Number(parts[0]?.['non_unique']) === 0,
      type: text(parts[0], 'index_type'),
      parts: parts.map((part) => ({
        column: part['column_name'] === null ? null : text(part, 'column_name'),
        expression: part['expression'] === null || part['expression'] === undefined ? null : text(part, 'expression'),
        prefix: part['sub_part'] === null ? null : Number(part['sub_part']),
        descending: part['collation'] === 'D',
      })),
    }))
    .sort((a, b) => Number(b.name === 'PRIMARY') - Number(a.name === 'PRIMARY') || compareNames(a.name, b.name));
}

function assembleForeignKeys(keyColumns: readonly Row[], references: readonly Row[]): ForeignKeyFacts[] {
  const foreign = groupBy(
    keyColumns.filter((row) => row['referenced_table_name'] !== null),
    'constraint_name',
  );
  return [...foreign]
    .map(([name, parts]) => {
      const rules = references.find((row) => text(row, 'constraint_name') === name);
      return {
        name,
        columns: parts.map((part) => text(part, 'column_name')),
        referencedTable: text(parts[0], 'referenced_table_name'),
        referencedColumns: parts.map((part) => text(part, 'referenced_column_name')),
        onDelete: text(rules, 'delete_rule'),
        onUpdate: text(rules, 'update_rule'),
      };
    })
    .sort((a, b) => compareNames(a.name, b.name));
}

function byTable(rows: readonly Row[]): Map<string, Row[]> {
  return groupBy(rows, 'table_name');
}

function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = text(row, column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined ? '' : String(value);
}
