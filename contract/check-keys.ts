import { attributeType, needsFold, valueFamily } from './attribute-type.ts';
import { encodedType } from './check-values.ts';
import { KeyTemplateError, parseKeyTemplate, type ParsedTemplate } from './key-template.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type {
  ContractAttribute,
  ContractEntity,
  ContractTable,
  KeyAttribute,
  MigrationContract,
  SourceType,
} from './types.ts';

/** Rules of keys: every template parses, uses columns of its entity, and gives what the key's type says. */
export function checkKeys(contract: MigrationContract): Problem[] {
  return contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) => checkEntityKeys(table, entity, pointer('tables', at, 'entities', of))),
  );
}

function checkEntityKeys(table: ContractTable, entity: ContractEntity, at: string): Problem[] {
  const columns = columnTypes(entity);
  const attributes = new Map(entity.attributes.map((attribute) => [attribute.name, attribute]));
  const nativeTypes = new Map(
    entity.attributes.flatMap((attribute) => {
      const column = directColumn(attribute, entity.source_table);
      return column === null ? [] : [[column, encodedType(attribute)] as const];
    }),
  );
  const problems: Problem[] = [];
  const check = (template: string | null, key: KeyAttribute | null, place: string): ParsedTemplate | null => {
    if ((template === null) !== (key === null)) {
      problems.push(
        problem(place, template === null ? 'is null, but the key has that part' : 'has no key that it is for'),
      );
      return null;
    }
    if (template === null || key === null) return null;
    const parsed = parse(template, place, problems);
    if (!parsed) return null;
    problems.push(...checkTemplate(parsed, key, columns, place, nativeTypes));
    const own = attributes.get(key.name);
    if (own && !(parsed.native !== null && directColumn(own, entity.source_table) === parsed.native)) {
      problems.push(problem(place, `fills ${key.name}, which is an attribute of another value`));
    }
    return parsed;
  };

  const pk = check(entity.pk_template, table.pk, `${at}/pk_template`);
  const sk = check(entity.sk_template, table.sk, `${at}/sk_template`);
  const used = new Set([...wholeColumns(pk), ...wholeColumns(sk)]);
  entity.primary_key.forEach((column, which) => {
    const type = columns.get(column);
    if (!type)
      problems.push(problem(`${at}/primary_key/${which}`, `names ${column}, which is no attribute of the entity`));
    else if (type.nullable) problems.push(problem(`${at}/primary_key/${which}`, `names ${column}, which can be NULL`));
    if (pk && !used.has(column)) {
      problems.push(
        problem(
          `${at}/pk_template`,
          `and sk_template leave out ${column} of the primary key, so rows would share a key`,
        ),
      );
    }
  });
  if (entity.pk_shards) problems.push(...checkShards(entity.pk_shards.columns, table, columns, `${at}/pk_shards`));
  for (const [name, templates] of Object.entries(entity.index_templates)) {
    const index = table.gsis.find((candidate) => candidate.index_name === name);
    const place = `${at}${pointer('index_templates', name)}`;
    if (!index) problems.push(problem(place, 'is no index of the table'));
    else {
      check(templates.pk, index.pk, `${place}/pk`);
      check(templates.sk, index.sk, `${place}/sk`);
    }
  }
  return [...problems, ...unusedIndexes(table, entity, at)];
}

/** An index that no entity fills would be paid for and always empty; told once, at the first entity. */
function unusedIndexes(table: ContractTable, entity: ContractEntity, at: string): Problem[] {
  if (table.entities[0] !== entity) return [];
  return table.gsis
    .filter((index) => !table.entities.some((candidate) => Object.hasOwn(candidate.index_templates, index.index_name)))
    .map((index) =>
      problem(`${at}/index_templates`, `and those of all other entities lack the index ${index.index_name}`),
    );
}

/** Columns whose whole value is in a key: a date that is cut to its month names no row. */
function wholeColumns(template: ParsedTemplate | null): string[] {
  return (template?.parts ?? []).flatMap((part) =>
    part.kind === 'column' && part.bucket === undefined ? [part.column] : [],
  );
}

/** The shard must be found again from the row, and stands in a text. */
function checkShards(
  shardedBy: readonly string[],
  table: ContractTable,
  columns: ReadonlyMap<string, SourceType>,
  place: string,
): Problem[] {
  const unknown = shardedBy
    .filter((column) => !columns.has(column))
    .map((column) => problem(`${place}/columns`, `names ${column}, which is no attribute of the entity`));
  const text = table.pk.type === 'S' ? [] : [problem(place, `needs a partition key that is S, not ${table.pk.type}`)];
  return [...unknown, ...text];
}

/** Types of the columns that an entity's attributes carry unchanged. */
export function columnTypes(entity: ContractEntity): ReadonlyMap<string, SourceType> {
  return new Map(
    entity.attributes.flatMap((attribute) => {
      const column = directColumn(attribute, entity.source_table);
      return column === null ? [] : [[column, attribute.source_type] as const];
    }),
  );
}

/** The parsed template, or null with the reason among the problems. */
export function parse(template: string, place: string, problems: Problem[]): ParsedTemplate | null {
  try {
    return parseKeyTemplate(template);
  } catch (error) {
    if (!(error instanceof KeyTemplateError)) throw error;
    problems.push(problem(place, error.message));
    return null;
  }
}

/** What a template's placeholders may be, by `docs/value-encoding.md`. */
export function checkTemplate(
  parsed: ParsedTemplate,
  key: { readonly type: KeyAttribute['type'] },
  columns: ReadonlyMap<string, SourceType>,
  place: string,
  nativeTypes?: ReadonlyMap<string, ContractAttribute['type'] | null>,
): Problem[] {
  const problems: Problem[] = [];
  for (const part of parsed.parts) {
    if (part.kind === 'text') continue;
    const type = columns.get(part.column);
    if (!type) {
      problems.push(problem(place, `uses ${part.column}, which is no attribute of the entity`));
      continue;
    }
    const family = valueFamily(type.data_type);
    if (family === 'float' || family === 'json' || family === 'spatial' || family === null) {
      problems.push(problem(place, `uses ${part.column}, whose type ${type.data_type} is not allowed in keys`));
    } else if (part.bucket !== undefined) {
      if (family !== 'temporal' || type.data_type === 'time')
        problems.push(problem(place, `cuts ${part.column} to its ${part.bucket}, but it is ${type.data_type}`));
      else if (part.bucket === 'hour' && type.data_type === 'date')
        problems.push(problem(place, `cuts ${part.column} to its hour, but a date has none`));
    } else if (part.fold && family !== 'text') {
      problems.push(problem(place, `folds ${part.column}, which is no text`));
    } else if (!part.fold && needsFold(type)) {
      problems.push(problem(place, `needs {${part.column}:fold}: MySQL compares it by ${type.collation}`));
    }
  }
  const native = parsed.native === null ? undefined : columns.get(parsed.native);
  const nativeType = parsed.native === null ? undefined : nativeTypes?.get(parsed.native);
  const expected = native ? (nativeType ?? attributeType(native)) : 'S';
  if (expected !== null && expected !== key.type) {
    problems.push(problem(place, `gives a key of type ${expected}, but the key is ${key.type}`));
  }
  return problems;
}
