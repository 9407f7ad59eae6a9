import { parseKeyTemplate } from '../../contract/key-template.ts';
import type { ContractEntity, ContractTable, MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { GateQuestion } from '../../core/stage.ts';
import type { Alternatives } from './gates.ts';

/** Patterns that a gate names; the document has all of them. */
const NAMED = 12;

/** A question for each table on its own: what it is for, what it is made of, how it is found, what it costs. */
export function tableQuestions(
  contract: MigrationContract,
  alternatives: Alternatives,
  analysis: Analysis | undefined,
): GateQuestion[] {
  const costs = new Map(alternatives.chosenTables?.map(({ name, monthly }) => [name, monthly.onDemand]));
  return contract.tables.map((table) => ({
    id: `02-dynamodb-data-modeling/table/${table.table}`,
    question: `Is the table ${table.table} right?`,
    evidence: [
      `stage-02/dynamodb_data_model.md, table ${table.table}`,
      `purpose: ${table.rationale === '' ? 'not said' : table.rationale}`,
      ...(table.entities.length === 0
        ? []
        : [`sources: ${table.entities.map((one) => sourceLine(one, analysis)).join('; ')}`]),
      ...table.entities.map((entity) => `key: ${keyLine(entity, analysis)}`),
      ...table.gsis.map((index) => `index ${index.index_name}: ${index.rationale}`),
      `patterns: ${patternLine(table)}`,
      costLine(costs.get(table.table)),
      ...copyLines(table),
    ],
  }));
}

function sourceLine(entity: ContractEntity, analysis: Analysis | undefined): string {
  const rows = analysis?.tables.find(({ name }) => name === entity.source_table)?.statistics.rows;
  const filter = entity.row_filter === undefined ? '' : ` where ${entity.row_filter}`;
  return `${entity.source_table}${rows === undefined ? '' : `, ${rows} rows`}${filter}`;
}

/** The key and how it spreads: items that share a partition are served by one node. */
function keyLine(entity: ContractEntity, analysis: Analysis | undefined): string {
  const templates = entity.sk_template === null ? entity.pk_template : `${entity.pk_template}, ${entity.sk_template}`;
  const columns = new Set(parseKeyTemplate(entity.pk_template).columns);
  const shards = entity.pk_shards ? `, over ${entity.pk_shards.count} shards` : '';
  if (entity.primary_key.every((column) => columns.has(column)))
    return `${templates}: each row of ${entity.source_table} is a partition of its own${shards}`;
  if (columns.size === 0) return `${templates}: all rows of ${entity.source_table} share one partition${shards}`;
  const shared = `rows of ${entity.source_table} with the same ${[...columns].join(', ')} share a partition${shards}`;
  const children = analysis?.tables
    .find(({ name }) => name === entity.source_table)
    ?.foreignKeys.find(
      (key) => key.columns.length === columns.size && key.columns.every((column) => columns.has(column)),
    )?.children;
  if (!children) return `${templates}: ${shared}`;
  return `${templates}: ${shared}; ${children.p50} of them in the middle, ${children.p99} at the 99th percentile, at most ${children.max}`;
}

function patternLine({ satisfies }: ContractTable): string {
  if (satisfies.length === 0) return 'none by itself';
  const more = satisfies.length > NAMED ? ` and ${satisfies.length - NAMED} more` : '';
  return `${satisfies.slice(0, NAMED).join(', ')}${more}`;
}

function costLine(monthly: number | undefined): string {
  return monthly === undefined
    ? 'cost: not priced by itself; stage-02/alternatives.md has the whole'
    : `cost: US$ ${monthly.toFixed(2)} a month on demand`;
}

/** Copies can go stale, so each says why it is there and how one gets rid of it. */
function copyLines(table: ContractTable): string[] {
  const copies = table.entities.flatMap((entity) =>
    entity.attributes
      .filter(({ denormalized }) => denormalized === true)
      .map(
        ({ name, source_table: source, source_column: column, justification = '' }) =>
          `copy ${name} of ${source}.${[column].flat().join(', ')}: ${justification}; way back: drop it and read ${source}, which keeps the value`,
      ),
  );
  return copies.length > 0 ? copies : ['copies: none, so nothing can go stale and nothing has to be rolled back'];
}
