import { condition, emit, lambda, type Place } from './emit-expression.ts';
import { emitRows, type Writing } from './pipeline.ts';
import { memberTexts } from './derived.ts';
import { orderText, pageText } from './emit-order.ts';
import { emitQuery } from './emit-query.ts';
import { Refusal } from './refusal.ts';
import { entityOf, Scope, walk } from './scope.ts';
import type { EntityModel } from '../../../runtime/store/model.ts';
import type { Assignment, Change, Expression, Insert } from './statement.ts';

/** Writes the body of a writing method: one call of `store.write`. */
export async function emitWrite(writing: Writing, statement: Insert | Change): Promise<string[]> {
  const lines =
    statement.kind === 'insert' ? await emitInsert(writing, statement) : await emitChange(writing, statement);
  return [`return store.write(unit, async (${writing.reader}) => {`, ...lines, '});'];
}

async function emitChange(writing: Writing, change: Change): Promise<string[]> {
  const lines: string[] = [];
  const items = change.orderBy.kind === 'fixed' ? change.orderBy.items : undefined;
  const rows = await emitRows(
    writing,
    {
      sources: [change.source],
      where: change.where,
      later: [],
      ...(items === undefined || items.length === 0 ? {} : { order: items, limit: change.limit }),
    },
    lines,
  );
  let text = rows.ordered ? rows.text : orderText(rows.text, change.orderBy, rows.place, writing, lines);
  if (change.limit !== null) text = pageText(text, change.limit, rows.place);
  const bound = rows.place.scope.bounds[0];
  if (bound === undefined) throw new Refusal('No table is written.', 'Name one.');
  if (rows.place.tuples) text = `${text}.map(({ ${bound.variable} }) => ${bound.variable})`;
  writing.plan.push(
    `${change.kind === 'delete' ? 'Delete' : 'Put'} in one transaction, each on condition of its version`,
  );
  if (change.kind === 'delete') return [...lines, `return ${writing.reader}.delete(${text});`];
  const place: Place = { ...rows.place, tuples: false, attached: [], used: new Set() };
  checkAssignments(change.set, bound.entity, rows.place.scope);
  const body = assignmentsText(change.set, place);
  return [...lines, `return ${writing.reader}.update(${text}, ${lambda(place, body)});`];
}

async function emitInsert(writing: Writing, insert: Insert): Promise<string[]> {
  const lines: string[] = [];
  const entity = entityOf(writing.model, insert.table);
  const columns = insert.columns.length > 0 ? insert.columns : Object.keys(entity.columns);
  for (const column of columns) columnOf(entity, column);
  const rows = await rowsText(writing, insert, columns, lines);
  const name = JSON.stringify(insert.table);
  const { reader } = writing;
  writing.plan.push(`Put ${entity.table} if its keys are free, in one transaction`);
  if (insert.onDuplicate === null) {
    const method = { insert: 'insert', ignore: 'insertIgnore', replace: 'replace' }[insert.mode];
    return [...lines, `return ${reader}.${method}(${name}, ${rows});`];
  }
  const variable = writing.fresh('row');
  const values = writing.fresh('values');
  const scope = new Scope([{ alias: insert.table, variable, entity }]);
  const place: Place = { ...blank(writing, scope), values };
  checkAssignments(insert.onDuplicate, entity, scope);
  const body = assignmentsText(insert.onDuplicate, place);
  const usesValues = place.used.has(values);
  const names = usesValues
    ? [place.used.has(variable) ? variable : `_${variable}`, values]
    : place.used.has(variable)
      ? [variable]
      : [];
  return [...lines, `return ${reader}.upsert(${name}, ${rows}, (${names.join(', ')}) => (${body}));`];
}

async function rowsText(
  writing: Writing,
  insert: Insert,
  columns: readonly string[],
  lines: string[],
): Promise<string> {
  const { rows } = insert;
  if ('parameter' in rows) {
    const parameter = writing.marked.parameters[rows.parameter];
    return `sql.namedRows(${parameter?.expression ?? '[]'}, [${columns.map((column) => `'${column}'`).join(', ')}])`;
  }
  if ('kind' in rows) {
    const found = await emitQuery(writing, rows, lines, { named: false });
    if (found.columns.length !== columns.length) {
      throw new Refusal('The SELECT gives not as many values as columns.', 'Name the columns.');
    }
    const place: Place = { ...found.place, used: new Set() };
    return `${found.text}.map(${lambda(place, `{ ${memberTexts(found.columns, columns, place).join(', ')} }`)})`;
  }
  const place = blank(writing, new Scope([]));
  const texts = rows.map((row) => {
    if (row.length !== columns.length)
      throw new Refusal('A row has not as many values as columns.', 'Name the columns.');
    return `{ ${row.map((value, position) => `${columns[position] ?? ''}: ${emit(value, place)}`).join(', ')} }`;
  });
  return `[${texts.join(', ')}]`;
}

function blank(writing: Writing, scope: Scope): Place {
  return {
    scope,
    marked: writing.marked,
    reader: writing.reader,
    subqueries: new Map(),
    attached: [],
    outerUsed: new Set(),
    used: new Set(),
    tuples: false,
  };
}

function assignmentsText(assignments: readonly Assignment[], place: Place): string {
  const members = assignments.map(({ column, value }) => {
    if (value.kind !== 'optional') return `${column}: ${emit(value, place)}`;
    const member = `{ ${column}: ${emit(unwrapped(value.expression), place)} }`;
    return `...(${condition(value.condition, place)} ? ${member} : {})`;
  });
  return `{ ${members.join(', ')} }`;
}

function unwrapped(expression: Expression): Expression {
  return expression.kind === 'list' && expression.items[0] !== undefined ? expression.items[0] : expression;
}

function columnOf(entity: EntityModel, column: string): void {
  if (entity.columns[column] !== undefined) return;
  throw new Refusal(`The contract has no column ${entity.sourceTable}.${column}.`, 'Map the column in the contract.');
}

/** MySQL assigns from left to right, so that a later value sees the earlier ones; here all see the row as it was. */
function checkAssignments(assignments: readonly Assignment[], entity: EntityModel, scope: Scope): void {
  const done = new Set<string>();
  for (const { column, value } of assignments) {
    columnOf(entity, column);
    for (const part of walk(value)) {
      if (part.kind !== 'column' || scope.find(part.table, part.column) === undefined || !done.has(part.column))
        continue;
      throw new Refusal(
        `${column} is computed from ${part.column}, which the same SET changes first.`,
        'Swap the two.',
      );
    }
    done.add(column);
  }
}
