import { attributeType } from './attribute-type.ts';
import type { Expressions, Scope } from './expression-scope.ts';
import { problem, type Problem } from './problem.ts';
import type { Expression } from './sql-expression.ts';
import type { ContractAttribute, ContractEntity, ContractJoin, JoinHop, SourceType } from './types.ts';

/** The most that an item holds (Developer Guide, "Service quotas"). */
const ITEM_BYTES = 400 * 1024;

/** Rules of a join: its rows exist, it finds as many as its type says, and what it gives fits the attribute. */
export function checkJoin(
  attribute: ContractAttribute,
  join: ContractJoin,
  entity: ContractEntity,
  place: string,
  expressions: Expressions,
): Problem[] {
  const problems: Problem[] = [];
  const own = entity.source_table;
  const row: Scope = new Map([[own, own]]);
  const one = (hop: JoinHop, from: Scope, at: string): SourceType | undefined =>
    oneRow(hop, [[hop.join_condition, `${at}/join_condition`]], from, at, expressions, problems);
  const fits = (type: SourceType | undefined): void => {
    if (type) problems.push(...typeFits(attribute, type, `${place}/select_column`));
  };
  switch (join.type) {
    case 'self-join':
      fits(one({ ...join, target_table: own }, row, place));
      problems.push(...literalFits(attribute, join.null_value, `${place}/null_value`));
      break;
    case 'foreign-key':
    case 'lookup-table':
      fits(one(join, row, place));
      break;
    case 'multi-column':
      fits(
        oneRow(
          { ...join, join_condition: '' },
          join.join_conditions.map((text, at) => [text, `${place}/join_conditions/${at}`] as const),
          row,
          place,
          expressions,
          problems,
        ),
      );
      break;
    case 'conditional':
      expressions.check(join.condition, row, `${place}/condition`, problems);
      fits(one(join, row, place));
      problems.push(...literalFits(attribute, join.else_value, `${place}/else_value`));
      break;
    case 'chain': {
      let known: Scope = row;
      let last: SourceType | undefined;
      join.joins.forEach((hop, at) => {
        last = one(hop, known, `${place}/joins/${at}`);
        known = new Map([...known, [hop.join_alias ?? hop.target_table, hop.target_table]]);
      });
      if (join.chain_separator === undefined && last)
        problems.push(...typeFits(attribute, last, `${place}/joins/${join.joins.length - 1}/select_column`));
      else if (join.chain_separator !== undefined && attribute.type !== 'S')
        problems.push(problem(`${place}/chain_separator`, `makes text, but the attribute is ${attribute.type}`));
      break;
    }
    case 'json-construction':
      construct(attribute, join, row, own, place, expressions, problems);
      break;
    case 'path':
      for (const field of ['parent_column', 'key_column', 'select_column'] as const) {
        if (expressions.table(own)?.columns.has(join[field]) === false)
          problems.push(problem(`${place}/${field}`, `is ${own}.${join[field]}, which does not exist`));
      }
      if (attribute.type !== 'S') problems.push(problem(place, `makes text, but the attribute is ${attribute.type}`));
      break;
  }
  return problems;
}

/** A join that gives one value must find at most one row: its equalities name a unique key of the target. */
function oneRow(
  hop: JoinHop,
  conditions: readonly (readonly [string, string])[],
  from: Scope,
  place: string,
  expressions: Expressions,
  problems: Problem[],
): SourceType | undefined {
  const name = nameOf(hop, from, place, expressions, problems);
  if (name === undefined) return undefined;
  const scope = new Map([...from, [name, hop.target_table]]);
  const read = conditions.map(([text, at]) => expressions.check(text, scope, at, problems));
  if (read.every((condition) => condition !== undefined)) {
    const bound = boundColumns(read, name);
    const keys = expressions.table(hop.target_table)?.uniqueKeys ?? [];
    if (!keys.some((key) => key.every((column) => bound.has(column)))) {
      const wanted = keys.map((key) => key.join(' and ')).join(', or ');
      const at = conditions[0]?.[1] ?? place;
      const found = `can find several rows of ${hop.target_table}, but gives one value`;
      problems.push(problem(at, wanted === '' ? found : `${found}: it does not bind ${wanted}`));
    }
  }
  return expressions.selected(hop.select_column, hop.target_table, name, `${place}/select_column`, problems);
}

/** What the joined row is called; two rows of one name would be one row. */
function nameOf(
  hop: { readonly target_table: string; readonly join_alias?: string },
  from: Scope,
  place: string,
  expressions: Expressions,
  problems: Problem[],
): string | undefined {
  if (!expressions.table(hop.target_table)) {
    problems.push(problem(`${place}/target_table`, `is ${hop.target_table}, which does not exist`));
    return undefined;
  }
  const name = hop.join_alias ?? hop.target_table;
  if (from.has(name)) {
    const at = hop.join_alias === undefined ? 'target_table' : 'join_alias';
    problems.push(
      problem(`${place}/${at}`, `is ${name}, which names another row already: give it an alias of its own`),
    );
    return undefined;
  }
  return name;
}

function boundColumns(conditions: readonly Expression[], name: string): Set<string> {
  return new Set(
    conditions.flatMap(({ equalities }) =>
      equalities.flatMap(([left, right]) => {
        if (left.table === right.table) return [];
        return [left, right].filter((side) => side.table === name).map((side) => side.column);
      }),
    ),
  );
}

function construct(
  attribute: ContractAttribute,
  join: Extract<ContractJoin, { type: 'json-construction' }>,
  row: Scope,
  own: string,
  place: string,
  expressions: Expressions,
  problems: Problem[],
): void {
  const { construction } = join;
  const fitting = { array: ['L', 'S'], object: ['M', 'S'], set: ['SS', 'NS', 'BS'] }[construction.type];
  const at = `${place}/construction`;
  if (!fitting.includes(attribute.type))
    problems.push(problem(`${at}/type`, `is ${construction.type}, but the attribute is ${attribute.type}`));
  const name = nameOf(join, row, place, expressions, problems);
  if (name === undefined) return;
  const scope = new Map([...row, [name, join.target_table]]);
  const condition = expressions.check(join.join_condition, scope, `${place}/join_condition`, problems);
  const selected = Object.entries<string>(construction.select_columns as Record<string, string>);
  for (const [key, text] of selected)
    expressions.selected(text, join.target_table, name, `${at}/select_columns/${key}`, problems);
  if (construction.type === 'set' && selected.length !== 1)
    problems.push(problem(`${at}/select_columns`, 'of a set must be one column'));
  if (construction.order_by !== undefined) {
    if (construction.type !== 'array')
      problems.push(problem(`${at}/order_by`, `is given, but a ${construction.type} has no order`));
    expressions.order(construction.order_by, new Map([[name, join.target_table]]), `${at}/order_by`, problems);
  }
  const facts = expressions.table(join.target_table);
  if (construction.type === 'object') {
    const bound = condition ? boundColumns([condition], name) : new Set<string>();
    if (condition && !facts?.uniqueKeys.some((key) => key.every((column) => bound.has(column))))
      problems.push(problem(`${place}/join_condition`, `can find several rows of ${join.target_table}, but makes one object`)); // prettier-ignore
    return;
  }
  if (construction.limit !== undefined && construction.type === 'array' && construction.order_by === undefined)
    problems.push(problem(`${at}/limit`, 'takes some rows and leaves others, but no order says which'));
  if (facts?.largestRow === undefined) return;
  const rows = construction.limit ?? facts.mostChildrenOf.get(own);
  if (rows === undefined)
    problems.push(problem(`${at}/limit`, `is missing, and nothing is known of how many rows of ${join.target_table} there are for one`)); // prettier-ignore
  else if (rows * facts.largestRow > ITEM_BYTES)
    problems.push(problem(`${at}/limit`, `allows ${rows} rows of up to ${facts.largestRow} bytes, more than an item holds`)); // prettier-ignore
}

/** The value of one column must have the attribute's type; text can be made of everything that has a text. */
export function typeFits(attribute: ContractAttribute, type: SourceType, place: string): Problem[] {
  const actual = attributeType(type);
  return actual === null || actual === attribute.type || attribute.type === 'S'
    ? []
    : [problem(place, `gives ${type.data_type}, but the attribute is ${attribute.type}`)];
}

/** What stands in the place of a missing row must have the attribute's type too. */
function literalFits(attribute: ContractAttribute, value: string | null | undefined, place: string): Problem[] {
  if (value === undefined || value === null || attribute.type === 'S') return [];
  if (attribute.type === 'N' && /^-?\d+(\.\d+)?$/.test(value)) return [];
  return [problem(place, `is ${JSON.stringify(value.slice(0, 40))}, but the attribute is ${attribute.type}`)];
}
