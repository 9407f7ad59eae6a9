import type { Analysis } from '../core/analysis.ts';
import { checkDerivation } from './check-derivation.ts';
import { duplicates } from './check-tables.ts';
import { checkValuePolicy, encodedType } from './check-values.ts';
import { Expressions } from './expression-scope.ts';
import { pointer, problem, type Problem } from './problem.ts';
import { sourceFacts } from './source-facts.ts';
import { directColumn } from './store-model.ts';
import type { ContractAttribute, ContractEntity, ContractTable, MigrationContract } from './types.ts';

/** Attributes that every item may have for the store's own use (`docs/value-encoding.md`). */
const RESERVED = new Set(['_v', '_type', '_deleted']);

/** Rules of attributes: names, types that hold their column's values, at most one derivation. */
export function checkAttributes(contract: MigrationContract, analysis?: Analysis): Problem[] {
  const expressions = new Expressions(sourceFacts(contract, analysis));
  return contract.tables.flatMap((table, at) => [
    ...table.entities.flatMap((entity, of) =>
      checkEntity(table, entity, pointer('tables', at, 'entities', of), expressions),
    ),
    ...checkProjections(table, at),
  ]);
}

function checkEntity(table: ContractTable, entity: ContractEntity, place: string, expressions: Expressions): Problem[] {
  const problems = duplicates(entity.attributes.map(({ name }) => name)).map((at) =>
    problem(`${place}/attributes/${at}/name`, 'is another attribute of the entity too'),
  );
  const columns = entity.attributes.map((attribute) => directColumn(attribute, entity.source_table));
  duplicates(columns.map((column, at) => column ?? `\u0000${at}`)).forEach((at) => {
    problems.push(problem(`${place}/attributes/${at}/source_column`, 'is carried by another attribute too'));
  });
  entity.attributes.forEach((attribute, at) => {
    problems.push(...checkAttribute(attribute, entity, `${place}/attributes/${at}`, expressions));
  });
  if (entity.row_filter !== undefined) {
    const row = new Map([[entity.source_table, entity.source_table]]);
    expressions.check(entity.row_filter, row, `${place}/row_filter`, problems);
  }
  const ttl = table.ttl_attribute;
  if (ttl !== undefined && !entity.attributes.some(({ name, type }) => name === ttl && type === 'N')) {
    problems.push(problem(`${place}/attributes`, `lacks the number ${ttl}, by which the items of the table expire`));
  }
  return problems;
}

function checkAttribute(
  attribute: ContractAttribute,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const problems: Problem[] = [];
  if (RESERVED.has(attribute.name)) problems.push(problem(`${place}/name`, 'is reserved for the store itself'));
  const derivations = (['join', 'calculation', 'transformation'] as const).filter(
    (kind) => attribute[kind] !== undefined,
  );
  if (derivations.length > 1) problems.push(problem(place, `has ${derivations.join(' and ')}; at most one is allowed`));
  if (attribute.denormalized && !attribute.justification?.trim()) {
    problems.push(problem(place, 'is denormalized without a justification'));
  }
  if (
    attribute.source_table !== entity.source_table &&
    !attribute.join &&
    attribute.calculation?.type !== 'aggregate'
  ) {
    problems.push(
      problem(`${place}/source_table`, `is ${attribute.source_table}, but nothing joins it to ${entity.source_table}`),
    );
  }
  if (directColumn(attribute, entity.source_table) !== null) problems.push(...checkType(attribute, place));
  else if (derivations.length === 0) problems.push(problem(place, 'is made of several columns, but nothing says how'));
  problems.push(
    ...checkValuePolicy(attribute, entity, place),
    ...checkDerivation(attribute, entity, place, expressions),
  );
  return problems;
}

function checkType(attribute: ContractAttribute, place: string): Problem[] {
  const { source_type: source } = attribute;
  const expected = encodedType(attribute);
  if (expected === null)
    return [problem(`${place}/source_type/data_type`, `is ${source.data_type}, which has no encoding`)];
  if (expected !== attribute.type) {
    return [problem(`${place}/type`, `is ${attribute.type}, but values of ${source.data_type} are ${expected}`)];
  }
  const labelled = source.data_type === 'enum' || source.data_type === 'set';
  if (labelled !== (source.labels !== undefined)) {
    return [
      problem(`${place}/source_type/labels`, labelled ? 'is missing' : `is given, but ${source.data_type} has none`),
    ];
  }
  if (source.scale !== null && source.precision !== null && source.scale > source.precision) {
    return [problem(`${place}/source_type/scale`, 'is larger than the precision')];
  }
  return [];
}

function checkProjections(table: ContractTable, at: number): Problem[] {
  const known = new Set(table.entities.flatMap((entity) => entity.attributes.map(({ name }) => name)));
  return table.gsis.flatMap((index, which) =>
    index.projected_attributes.flatMap((name, nth) =>
      known.has(name)
        ? []
        : [
            problem(
              pointer('tables', at, 'gsis', which, 'projected_attributes', nth),
              `is ${name}, which is no attribute`,
            ),
          ],
    ),
  );
}
