import { valueFamily } from './attribute-type.ts';
import { checkJoin, typeFits } from './check-join.ts';
import type { Expressions, Scope } from './expression-scope.ts';
import { problem, type Problem } from './problem.ts';
import type { ContractAttribute, ContractCalculation, ContractEntity, ContractTransformation } from './types.ts';

/** Rules of joins, calculations and transformations: what they read exists, and what they give fits. */
export function checkDerivation(
  attribute: ContractAttribute,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const { join, calculation, transformation } = attribute;
  return [
    ...(join ? checkJoin(attribute, join, entity, `${place}/join`, expressions) : []),
    ...(calculation ? checkCalculation(attribute, calculation, entity, place, expressions) : []),
    ...(transformation ? checkTransformation(attribute, transformation, entity, place, expressions) : []),
  ];
}

function checkCalculation(
  attribute: ContractAttribute,
  calculation: ContractCalculation,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const problems: Problem[] = [];
  const own = entity.source_table;
  const row: Scope = new Map([[own, own]]);
  const at = `${place}/calculation`;
  const gives = (types: readonly string[], what: string): void => {
    if (!types.includes(attribute.type))
      problems.push(problem(`${place}/type`, `is ${attribute.type}, but ${what} gives ${types.join(' or ')}`));
  };
  switch (calculation.type) {
    case 'aggregate': {
      const target = calculation.target_table;
      const name = calculation.join_alias ?? target;
      if (!expressions.table(target)) return [problem(`${at}/target_table`, `is ${target}, which does not exist`)];
      if (name === own) return [problem(`${at}/target_table`, `is ${own} itself: give it an alias of its own`)];
      expressions.check(
        calculation.join_condition,
        new Map([...row, [name, target]]),
        `${at}/join_condition`,
        problems,
      );
      const counted = calculation.operation === 'COUNT' && calculation.select_column === '*';
      const type = counted
        ? undefined
        : expressions.selected(calculation.select_column, target, name, `${at}/select_column`, problems);
      if (calculation.operation === 'MIN' || calculation.operation === 'MAX') {
        if (type) problems.push(...typeFits(attribute, type, `${at}/select_column`));
      } else gives(['N'], calculation.operation);
      break;
    }
    case 'case':
      calculation.cases.forEach((one, which) => {
        expressions.check(one.when, row, `${at}/cases/${which}/when`, problems);
        expressions.check(one.then, row, `${at}/cases/${which}/then`, problems);
      });
      if (typeof calculation.else === 'string') expressions.check(calculation.else, row, `${at}/else`, problems);
      gives(['S', 'N', 'BOOL'], 'a case');
      break;
    case 'concat':
      if (typeof attribute.source_column === 'string')
        problems.push(problem(`${place}/source_column`, 'of a concat must be a list of columns'));
      gives(['S'], 'a concat');
      break;
    case 'date-math':
      expressions.check(calculation.expression, row, `${at}/expression`, problems);
      gives(['S', 'N'], 'date arithmetic');
      break;
    case 'object':
      if (typeof attribute.source_column === 'string')
        problems.push(problem(`${place}/source_column`, 'of an object must be a list of columns'));
      gives(['M'], 'an object');
      break;
  }
  return [...problems, ...sourceColumns(attribute, entity, place, expressions)];
}

/** Which values each transformation takes, and the attribute types that it gives. */
const TRANSFORMATIONS = {
  'date-format': { of: ['temporal'], gives: ['S', 'N'] },
  'string-format': { of: ['text', 'json', 'integer', 'decimal', 'float', 'temporal'], gives: ['S'] },
  'number-format': { of: ['integer', 'decimal', 'float', 'text'], gives: ['S', 'N'] },
  'json-parse': { of: ['json', 'text'], gives: ['M', 'L', 'S', 'N', 'BOOL'] },
} as const;

function checkTransformation(
  attribute: ContractAttribute,
  transformation: ContractTransformation,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const problems = sourceColumns(attribute, entity, place, expressions);
  if (transformation.type === 'static') {
    if (attribute.type === 'N' && !/^-?\d+(\.\d+)?$/.test(transformation.value))
      problems.push(problem(`${place}/transformation/value`, 'is no number, but the attribute is N'));
    return problems;
  }
  const { of, gives } = TRANSFORMATIONS[transformation.type];
  if (!(gives as readonly string[]).includes(attribute.type))
    problems.push(problem(`${place}/type`, `is ${attribute.type}, but ${transformation.type} gives ${gives.join(' or ')}`)); // prettier-ignore
  const column = typeof attribute.source_column === 'string' ? attribute.source_column : undefined;
  if (column === undefined) return [...problems, problem(`${place}/source_column`, 'of a transformation must be one')];
  const type = expressions.table(attribute.source_table)?.columns.get(column);
  const family = type ? valueFamily(type.data_type) : null;
  if (type && (family === null || !(of as readonly string[]).includes(family)))
    problems.push(problem(`${place}/transformation/type`, `can not be applied to ${type.data_type}`));
  if (transformation.type === 'date-format' && !/YY|MM|DD|HH|mm|ss|%[a-zA-Z]/.test(transformation.format))
    problems.push(problem(`${place}/transformation/format`, 'names no part of a date or time'));
  return problems;
}

/** The columns that a calculation or transformation starts from are the row's own. */
function sourceColumns(
  attribute: ContractAttribute,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const facts = expressions.table(entity.source_table);
  if (attribute.source_table !== entity.source_table || !facts) return [];
  return [attribute.source_column]
    .flat()
    .filter((column) => !facts.columns.has(column))
    .map((column) => problem(`${place}/source_column`, `is ${entity.source_table}.${column}, which does not exist`));
}
