import type { Analysis, ColumnFacts } from '../core/analysis.ts';
import { sourceType } from './attribute-type.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type { MigrationContract } from './types.ts';

/** Rules between the contract and the source: all of it is there, and nothing that the source has not. */
export function checkCoverage(contract: MigrationContract, analysis: Analysis): Problem[] {
  const source = new Map(
    analysis.tables.map((table) => [table.name, new Map(table.columns.map((column) => [column.name, column]))]),
  );
  const problems: Problem[] = [];
  if (contract.source_database !== analysis.database) {
    problems.push(problem('/source_database', `is ${contract.source_database}, but ${analysis.database} was analysed`));
  }
  const accounted = new Set<string>();
  contract.tables.forEach((table, at) =>
    table.entities.forEach((entity, of) => {
      const place = pointer('tables', at, 'entities', of);
      if (!source.has(entity.source_table)) {
        problems.push(problem(`${place}/source_table`, `is ${entity.source_table}, which does not exist`));
        return;
      }
      entity.attributes.forEach((attribute, which) => {
        const direct = directColumn(attribute, entity.source_table);
        const columns =
          typeof attribute.source_column === 'string' ? [attribute.source_column] : attribute.source_column;
        for (const name of columns) {
          const column = source.get(attribute.source_table)?.get(name);
          const here = `${place}/attributes/${which}`;
          if (!column)
            problems.push(
              problem(`${here}/source_column`, `is ${attribute.source_table}.${name}, which does not exist`),
            );
          else if (direct !== null) problems.push(...typeDiffers(attribute.source_type, column, here));
        }
        if (direct !== null) accounted.add(key(entity.source_table, direct));
      });
    }),
  );
  contract.dropped_columns.forEach((dropped, at) => {
    const place = pointer('dropped_columns', at);
    const id = key(dropped.source_table, dropped.source_column);
    if (!source.get(dropped.source_table)?.has(dropped.source_column))
      problems.push(problem(place, 'does not exist in the source'));
    if (accounted.has(id)) problems.push(problem(place, 'is mapped or dropped elsewhere too'));
    if (dropped.reason.trim() === '') problems.push(problem(`${place}/reason`, 'is empty'));
    accounted.add(id);
  });
  for (const [table, columns] of source) {
    for (const column of columns.keys()) {
      if (!accounted.has(key(table, column)))
        problems.push(problem('/tables', `lack ${table}.${column}, which is not dropped either`));
    }
  }
  return [...problems, ...patternCoverage(contract, analysis)];
}

function patternCoverage(contract: MigrationContract, analysis: Analysis): Problem[] {
  const known = new Set(analysis.accessPatterns.map(({ id }) => id));
  const named = new Set(contract.access_patterns.map(({ id }) => id));
  const unknown = contract.access_patterns.flatMap((service, at) =>
    known.has(service.id)
      ? []
      : [problem(pointer('access_patterns', at, 'id'), `is ${service.id}, which was not analysed`)],
  );
  const missing = [...known].filter((id) => !named.has(id)).map((id) => problem('/access_patterns', `lack ${id}`));
  return [...unknown, ...missing];
}

function typeDiffers(stated: ReturnType<typeof sourceType>, column: ColumnFacts, place: string): Problem[] {
  const actual = sourceType(column) as unknown as Record<string, unknown>;
  const given = stated as unknown as Record<string, unknown>;
  return Object.keys({ ...actual, ...given })
    .filter((field) => JSON.stringify(actual[field]) !== JSON.stringify(given[field]))
    .map((field) =>
      problem(`${place}/source_type/${field}`, `differs from the column ${column.name} as it was analysed`),
    );
}

function key(table: string, column: string): string {
  return JSON.stringify([table, column]);
}
