import { valueFamily } from './attribute-type.ts';
import { checkTemplate, columnTypes, parse } from './check-keys.ts';
import { duplicates } from './check-tables.ts';
import { pointer, problem, type Problem } from './problem.ts';
import type { ContractEntity, MigrationContract } from './types.ts';

/** Rules of unique keys, foreign keys and allocated ids. */
export function checkConstraints(contract: MigrationContract): Problem[] {
  const entities = new Map(
    contract.tables.flatMap((table) => table.entities.map((entity) => [entity.source_table, entity] as const)),
  );
  const problems = contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) => {
      const place = pointer('tables', at, 'entities', of);
      return [...uniques(entity, place), ...references(entity, entities, place)];
    }),
  );
  return [...problems, ...guardsDiffer(contract), ...idAllocation(contract, entities)];
}

function uniques(entity: ContractEntity, place: string): Problem[] {
  const columns = columnTypes(entity);
  const problems: Problem[] = duplicates(entity.uniques.map(({ name }) => name)).map((at) =>
    problem(`${place}/uniques/${at}/name`, 'is another unique key too'),
  );
  entity.uniques.forEach((unique, at) => {
    const here = `${place}/uniques/${at}`;
    for (const column of unique.columns) {
      if (!columns.has(column))
        problems.push(problem(`${here}/columns`, `names ${column}, which is no attribute of the entity`));
    }
    const parsed = parse(unique.guard_template, `${here}/guard_template`, problems);
    if (!parsed) return;
    problems.push(...checkTemplate(parsed, { type: 'S' }, columns, `${here}/guard_template`));
    if (parsed.parts.some((part) => part.kind === 'column' && part.bucket !== undefined))
      problems.push(problem(`${here}/guard_template`, 'cuts a time, so different values would share a guard'));
    if (parsed.native !== null || parsed.parts[0]?.kind !== 'text') {
      problems.push(problem(`${here}/guard_template`, 'must begin with text, since all guards share a table'));
    }
    if (
      parsed.columns.length !== unique.columns.length ||
      unique.columns.some((column) => !parsed.columns.includes(column))
    ) {
      problems.push(problem(`${here}/guard_template`, `must use exactly ${unique.columns.join(', ')}`));
    }
  });
  return problems;
}

/** Two unique keys whose guards begin alike could refuse each other's values. */
function guardsDiffer(contract: MigrationContract): Problem[] {
  const guards = contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) =>
      entity.uniques.map((unique, which) => ({
        head: unique.guard_template.split('{')[0] ?? '',
        at: pointer('tables', at, 'entities', of, 'uniques', which, 'guard_template'),
      })),
    ),
  );
  const heads = guards.map(({ head }) => head);
  const problems = duplicates(heads).map((which) => problem(guards[which]?.at ?? '', 'begins like another guard'));
  const counters = guards.filter(({ head }) => head.startsWith('COUNTER#'));
  return [...problems, ...counters.map(({ at }) => problem(at, 'begins like an id counter'))];
}

/**
 * Foreign keys. `on_delete` and `on_update` say what happens to the rows that refer when the columns referred to go or
 * change: RESTRICT refuses, CASCADE does the same to them, SET NULL makes their columns NULL. Without `on_update`,
 * RESTRICT is meant.
 */
function references(entity: ContractEntity, entities: ReadonlyMap<string, ContractEntity>, place: string): Problem[] {
  const columns = columnTypes(entity);
  const problems: Problem[] = [];
  entity.references.forEach((reference, at) => {
    const here = `${place}/references/${at}`;
    const target = entities.get(reference.target_table);
    const targetColumns = target ? columnTypes(target) : undefined;
    if (reference.columns.length !== reference.target_columns.length) {
      problems.push(problem(`${here}/target_columns`, 'has another number of columns than the reference'));
    }
    for (const column of reference.columns) {
      const type = columns.get(column);
      if (!type) problems.push(problem(`${here}/columns`, `names ${column}, which is no attribute of the entity`));
      for (const action of ['on_delete', 'on_update'] as const) {
        if (type && reference[action] === 'SET NULL' && !type.nullable)
          problems.push(problem(`${here}/${action}`, `is SET NULL, but ${column} can not be NULL`));
      }
    }
    if (!target)
      problems.push(problem(`${here}/target_table`, `is ${reference.target_table}, which no entity comes from`));
    reference.target_columns.forEach((column, which) => {
      if (targetColumns?.has(column) === false)
        problems.push(problem(`${here}/target_columns`, `names ${column}, which is no attribute of the target`));
      const [from, to] = [columns.get(reference.columns[which] ?? ''), targetColumns?.get(column)];
      if (from && to && valueFamily(from.data_type) !== valueFamily(to.data_type))
        problems.push(
          problem(`${here}/target_columns`, `refers from ${from.data_type} to ${column}, a ${to.data_type}`),
        );
    });
  });
  return problems;
}

function idAllocation(contract: MigrationContract, entities: ReadonlyMap<string, ContractEntity>): Problem[] {
  const given = new Set(contract.id_allocation.map((id) => `${id.source_table}.${id.source_column}`));
  const problems: Problem[] = [];
  contract.id_allocation.forEach((id, at) => {
    const entity = entities.get(id.source_table);
    const type = entity && columnTypes(entity).get(id.source_column);
    if (!entity)
      problems.push(problem(pointer('id_allocation', at, 'source_table'), 'is no source table of an entity'));
    else if (!type?.auto_increment)
      problems.push(problem(pointer('id_allocation', at, 'source_column'), 'is no AUTO_INCREMENT column'));
  });
  duplicates(contract.id_allocation.map((id) => `${id.source_table}.${id.source_column}`)).forEach((at) => {
    problems.push(problem(pointer('id_allocation', at), 'is named twice'));
  });
  for (const [source, entity] of entities) {
    for (const [column, type] of columnTypes(entity)) {
      if (type.auto_increment && !given.has(`${source}.${column}`)) {
        problems.push(problem('/id_allocation', `lacks ${source}.${column}, which is AUTO_INCREMENT`));
      }
    }
  }
  return problems;
}
