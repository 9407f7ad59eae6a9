import type { Analysis, ColumnFacts } from '../core/analysis.ts';
import { sourceType } from './attribute-type.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { directColumn } from './store-model.ts';
import type { MigrationContract, ReferentialAction } from './types.ts';

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
  return [...problems, ...foreignKeyCoverage(contract, analysis), ...patternCoverage(contract, analysis)];
}

/** Foreign keys are those of the source, and do what they do there. */
function foreignKeyCoverage(contract: MigrationContract, analysis: Analysis): Problem[] {
  const source = new Map(analysis.tables.map((table) => [table.name, table]));
  return contract.tables.flatMap((table, at) =>
    table.entities.flatMap((entity, of) => {
      const place = pointer('tables', at, 'entities', of, 'references');
      const keys = source.get(entity.source_table)?.foreignKeys ?? [];
      const named = new Set(entity.references.map(({ name }) => name));
      const missing = keys.filter(({ name }) => !named.has(name)).map(({ name }) => problem(place, `lack ${name}`));
      const wrong = entity.references.flatMap((reference, which): Problem[] => {
        const key = keys.find(({ name }) => name === reference.name);
        const here = `${place}/${which}`;
        const { on_update: onUpdate = 'RESTRICT' } = reference;
        if (!key) return [problem(`${here}/name`, `is ${reference.name}, which is no foreign key of the source`)];
        const same = (a: readonly string[], b: readonly string[]) => JSON.stringify(a) === JSON.stringify(b);
        return [
          ...(same(reference.columns, key.columns) ? [] : [problem(`${here}/columns`, 'differ from the source')]),
          ...(reference.target_table === key.referencedTable && same(reference.target_columns, key.referencedColumns)
            ? []
            : [problem(`${here}/target_columns`, 'differ from the source')]),
          ...(reference.on_delete === referentialAction(key.onDelete)
            ? []
            : [problem(`${here}/on_delete`, `is ${reference.on_delete}, but the source says ${key.onDelete}`)]),
          ...(onUpdate === referentialAction(key.onUpdate)
            ? []
            : [problem(`${here}/on_update`, `is ${onUpdate}, but the source says ${key.onUpdate}`)]),
        ];
      });
      return [...missing, ...wrong];
    }),
  );
}

/** MySQL's NO ACTION is RESTRICT, and InnoDB refuses SET DEFAULT (Manual, "FOREIGN KEY Constraints"). */
export function referentialAction(rule: string): ReferentialAction {
  const action = rule.toUpperCase();
  return action === 'CASCADE' || action === 'SET NULL' ? action : 'RESTRICT';
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
