import { builtDifferently, notBuildable } from './buildable.ts';
import { parseKeyTemplate } from './key-template.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract, PatternService } from './types.ts';

/** One subject of a contract in words. */
export interface Explanation {
  /** Such as `table orders` or `access pattern AP-017`. */
  readonly subject: string;
  readonly lines: readonly string[];
}

/**
 * Says in words what a contract says of a subject: a table, a source table, an attribute (`table.attribute` or
 * `source.column`), or an access pattern by its id. A name that is several things is explained as each of them.
 */
export function explain(contract: MigrationContract, subject: string): Explanation[] {
  const wanted = subject.toLowerCase();
  const patterns = contract.access_patterns.filter(({ id }) => id.toLowerCase() === wanted);
  const tables = contract.tables.filter(
    ({ table, entities }) =>
      table.toLowerCase() === wanted || entities.some((entity) => entity.source_table.toLowerCase() === wanted),
  );
  const attributes = contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) =>
      entity.attributes.flatMap((attribute, which) => {
        const names = [table.table, entity.source_table].flatMap((owner) =>
          [attribute.name, ...[attribute.source_column].flat()].map((name) => `${owner}.${name}`.toLowerCase()),
        );
        const place = `/tables/${at}/entities/${of}/attributes/${which}`;
        return names.includes(wanted) ? [explainAttribute(attribute, entity, table, contract, place)] : [];
      }),
    ),
  );
  const dropped = contract.dropped_columns
    .filter((one) => `${one.source_table}.${one.source_column}`.toLowerCase() === wanted)
    .map((one) => ({
      subject: `column ${one.source_table}.${one.source_column}`,
      lines: [`It is not migrated: ${one.reason}.`],
    }));
  return [
    ...patterns.map((pattern) => explainPattern(pattern, contract)),
    ...tables.map((table) => explainTable(table, contract)),
    ...attributes,
    ...dropped,
  ];
}

/** All that can be explained, for people who ask for something else. */
export function subjects(contract: MigrationContract): string[] {
  return [...contract.tables.map(({ table }) => table), ...contract.access_patterns.map(({ id }) => id)];
}

function explainPattern(pattern: PatternService, contract: MigrationContract): Explanation {
  const { mean, peak, provenance } = pattern.rates;
  const rate = `It is asked ${mean} times a second on average and ${peak} at its peak (${provenance}).`;
  const subject = `access pattern ${pattern.id}`;
  if (pattern.status === 'refused')
    return { subject, lines: [`It is refused: ${pattern.reason}`, rate, 'The application can not do it on DynamoDB.'] };
  const steps = pattern.served_by.map(({ table, index, operation, budget_items: budget }) => {
    const keys = contract.tables.find((one) => one.table === table);
    const by = keys ? `, ${keyWords(keys, index)}` : '';
    const limit = budget === undefined ? '' : `; more than ${budget} items are an error`;
    if (operation === 'write') return `It writes items of ${table}.`;
    if (operation === 'scan') return `It reads all of ${table}${limit}.`;
    return `It reads ${table} by a ${operation}${index === null ? '' : ` of the index ${index}`}${by}.`;
  });
  const cost = `Once costs ${pattern.units.read} read units and ${pattern.units.write} write units.`;
  const why = pattern.reason === '' ? [] : [`Why: ${pattern.reason}`];
  return { subject, lines: [...(steps.length > 0 ? steps : ['It reads no table.']), rate, cost, ...why] };
}

function keyWords(table: ContractTable, index: string | null): string {
  const templates = table.entities.flatMap((entity) => {
    if (index === null) return [{ pk: entity.pk_template, sk: entity.sk_template }];
    return Object.hasOwn(entity.index_templates, index) ? [entity.index_templates[index]] : [];
  });
  const words = templates.flatMap((one) =>
    one
      ? [one.sk === null ? templateWords(one.pk) : `${templateWords(one.pk)}, in the order of ${templateWords(one.sk)}`]
      : [],
  );
  return `by ${[...new Set(words)].join(' or ')}`;
}

/** A template in words: its columns, and what is done to them. */
function templateWords(template: string): string {
  const { parts, native } = parseKeyTemplate(template);
  if (native !== null) return native;
  const words = parts.flatMap((part) => {
    if (part.kind === 'text') return /\w/.test(part.text) ? [`the text ${JSON.stringify(part.text)}`] : [];
    const how = part.fold ? ' without case and accents, as it is compared' : part.bucket ? ` (its ${part.bucket})` : '';
    return [`${part.column}${how}`];
  });
  return words.join(', then ');
}

function explainTable(table: ContractTable, contract: MigrationContract): Explanation {
  const subject = `table ${table.table}`;
  if (table.type === 'support')
    return {
      subject,
      lines: ['It holds the guard items of unique keys and the counters of ids.', ...why(table.rationale)],
    };
  const sources = table.entities.map(({ source_table: source }) => source).join(', ');
  const places = contract.tables.indexOf(table);
  const remarks = [...notBuildable(contract), ...builtDifferently(contract)].filter(({ at }) =>
    at.startsWith(`/tables/${places}/`),
  );
  return {
    subject,
    lines: [
      `Its items are the rows of ${sources}; one has about ${table.estimated_item_size_bytes} bytes.`,
      ...why(table.rationale),
      ...table.entities.flatMap((entity) => entityLines(entity)),
      ...table.gsis.map((index) =>
        `The index ${index.index_name} finds them ${keyWords(table, index.index_name)}. ${index.rationale}`.trim(),
      ),
      table.satisfies.length === 0 ? 'No access pattern uses it.' : `It serves ${table.satisfies.join(', ')}.`,
      ...(table.ttl_attribute === undefined ? [] : [`Items expire by ${table.ttl_attribute}.`]),
      ...[...new Set(remarks.map(({ at, problem }) => `${at} ${problem}`))],
    ],
  };
}

function why(rationale: string): string[] {
  return rationale === '' ? [] : [`Why: ${rationale}`];
}

function entityLines(entity: ContractEntity): string[] {
  const key = [entity.pk_template, ...(entity.sk_template === null ? [] : [entity.sk_template])].map(templateWords);
  const shards = entity.pk_shards ? `, spread over ${entity.pk_shards.count} partitions` : '';
  return [
    `A row of ${entity.source_table} is found by ${key.join(', in the order of ')}${shards}; ${entity.attributes.length} attributes.`,
    ...(entity.row_filter === undefined ? [] : [`Only rows with ${entity.row_filter} become items.`]),
    ...entity.uniques.map(
      ({ name, columns }) => `The unique key ${name} over ${columns.join(', ')} is kept by a guard item.`,
    ),
    ...entity.references.map(
      ({ name, columns, target_table: target, on_delete: onDelete, on_update: onUpdate = 'RESTRICT' }) =>
        `${columns.join(', ')} refers to ${target} (${name}): ${onDelete} on delete, ${onUpdate} on update.`,
    ),
  ];
}

function explainAttribute(
  attribute: ContractAttribute,
  entity: ContractEntity,
  table: ContractTable,
  contract: MigrationContract,
  place: string,
): Explanation {
  const columns = [attribute.source_column].flat().join(', ');
  const derivation = attribute.join ?? attribute.calculation ?? attribute.transformation;
  const of = derivation
    ? `It is derived from ${attribute.source_table}.${columns} by a ${derivation.type}: ${JSON.stringify(derivation)}.`
    : `It is the column ${attribute.source_table}.${columns}, ${attribute.source_type.data_type}${attribute.source_type.nullable ? ', which can be NULL' : ''}.`;
  const inKeys = [
    entity.pk_template,
    entity.sk_template,
    ...Object.values(entity.index_templates).flatMap(({ pk, sk }) => [pk, sk]),
  ]
    .filter((template) => template !== null)
    .some((template) =>
      parseKeyTemplate(template).columns.some((column) => [attribute.source_column].flat().includes(column)),
    );
  const remarks = [...notBuildable(contract), ...builtDifferently(contract)].filter(({ at }) =>
    at.startsWith(`${place}/`),
  );
  return {
    subject: `attribute ${table.table}.${attribute.name}`,
    lines: [
      of,
      `It is written as ${attribute.type}${attribute.encoding ? `, encoded as ${attribute.encoding}` : ''}.`,
      ...(attribute.null_as === 'NULL'
        ? ['NULL is kept as NULL.']
        : attribute.source_type.nullable
          ? ['For NULL the attribute is absent.']
          : []),
      ...(inKeys && !derivation ? ['A key is made of it.'] : []),
      ...(attribute.denormalized ? [`It is a copy: ${attribute.justification ?? ''}`] : []),
      ...(attribute.pii === undefined ? [] : [`It is personal data: ${attribute.pii}.`]),
      ...new Set(remarks.map(({ problem }) => `It ${problem}`)),
    ],
  };
}
