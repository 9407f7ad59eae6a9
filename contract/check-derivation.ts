import nodeSqlParser from 'node-sql-parser';
import type { Analysis } from '../core/analysis.ts';
import { problem, type Problem } from './problem.ts';
import type { ContractAttribute, ContractJoin } from './types.ts';

const parser = new nodeSqlParser.Parser();

/** Rules of joins, calculations and transformations: tables and columns exist, conditions are SQL. */
export function checkDerivation(attribute: ContractAttribute, place: string, analysis?: Analysis): Problem[] {
  const problems: Problem[] = [];
  if (attribute.join) problems.push(...checkJoin(attribute, attribute.join, `${place}/join`, analysis));
  const calculation = attribute.calculation;
  if (calculation?.type === 'aggregate') {
    problems.push(...condition(calculation.join_condition, `${place}/calculation/join_condition`));
    const counted = calculation.operation === 'COUNT' && calculation.select_column === '*';
    const column = counted ? null : calculation.select_column;
    problems.push(...columnExists(calculation.target_table, column, `${place}/calculation`, analysis));
  } else if (calculation?.type === 'case') {
    calculation.cases.forEach((one, at) =>
      problems.push(...condition(one.when, `${place}/calculation/cases/${at}/when`)),
    );
  } else if (calculation?.type === 'concat' && typeof attribute.source_column === 'string') {
    problems.push(problem(`${place}/source_column`, 'of a concat must be a list of columns'));
  } else if (calculation?.type === 'date-math') {
    problems.push(...condition(calculation.expression, `${place}/calculation/expression`));
  }
  return problems;
}

checkDerivation.condition = condition;

function checkJoin(attribute: ContractAttribute, join: ContractJoin, place: string, analysis?: Analysis): Problem[] {
  switch (join.type) {
    case 'self-join':
      return [
        ...condition(join.join_condition, `${place}/join_condition`),
        ...columnExists(attribute.source_table, join.select_column, place, analysis),
      ];
    case 'foreign-key':
    case 'lookup-table':
      return hop(join, place, analysis);
    case 'multi-column':
      return [
        ...join.join_conditions.flatMap((text, at) => condition(text, `${place}/join_conditions/${at}`)),
        ...columnExists(join.target_table, join.select_column, place, analysis),
      ];
    case 'conditional':
      return [...condition(join.condition, `${place}/condition`), ...hop(join, place, analysis)];
    case 'path':
      return [join.parent_column, join.key_column, join.select_column].flatMap((column) =>
        columnExists(attribute.source_table, column, place, analysis),
      );
    case 'chain':
      return join.joins.flatMap((one, at) => hop(one, `${place}/joins/${at}`, analysis));
    case 'json-construction': {
      const { construction } = join;
      const fits = { array: ['L', 'S'], object: ['M', 'S'], set: ['SS', 'NS', 'BS'] }[construction.type];
      return [
        ...condition(join.join_condition, `${place}/join_condition`),
        ...construction.select_columns.flatMap((column, at) =>
          columnExists(join.target_table, column, `${place}/construction/select_columns/${at}`, analysis),
        ),
        ...(fits.includes(attribute.type)
          ? []
          : [problem(`${place}/construction/type`, `is ${construction.type}, but the attribute is ${attribute.type}`)]),
      ];
    }
  }
}

function hop(
  join: { readonly target_table: string; readonly join_condition: string; readonly select_column: string },
  place: string,
  analysis?: Analysis,
): Problem[] {
  return [
    ...condition(join.join_condition, `${place}/join_condition`),
    ...columnExists(join.target_table, join.select_column, place, analysis),
  ];
}

/** Whether a text is one SQL expression, by a real parser of MySQL's grammar. */
function condition(text: string, place: string): Problem[] {
  try {
    const parsed = parser.astify(`SELECT 1 FROM t WHERE ${text}`, { database: 'MySQL' });
    const statements = Array.isArray(parsed) ? parsed : [parsed];
    const [only] = statements;
    // Text that goes on after the condition, or starts another statement, is no condition.
    const plain = statements.length === 1 && only?.type === 'select' && !('_next' in only && only._next);
    const extras = plain ? [only.groupby, only.orderby, only.limit, only.having] : [];
    const clean = extras.every((part) => isNothing(part));
    return plain && clean ? [] : [problem(place, 'is more than one condition')];
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 120) : '';
    return [problem(place, `is no SQL condition: ${reason}`)];
  }
}

/** The parser gives absent clauses as null, or as objects with nothing in them. */
function isNothing(part: unknown): boolean {
  if (part === null || part === undefined) return true;
  if (Array.isArray(part)) return part.length === 0;
  return typeof part === 'object' && Object.values(part).every((value) => isNothing(value) || value === '');
}

function columnExists(table: string, column: string | null, place: string, analysis?: Analysis): Problem[] {
  if (!analysis) return [];
  const facts = analysis.tables.find(({ name }) => name === table);
  if (!facts) return [problem(place, `uses the table ${table}, which does not exist`)];
  if (column === null || facts.columns.some(({ name }) => name === column)) return [];
  return [problem(place, `uses ${table}.${column}, which does not exist`)];
}
