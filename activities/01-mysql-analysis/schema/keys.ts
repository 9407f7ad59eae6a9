import type { ForeignKeyFacts, IndexFacts } from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import { compareNames, groupBy, inOrderOf, optional, text } from './row.ts';

/** Rows of STATISTICS of one table as its indexes, the primary key first. */
export function assembleIndexes(rows: readonly Row[]): IndexFacts[] {
  return [...groupBy(rows, 'index_name')]
    .map(([name, parts]): IndexFacts => {
      const [first] = parts;
      const unused = text(first, 'is_visible') === 'NO' || text(first, 'ignored') === 'YES';
      return {
        name,
        unique: Number(first?.['non_unique']) === 0,
        type: text(first, 'index_type'),
        parts: inOrderOf(parts, 'seq_in_index').map((part) => ({
          column: part['column_name'] === null ? null : text(part, 'column_name'),
          expression: part['expression'] === null || part['expression'] === undefined ? null : text(part, 'expression'),
          prefix: part['sub_part'] === null ? null : Number(part['sub_part']),
          descending: part['collation'] === 'D',
        })),
        ...(unused ? { invisible: true } : {}),
        ...optional('comment', text(first, 'index_comment')),
      };
    })
    .sort((a, b) => Number(b.name === 'PRIMARY') - Number(a.name === 'PRIMARY') || compareNames(a.name, b.name));
}

/** Rows of KEY_COLUMN_USAGE and REFERENTIAL_CONSTRAINTS of one table as its foreign keys. */
export function assembleForeignKeys(
  database: string,
  keyColumns: readonly Row[],
  references: readonly Row[],
): ForeignKeyFacts[] {
  const rules = new Map(references.map((row) => [text(row, 'constraint_name'), row]));
  return [...groupBy(keyColumns, 'constraint_name')]
    .map(([name, rows]): ForeignKeyFacts => {
      const parts = inOrderOf(rows, 'ordinal_position');
      const other = text(parts[0], 'referenced_table_schema');
      return {
        name,
        columns: parts.map((part) => text(part, 'column_name')),
        referencedTable: text(parts[0], 'referenced_table_name'),
        referencedColumns: parts.map((part) => text(part, 'referenced_column_name')),
        onDelete: text(rules.get(name), 'delete_rule'),
        onUpdate: text(rules.get(name), 'update_rule'),
        ...(other.toLowerCase() === database.toLowerCase() ? {} : optional('referencedDatabase', other)),
      };
    })
    .sort((a, b) => compareNames(a.name, b.name));
}
