import type { ColumnModel, EntityModel, StoreModel, TableModel } from '../runtime/store/model.ts';
import type { ContractAttribute, ContractEntity, ContractTable, KeyAttribute, MigrationContract } from './types.ts';

/**
 * The contract as the generated store and the loader work on it. Only attributes that carry one source column as it
 * is become columns: what is joined, calculated or transformed is derived data that the store doesn't write back.
 * Expects a contract that `checkContract` passed.
 */
export function storeModel(contract: MigrationContract, prefix: string): StoreModel {
  const entities = contract.tables.flatMap((table) =>
    table.entities.map((entity) => [entity.source_table, entityModel(table, entity)] as const),
  );
  return {
    tables: Object.fromEntries(contract.tables.map((table) => [table.table, tableModel(table, prefix)])),
    entities: Object.fromEntries(entities),
    supportTable: contract.tables.find((table) => table.type === 'support')?.table ?? '',
  };
}

function tableModel(table: ContractTable, prefix: string): TableModel {
  const indexes = table.gsis.map((index) => [
    index.index_name,
    {
      pk: key(index.pk),
      sk: index.sk && key(index.sk),
      projection: index.projection,
      projected: index.projected_attributes,
    },
  ]);
  return {
    name: prefix + table.table,
    pk: key(table.pk),
    sk: table.sk && key(table.sk),
    indexes: Object.fromEntries(indexes) as TableModel['indexes'],
  };
}

function key(attribute: KeyAttribute): { attribute: string; type: 'S' | 'N' | 'B' } {
  return { attribute: attribute.name, type: attribute.type };
}

function entityModel(table: ContractTable, entity: ContractEntity): EntityModel {
  return {
    sourceTable: entity.source_table,
    entityType: entity.entity_type,
    table: table.table,
    primaryKey: entity.primary_key,
    pk: entity.pk_template,
    sk: entity.sk_template,
    indexes: entity.index_templates,
    columns: Object.fromEntries(
      entity.attributes.flatMap((attribute) => {
        const column = directColumn(attribute, entity.source_table);
        return column === null ? [] : [[column, columnModel(attribute)] as const];
      }),
    ),
    uniques: entity.uniques.map(({ name, columns, guard_template }) => ({ name, columns, guard: guard_template })),
    references: entity.references.map((reference) => ({
      name: reference.name,
      columns: reference.columns,
      target: reference.target_table,
      targetColumns: reference.target_columns,
      onDelete: reference.on_delete,
      ...(reference.on_update === undefined || reference.on_update === 'RESTRICT'
        ? {}
        : { onUpdate: reference.on_update }),
    })),
  };
}

/** The one column of the entity's own table that an attribute carries unchanged; null for derived attributes. */
export function directColumn(attribute: ContractAttribute, sourceTable: string): string | null {
  if (attribute.join || attribute.calculation || attribute.transformation) return null;
  if (attribute.source_table !== sourceTable) return null;
  if (typeof attribute.source_column === 'string') return attribute.source_column;
  return attribute.source_column.length === 1 ? (attribute.source_column[0] ?? null) : null;
}

function columnModel(attribute: ContractAttribute): ColumnModel {
  const source = attribute.source_type;
  return {
    attribute: attribute.name,
    type: attribute.type as 'S' | 'N' | 'B',
    dataType: source.data_type,
    nullable: source.nullable,
    ...(source.unsigned ? { unsigned: true } : {}),
    ...(source.precision !== null ? { precision: source.precision } : {}),
    ...(source.scale !== null ? { scale: source.scale } : {}),
    ...(source.length !== null ? { length: source.length } : {}),
    ...(source.fractional_seconds !== null ? { fractionalSeconds: source.fractional_seconds } : {}),
    ...(source.collation !== null ? { collation: source.collation } : {}),
    ...(source.labels ? { labels: source.labels } : {}),
    ...(source.auto_increment ? { autoIncrement: true } : {}),
    ...(source.default !== null ? { default: source.default } : {}),
    ...(source.on_update_current_timestamp ? { onUpdateCurrentTimestamp: true } : {}),
  };
}
