import { parseKeyTemplate } from '../../contract/key-template.ts';
import type { ContractEntity, MigrationContract } from '../../contract/types.ts';
import type { Analysis, TableFacts } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { InboundReference, ReferenceAction, SourceColumn, SourceTable, SourceTables } from '../../runtime/flags/source-tables.ts'; // prettier-ignore

/** What the outbox must know of the source: keys as the contract makes items of them, cascades as MySQL has them. */
export function sourceTables(analysis: Pick<Analysis, 'tables'>, contract: MigrationContract): SourceTables {
  const entities = new Map(
    contract.tables.flatMap((table) => table.entities.map((entity) => [entity.source_table, entity] as const)),
  );
  const sorted = [...analysis.tables].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    sorted.map((table) => [table.name, sourceTable(table, analysis.tables, entities.get(table.name))]),
  );
}

function sourceTable(table: TableFacts, all: readonly TableFacts[], entity: ContractEntity | undefined): SourceTable {
  const templates = entity === undefined ? [] : [entity.pk_template, ...(entity.sk_template === null ? [] : [entity.sk_template])]; // prettier-ignore
  const key =
    entity === undefined
      ? table.primaryKey
      : [...new Set([...entity.primary_key, ...templates.flatMap((template) => parseKeyTemplate(template).columns)])];
  const unique = [...new Set(entity?.uniques.flatMap(({ columns }) => columns) ?? [])];
  const column = (name: string): SourceColumn => sourceColumn(table, name, entity !== undefined);
  return {
    migrated: entity !== undefined,
    key: key.map(column),
    unique: unique.map(column),
    ...(entity?.row_filter === undefined ? {} : { filter: entity.row_filter }),
    referencedBy: all.flatMap((child) =>
      child.foreignKeys
        .filter(({ referencedTable }) => referencedTable === table.name)
        .map((foreignKey): InboundReference => ({
          table: child.name,
          columns: foreignKey.columns,
          targetColumns: foreignKey.referencedColumns,
          onDelete: action(foreignKey.onDelete),
          onUpdate: action(foreignKey.onUpdate),
        })),
    ),
  };
}

function sourceColumn(table: TableFacts, name: string, carried: boolean): SourceColumn {
  const type = table.columns.find((column) => column.name === name)?.dataType ?? '';
  if (carried && /^(timestamp|float|double|)$/.test(type)) {
    throw new CutoverError('flags.key-unsupported', {
      where: `${table.name}.${name}`,
      detail: type === '' ? 'The source has no such column.' : `Its type is ${type}.`,
    });
  }
  return { column: name, form: /binary|blob/.test(type) ? 'hex' : type === 'bit' ? 'bits' : 'text' };
}

/** MySQL says NO ACTION and SET DEFAULT too; InnoDB treats both as RESTRICT. */
function action(text: string): ReferenceAction {
  return text === 'CASCADE' || text === 'SET NULL' ? text : 'RESTRICT';
}
