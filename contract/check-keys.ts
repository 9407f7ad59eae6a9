import { attributeType, needsFold, valueFamily } from './attribute-type.ts';
import { KeyTemplateError, parseKeyTemplate, type ParsedTemplate } from './key-template.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type { ContractEntity, ContractTable, KeyAttribute, MigrationContract, SourceType } from './types.ts';

/** Rules of keys: every template parses, uses columns of its entity, and gives what the key's type says. */
export function checkKeys(contract: MigrationContract): Problem[] {
  return contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) => checkEntityKeys(table, entity, pointer('tables', at, 'entities', of))),
  );
}

function checkEntityKeys(table: ContractTable, entity: ContractEntity, at: string): Problem[] {
  const columns = columnTypes(entity);
  const attributes = new Map(entity.attributes.map((attribute) => [attribute.name, attribute]));
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
    problems.push(...checkTemplate(parsed, key, columns, place));
    const own = attributes.get(key.name);
    if (own && !(parsed.native !== null && directColumn(own, entity.source_table) === parsed.native)) {
      problems.push(problem(place, `fills ${key.name}, which is an attribute of another value`));
    }
    return parsed;
  };

  const pk = check(entity.pk_template, table.pk, `${at}/pk_template`);
  const sk = check(entity.sk_template, table.sk, `${at}/sk_template`);
  const used = new Set([...(pk?.columns ?? []), ...(sk?.columns ?? [])]);
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
    .filter((index) => !table.entities.some((candidate) => candidate.index_templates[index.index_name]))
    .map((index) =>
      problem(`${at}/index_templates`, `and those of all other entities lack the index ${index.index_name}`),
    );
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
    } else if (part.fold && family !== 'text') {
      problems.push(problem(place, `folds ${part.column}, which is no text`));
    } else if (!part.fold && needsFold(type)) {
      problems.push(problem(place, `needs {${part.column}:fold}: MySQL compares it by ${type.collation}`));
    }
  }
  const native = parsed.native === null ? undefined : columns.get(parsed.native);
  const expected = native ? attributeType(native) : 'S';
  if (expected !== null && expected !== key.type) {
    problems.push(problem(place, `gives a key of type ${expected}, but the key is ${key.type}`));
  }
  return problems;
}
