import { referentialAction } from '../../contract/check-coverage.ts';
import type { ContractEntity, ContractReference } from '../../contract/types.ts';
import type { Analysis, TableFacts } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { isKeyable, placeholder } from './keys.ts';
import { columnOf } from './table-design.ts';

/** Unique keys other than the one that is the item's key, each with the template of its guard items. */
export function uniquesOf(facts: TableFacts, primaryKey: readonly string[]): ContractEntity['uniques'] {
  return facts.indexes
    .filter((index) => index.unique && index.name !== 'PRIMARY')
    .map((index) => {
      const where = `${facts.name}, unique key ${index.name}`;
      const columns = index.parts.map((part) => {
        if (part.column === null || part.prefix !== null) {
          const detail = 'It is over an expression or over the beginning of a column.';
          throw new CutoverError('model.constraint-unsupported', { where, detail });
        }
        const column = columnOf(facts, part.column);
        if (!isKeyable(column)) {
          const detail = `${column.name} is ${column.columnType}, too large or of a type that keys can't have.`;
          throw new CutoverError('model.constraint-unsupported', { where, detail });
        }
        return column;
      });
      const name = index.name.replace(/[{}#]/g, '_');
      const table = facts.name.replace(/[{}#]/g, '_');
      return {
        name: index.name,
        columns: columns.map((column) => column.name),
        guard_template: `UNIQUE#${table}#${name}#${columns.map(placeholder).join('#')}`,
      };
    })
    .filter(({ columns }) => !sameSet(columns, primaryKey));
}

/** Foreign keys, with what a change of the parent's key does where that is more than to refuse it. */
export function referencesOf(facts: TableFacts, analysis: Analysis): readonly ContractReference[] {
  return facts.foreignKeys.map((key) => {
    const { referencedDatabase: database, referencedTable } = key;
    if (database !== undefined || !analysis.tables.some(({ name }) => name === referencedTable)) {
      const where = `${facts.name}, foreign key ${key.name}`;
      const detail = `${database === undefined ? '' : `${database}.`}${referencedTable} is not migrated.`;
      throw new CutoverError('model.constraint-unsupported', { where, detail });
    }
    const onUpdate = referentialAction(key.onUpdate);
    return {
      name: key.name,
      columns: key.columns,
      target_table: key.referencedTable,
      target_columns: key.referencedColumns,
      on_delete: referentialAction(key.onDelete),
      ...(onUpdate === 'RESTRICT' ? {} : { on_update: onUpdate }),
    };
  });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}
