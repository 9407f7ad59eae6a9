import { attributeType, sourceType } from '../../contract/attribute-type.ts';
import { supportTable } from '../../contract/support-table.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import { SUPPORT_TABLE } from './candidates.ts';
import { referencesOf, uniquesOf } from './constraints.ts';
import type { Evaluation } from './evaluate.ts';
import { copiedAttributes } from './copied-attributes.ts';
import type { Model, ModelTable, PlacedEntity } from './model.ts';
import { indexRationale, tableRationale } from './rationale.ts';
import { patternService } from './services.ts';

/** The contract of a priced candidate. */
export function contractOf(evaluation: Evaluation, analysis: Analysis): MigrationContract {
  const tables = evaluation.model.tables.map((table) => contractTable(table, evaluation, analysis));
  return {
    contractVersion: 1,
    source_database: analysis.database,
    // Always there: stage 7 and the store need no special case without it.
    tables: [...tables, supportTable(SUPPORT_TABLE)],
    dropped_columns: [],
    access_patterns: evaluation.patterns.map(patternService),
    id_allocation: analysis.tables.flatMap((table) =>
      table.columns
        .filter((column) => column.autoIncrement)
        .map((column) => ({ source_table: table.name, source_column: column.name })),
    ),
  };
}

function contractTable(table: ModelTable, evaluation: Evaluation, analysis: Analysis): ContractTable {
  const satisfies = evaluation.patterns
    .filter(({ served, effects }) => {
      const written = effects.some((effect) => table.entities.some(({ design }) => design.facts.name === effect.table));
      return written || served.some((one) => one.table === table);
    })
    .map(({ plan }) => plan.pattern.id);
  return {
    table: table.name,
    type: table.type,
    source_table: table.type === 'single-entity' ? (table.entities[0]?.design.facts.name ?? null) : null,
    pk: table.pk,
    sk: table.sk,
    gsis: table.indexes.map((index) => ({
      index_name: index.name,
      pk: index.pk,
      sk: index.sk,
      projection: index.projection.kind,
      projected_attributes: index.projection.columns.map((column) => attributeOf(table, column)),
      rationale: indexRationale(index.name, table, evaluation),
    })),
    entities: table.entities.map((entity) => contractEntity(entity, evaluation.model, analysis)),
    satisfies,
    estimated_item_size_bytes: Math.max(...table.entities.map(({ size }) => size.typical)),
    rationale: tableRationale(table),
  };
}

/** Only tables of one entity have indexes that project less than everything. */
function attributeOf(table: ModelTable, column: string): string {
  return table.entities[0]?.design.attributes.get(column) ?? column;
}

function contractEntity(entity: PlacedEntity, model: Model, analysis: Analysis): ContractEntity {
  const { facts, primaryKey, attributes } = entity.design;
  return {
    entity_type: facts.name,
    source_table: facts.name,
    primary_key: primaryKey,
    pk_template: entity.pkTemplate,
    sk_template: entity.skTemplate,
    index_templates: Object.fromEntries(
      entity.indexes.map((index) => [index.name, { pk: index.pkTemplate, sk: index.skTemplate }]),
    ),
    attributes: [
      ...facts.columns.map((column): ContractAttribute => {
        const type = sourceType(column);
        return {
          name: attributes.get(column.name) ?? column.name,
          type: attributeType(type) ?? 'S',
          source_table: facts.name,
          source_column: column.name,
          source_type: type,
        };
      }),
      ...copiedAttributes(facts, model.copies, analysis),
    ],
    uniques: uniquesOf(facts, primaryKey),
    references: referencesOf(facts, analysis),
  };
}
