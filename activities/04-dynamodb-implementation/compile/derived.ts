import type { EntityModel } from '../../../runtime/store/model.ts';
import { emit, lambda, type Place } from './emit-expression.ts';
import { type Column, emitQuery } from './emit-query.ts';
import { namesCommon } from './parse-select.ts';
import type { Writing } from './pipeline.ts';
import { Refusal } from './refusal.ts';
import { columnOf, type ResultType } from './result-type.ts';
import type { CommonTable, Query, Union } from './statement.ts';

/** A table that a query made: rows in a variable. */
export interface DerivedTable {
  readonly variable: string;
  readonly entity: EntityModel;
}

/** Writes a query as a table, evaluated once: its rows in a variable. */
export async function emitTable(
  writing: Writing,
  name: string,
  query: Query,
  given: readonly string[] | null,
  lines: string[],
): Promise<DerivedTable> {
  const found = await emitQuery(writing, query, lines, { named: given === null });
  const names = found.columns.map((column, position) => given?.[position] ?? column.name ?? '');
  if (given !== null && given.length !== found.columns.length) {
    throw new Refusal(`${name} names more or fewer columns than its query gives.`, 'Name each of them.');
  }
  const own: Place = { ...found.place, used: new Set() };
  const rows = lambda(own, `{ ${memberTexts(found.columns, names, own).join(', ')} }`);
  const variable = writing.fresh(name);
  lines.push(`const ${variable} = ${found.text}.map(${rows});`);
  const types = found.columns.map(({ type }) => type);
  return { variable, entity: entityOfColumns(name, names, types) };
}

/** Writes the tables of a WITH clause that are read, each once, in their order. */
export async function emitCommonTables(writing: Writing, query: Query, lines: string[]): Promise<void> {
  for (const [position, table] of query.with.entries()) {
    const later = { ...query, with: query.with.slice(position + 1) };
    if (!namesCommon(later, table.id)) continue;
    const made = table.recursive
      ? await emitRecursive(writing, table, lines)
      : await emitTable(writing, table.name, table.query, table.columns, lines);
    writing.common.set(table.id, made);
  }
}

/** A table that reads itself: what came last gives what comes next, until nothing does. */
async function emitRecursive(writing: Writing, table: CommonTable, lines: string[]): Promise<DerivedTable> {
  const { query, id, name } = table;
  const help = 'Write it as first rows, UNION or UNION ALL, and one SELECT that reads the table itself.';
  const last = query.kind === 'union' ? query.rest.at(-1) : undefined;
  const limited = query.limit !== null || query.orderBy.kind !== 'fixed' || query.orderBy.items.length > 0;
  if (query.kind !== 'union' || last === undefined || limited) {
    throw new Refusal(`The recursive table ${name} has another form.`, help);
  }
  const before: Union | Union['first'] =
    query.rest.length === 1 ? { ...query.first, with: query.with } : { ...query, rest: query.rest.slice(0, -1) };
  if (namesCommon(before, id)) throw new Refusal(`${name} reads itself in more than one place.`, help);
  const { select } = last;
  if (select.groupBy.length > 0 || select.distinct || select.limit !== null) {
    throw new Refusal(`The recursive part of ${name} groups or limits its rows.`, help);
  }
  const first = await emitTable(writing, `first${upperFirst(name)}`, before, table.columns, lines);
  const latest = writing.fresh(`latest${upperFirst(name)}`);
  writing.common.set(id, { variable: latest, entity: first.entity });
  const inner: string[] = [];
  const found = await emitQuery(writing, select, inner, { named: false });
  const names = Object.keys(first.entity.columns);
  if (found.columns.length !== names.length) throw new Refusal(`The parts of ${name} have different columns.`, help);
  const own: Place = { ...found.place, used: new Set() };
  const members = memberTexts(found.columns, names, own).join(', ');
  inner.push(`return ${found.text}.map(${lambda(own, `{ ${members} }`)});`);
  const variable = writing.fresh(name);
  const once = last.all ? '' : ', true';
  const asynchronous = inner.some((line) => /\bawait\b/.test(line)) ? 'async ' : '';
  lines.push(
    `const ${variable} = await sql.recursive(${first.variable}, ${asynchronous}(${latest}) => { ${inner.join('\n')} }${once});`,
  );
  return { variable, entity: first.entity };
}

/** `name: value` for each column. */
export function memberTexts(columns: readonly Column[], names: readonly string[], place: Place): string[] {
  return columns.map(({ expression }, position) => {
    const name = names[position] ?? '';
    const value = emit(expression, place);
    if (name === value) return name;
    return `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${value}`;
  });
}

/** A table of a query's columns; nothing finds its rows but reading all of them. */
export function entityOfColumns(name: string, names: readonly string[], types: readonly ResultType[]): EntityModel {
  const columns = names.map((column, position) => {
    return [column, { attribute: column, ...columnOf(types[position] ?? { kind: 'text' }) }] as const;
  });
  return {
    ...{ sourceTable: name, entityType: name, table: name, primaryKey: [], pk: '', sk: null },
    ...{ indexes: {}, columns: Object.fromEntries(columns), uniques: [], references: [] },
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
