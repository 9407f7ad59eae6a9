import { pointer, problem, type Problem } from './problem.ts';
import type { ContractTable, MigrationContract } from './types.ts';

/** Rules of tables as wholes: different names, kinds that fit what they hold, one support table where it is needed. */
export function checkTables(contract: MigrationContract): Problem[] {
  const problems: Problem[] = [];
  duplicates(contract.tables.map((table) => table.table.toLowerCase())).forEach((at) => {
    problems.push(problem(pointer('tables', at, 'table'), 'is the name of another table too'));
  });
  const sources = contract.tables.flatMap((table, at) =>
    table.entities.map((entity, of) => ({
      source: entity.source_table,
      at: pointer('tables', at, 'entities', of, 'source_table'),
    })),
  );
  duplicates(sources.map(({ source }) => source)).forEach((which) => {
    problems.push(problem(sources[which]?.at ?? '', 'has its rows in another entity too'));
  });
  contract.tables.forEach((table, at) => problems.push(...checkTable(table, at)));
  const support = contract.tables.filter((table) => table.type === 'support');
  const guarded = contract.tables.some((table) => table.entities.some((entity) => entity.uniques.length > 0));
  if (support.length > 1) problems.push(problem('/tables', 'has more than one support table'));
  if (support.length === 0 && (guarded || contract.id_allocation.length > 0)) {
    problems.push(problem('/tables', 'has no support table for its unique keys and ids'));
  }
  return problems;
}

function checkTable(table: ContractTable, at: number): Problem[] {
  const problems: Problem[] = [];
  const place = (...steps: (string | number)[]) => pointer('tables', at, ...steps);
  const counts = { 'single-entity': [1, 1], 'multi-entity': [1, Infinity], support: [0, 0] } as const;
  const [least, most] = counts[table.type];
  if (table.entities.length < least || table.entities.length > most) {
    problems.push(
      problem(place('entities'), `has ${table.entities.length} entities, which does not fit ${table.type}`),
    );
  }
  if (table.type === 'single-entity') {
    if (table.source_table !== table.entities[0]?.source_table) {
      problems.push(problem(place('source_table'), 'is not the source table of its entity'));
    }
  } else if (table.source_table !== null) {
    problems.push(problem(place('source_table'), `must be null in a ${table.type} table`));
  }
  if (table.type === 'support' && (table.pk.type !== 'S' || table.sk !== null || table.gsis.length > 0)) {
    problems.push(problem(place('pk'), 'of a support table must be one string, with neither sort key nor indexes'));
  }
  if (table.sk?.name === table.pk.name) problems.push(problem(place('sk', 'name'), 'is the partition key too'));
  duplicates(table.gsis.map((index) => index.index_name)).forEach((which) => {
    problems.push(problem(place('gsis', which, 'index_name'), 'is the name of another index too'));
  });
  duplicates(table.entities.map((entity) => entity.entity_type)).forEach((which) => {
    problems.push(problem(place('entities', which, 'entity_type'), 'is another entity of this table too'));
  });
  problems.push(...keyTypes(table, place));
  return problems;
}

/** An attribute that is a key in several places has one type in all of them, as DynamoDB demands. */
function keyTypes(table: ContractTable, place: (...steps: (string | number)[]) => string): Problem[] {
  const types = new Map([table.pk, ...(table.sk ? [table.sk] : [])].map((key) => [key.name, key.type]));
  const problems: Problem[] = [];
  table.gsis.forEach((index, which) => {
    if (index.sk?.name === index.pk.name)
      problems.push(problem(place('gsis', which, 'sk', 'name'), 'is the partition key too'));
    for (const part of ['pk', 'sk'] as const) {
      const key = index[part];
      if (!key) continue;
      const known = types.get(key.name);
      if (known !== undefined && known !== key.type) {
        problems.push(
          problem(place('gsis', which, part, 'type'), `is ${key.type}, but ${key.name} is ${known} elsewhere`),
        );
      }
      types.set(key.name, key.type);
    }
    if (
      index.projection === 'INCLUDE' ? index.projected_attributes.length === 0 : index.projected_attributes.length > 0
    ) {
      problems.push(
        problem(place('gsis', which, 'projected_attributes'), `does not fit the projection ${index.projection}`),
      );
    }
  });
  return problems;
}

/** Positions of values that stood before. */
export function duplicates(values: readonly string[]): number[] {
  const seen = new Set<string>();
  return values.flatMap((value, at) => {
    if (seen.has(value)) return [at];
    seen.add(value);
    return [];
  });
}
