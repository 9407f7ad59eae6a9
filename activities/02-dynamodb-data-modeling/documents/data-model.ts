import { builtDifferently } from '../../../contract/buildable.ts';
import type { ContractTable, MigrationContract } from '../../../contract/types.ts';
import type { Choice } from '../choose.ts';
import type { Evaluation } from '../evaluate.ts';
import { code, dollars, list, number, table } from './markdown.ts';

/** `dynamodb_data_model.md`, published as `Stage3_DataModel.md` too: the chosen model, with the reason of each part. */
export function dataModelDocument(choice: Choice, contract: MigrationContract, notice: string): string {
  const { chosen } = choice;
  const scans = contract.access_patterns.flatMap((service) =>
    service.served_by.filter(({ operation }) => operation === 'scan').map((entry) => ({ service, entry })),
  );
  const refused = contract.access_patterns.filter(({ status }) => status === 'refused');
  return `${[
    '# DynamoDB data model',
    `${chosen.model.title} (${code(chosen.model.id)}): ${chosen.model.idea}`,
    `${dollars(chosen.cost.onDemand)} a month on demand (reads ${dollars(chosen.cost.reads)}, writes ${dollars(chosen.cost.writes)}, storage ${dollars(chosen.cost.storage)}). The other candidates are in ${code('alternatives.md')}.`,
    notice,
    ...contract.tables.map((one) => tableSection(one, costOf(chosen, one.table))),
    '## Copies',
    copiesLine(choice),
    '## Access patterns',
    table(
      ['Pattern', 'Status', 'Served by', 'Read units', 'Write units', 'Why'],
      contract.access_patterns.map((service) => [
        ...[service.id, service.status, service.served_by.map(servedBy).join('; ')],
        ...[number(service.units.read), number(service.units.write), service.reason],
      ]),
    ),
    '## Scans',
    'These read a whole table; more items than the budget is an error and never a silent cost.',
    list(scans.map(({ service, entry }) => `${service.id}: ${entry.table}, at most ${entry.budget_items ?? 0} items.`)),
    '## Refused',
    list(refused.map((service) => `${service.id}: ${service.reason}`)),
    '## Built differently',
    'Valid in the contract, and built stricter or narrower than it says.',
    list(differences(contract)),
    '## Rules that every item follows',
    'Values, keys, NULLs, versions and tombstones stand as `docs/value-encoding.md` says. Indexes are eventually consistent: a row read through one may be some milliseconds old; a read by primary key is strongly consistent.',
  ].join('\n\n')}\n`;
}

/** What later stages do otherwise than the contract says, one line for each kind with how often. */
function differences(contract: MigrationContract): string[] {
  const counts = new Map<string, number>();
  for (const { problem } of builtDifferently(contract)) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts].map(([problem, count]) => `${count} × ${problem}`);
}

/** A month of one table; the support table's guards and counters are in the cost of the tables that they serve. */
function costOf({ tableCosts }: Evaluation, name: string): string {
  for (const [table, cost] of tableCosts) {
    if (table.name !== name) continue;
    return `${dollars(cost.onDemand)} a month (reads ${dollars(cost.reads)}, writes ${dollars(cost.writes)}, storage ${dollars(cost.storage)})`;
  }
  return 'its cost is in that of the tables that it serves';
}

function copiesLine({ chosen, copies }: Choice): string {
  const paying = copies.filter(({ taken }) => taken).map(({ copy }) => `${copy.parent} into ${copy.child}`);
  const rest =
    paying.length === 0
      ? 'None of them pays.'
      : `These would pay, but can't be built yet: ${paying.join('; ')}. Their prices are in ${code('alternatives.md')}.`;
  return chosen.model.copies.length === 0
    ? `No column is stored twice, so there is nothing to keep in step. ${copies.length} copies were priced. ${rest}`
    : `${chosen.model.copies.length} copies are part of the model: ${paying.join('; ')}.`;
}

function servedBy(entry: MigrationContract['access_patterns'][number]['served_by'][number]): string {
  const where = entry.index === null ? entry.table : `${entry.table}/${entry.index}`;
  return `${entry.operation} ${where}${entry.budget_items === undefined ? '' : ` (budget ${entry.budget_items})`}`;
}

function tableSection(one: ContractTable, cost: string): string {
  const keys = [
    ['Table', `${one.pk.name} (${one.pk.type})`, one.sk ? `${one.sk.name} (${one.sk.type})` : '', one.rationale],
    ...one.gsis.map((index) => [
      index.index_name,
      `${index.pk.name} (${index.pk.type})`,
      index.sk ? `${index.sk.name} (${index.sk.type})` : '',
      index.rationale,
    ]),
  ];
  const parts = [
    `## Table ${code(one.table)}`,
    `${one.type}; about ${one.estimated_item_size_bytes} bytes an item; ${cost}; serves ${one.satisfies.join(', ') || 'no pattern by itself'}.`,
    table(['Key of', 'Partition key', 'Sort key', 'Why'], keys),
  ];
  for (const entity of one.entities) {
    parts.push(
      `### Items of ${code(entity.source_table)}`,
      table(
        ['Key of', 'Partition key template', 'Sort key template'],
        [
          ['Table', code(entity.pk_template), entity.sk_template === null ? '' : code(entity.sk_template)],
          ...Object.entries(entity.index_templates).map(([name, { pk, sk }]) => [
            name,
            code(pk),
            sk === null ? '' : code(sk),
          ]),
        ],
      ),
      table(
        ['Attribute', 'Type', 'Column', 'MySQL type', 'NULL'],
        entity.attributes.map((attribute) => [
          ...[attribute.name, attribute.type, [attribute.source_column].flat().join(', ')],
          ...[attribute.source_type.data_type, attribute.source_type.nullable ? 'absent' : 'never'],
        ]),
      ),
    );
    if (entity.uniques.length > 0) {
      parts.push(
        table(
          ['Unique key', 'Columns', 'Guard'],
          entity.uniques.map((unique) => [unique.name, unique.columns.join(', '), code(unique.guard_template)]),
        ),
      );
    }
    if (entity.references.length > 0) {
      parts.push(
        table(
          ['Foreign key', 'Columns', 'To', 'When the parent goes'],
          entity.references.map((reference) => [
            ...[reference.name, reference.columns.join(', ')],
            ...[`${reference.target_table} (${reference.target_columns.join(', ')})`, reference.on_delete],
          ]),
        ),
      );
    }
  }
  return parts.join('\n\n');
}
