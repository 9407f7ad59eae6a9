import type mysql from 'mysql2/promise';
import type { TableFacts } from '../../core/analysis.ts';
import { itemToRow, rowToItem, type SourceRow, type SourceValue } from '../../runtime/store/codec.ts';
import type { Names } from '../../sql/scope.ts';
import { expandTemplate } from '../../sql/template-variants.ts';
import { tokenise } from '../../sql/tokens.ts';
import { identifier } from '../mysql.ts';
import type { PatternCost } from './evaluate.ts';
import { bindingsOf, parameterValues, type Bindings } from './proof-parameters.ts';
import { runPattern, type PatternRun, type RunInput } from './proof-pattern.ts';
import { filled, namesDatabase, over, selectOfWrite, withoutLocks, type VisibleRows } from './proof-statement.ts';

/** What the two sides gave for one pattern. */
export interface Comparison {
  readonly outcome: 'equal' | 'different' | 'not compared';
  /** What differs, or why nothing was compared; empty when equal. Never values of rows. */
  readonly why: string;
  /** Rows of MySQL's answer. */
  readonly rows: number;
}

export interface ComparisonInput extends RunInput {
  readonly connection: mysql.Connection;
  readonly database: string;
  /** The source tables with the key that names a row of each. */
  readonly sources: readonly TableFacts[];
  readonly samples: VisibleRows;
  readonly names: Names;
}

type Compared = Comparison & { readonly run?: PatternRun };

/**
 * Executes a pattern's accesses on DynamoDB, then its statement on MySQL twice: over all sampled rows, and over only
 * those rows that the accesses read. The answers are equal exactly when the accesses find everything that the
 * statement needs. The rows themselves must come back as they were stored, and in the order that the key promises.
 */
export async function comparePattern(cost: PatternCost, input: ComparisonInput): Promise<Compared> {
  const { pattern } = cost.plan;
  const [variant] = expandTemplate(pattern.template);
  if (!variant || cost.served.length === 0) return none('It reads nothing.');
  if (namesDatabase(variant.sql, input.database)) return none('The statement names its database before a table.');
  const count = tokenise(variant.sql).filter(({ kind }) => kind === 'placeholder').length;
  const bindings = bindingsOf(variant.sql, count, input.names);
  if (!bindings) return none('The grammar does not accept the statement.');
  const lists = variant.parameters.map(({ kind }) => kind === 'list');
  const values = parameterValues(bindings, lists, anchorRows(cost, bindings, input), input.samples);
  const run = await runPattern(cost, boundValues(bindings, values, cost), input);
  if (run.unbound !== null) return { ...none(`Nothing says what ${run.unbound} is compared with.`), run };

  try {
    const wrong = changedRows(run, input) ?? (await wrongChildren(run, input)) ?? (await wrongOrder(cost, run, input));
    if (wrong !== null) return { outcome: 'different', why: wrong, rows: 0, run };
    return { ...(await compareAnswers(cost, variant.sql, values, run, input)), run };
  } catch (error) {
    // Servers before MySQL 8 and MariaDB 10.2 have no table expressions; some statements need more than a sample.
    const code = (error as { code?: unknown }).code;
    if (typeof code !== 'string' || !code.startsWith('ER_')) throw error;
    return { ...none(`MySQL refuses the statement over a sample: ${code}.`), run };
  }
}

/** The statement, or the question after the rows that a write would change, over the sample and over what was read. */
async function compareAnswers(
  { plan }: PatternCost,
  sql: string,
  values: ReturnType<typeof parameterValues>,
  run: PatternRun,
  input: ComparisonInput,
): Promise<Comparison> {
  const table = input.sources.find(({ name }) => name === plan.target);
  const ofWrite = plan.pattern.kind === 'write' && table ? selectOfWrite(sql, table) : null;
  const question = plan.pattern.kind === 'read' ? { sql: withoutLocks(sql), skipped: 0 } : ofWrite;
  if (!question) return none('The rows of an INSERT, or of a write that joins, are not found by a condition.');
  const statement = filled(question.sql, values.slice(question.skipped));
  const used = input.sources.filter(({ name }) => plan.pattern.tables.includes(name));
  const whole = await answer(input, over(statement, input.database, used, input.samples));
  const found = await answer(input, over(statement, input.database, used, run.read));
  const same = JSON.stringify(whole) === JSON.stringify(found);
  const why = same ? '' : `MySQL gives ${whole.length} rows over the sample and ${found.length} over what was read.`;
  return { outcome: same ? 'equal' : 'different', why, rows: whole.length };
}

function none(why: string): Comparison {
  return { outcome: 'not compared', why, rows: 0 };
}

/** The rows of an answer, each as text, in an order that does not depend on the plan that the server chose. */
async function answer({ connection }: ComparisonInput, sql: string): Promise<string[]> {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({ sql, rowsAsArray: true });
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Rows from which parameters take their values: one of each table, joined as the statement joins them. */
function anchorRows(cost: PatternCost, { literals }: Bindings, input: ComparisonInput): Map<string, SourceRow> {
  const tables = [
    ...new Set(cost.plan.lookups.filter(({ purpose }) => purpose !== 'foreign key check').map((one) => one.table)),
  ];
  const { predicates } = cost.plan.pattern;
  const fits = (table: string, row: SourceRow, chosen: ReadonlyMap<string, SourceRow>) =>
    literals.every((one) => one.table !== table || String(row[one.column]) === String(one.value)) &&
    predicates.every(({ always, operator, table: left, column, with: right }) => {
      if (!always || operator !== '=' || right === 'value') return true;
      const [own, other] =
        left === table
          ? [column, right]
          : right.table === table
            ? [right.column, { table: left, column }]
            : [null, null];
      const partner = other && chosen.get(other.table);
      return own === null || !partner || String(row[own]) === String(partner[other.column]);
    });
  let best = new Map<string, SourceRow>();
  const extend = (at: number, chosen: ReadonlyMap<string, SourceRow>): boolean => {
    if (chosen.size > best.size) best = new Map(chosen);
    const table = tables[at];
    if (table === undefined) return true;
    const rows = (input.samples.get(table) ?? []).filter((row) => fits(table, row, chosen));
    // The first row of a deeper table is as good as any other: all that is wanted is that there is one.
    const tried = at === 0 ? rows : rows.slice(0, 1);
    return tried.some((row) => extend(at + 1, new Map(chosen).set(table, row)));
  };
  extend(0, new Map());
  return best;
}

/** Values by column for the accesses: parameters, literals, and NULL where the statement asks for it. */
function boundValues(
  { placeholders, literals }: Bindings,
  values: readonly (SourceValue | SourceValue[])[],
  cost: PatternCost,
): Map<string, SourceValue[]> {
  const bound = new Map<string, SourceValue[]>();
  for (const { table, column, value } of literals) bound.set(`${table}\u0000${column}`, [value]);
  for (const [at, placeholder] of placeholders.entries()) {
    if (placeholder.kind !== 'column' || !['=', 'IN'].includes(placeholder.operator)) continue;
    const name = `${placeholder.table}\u0000${placeholder.column}`;
    // `a IN (?, ?)` has a placeholder for each value.
    const before = placeholder.operator === 'IN' ? (bound.get(name) ?? []) : [];
    bound.set(name, [...before, ...[values[at] ?? null].flat()]);
  }
  for (const { table, nulls } of cost.plan.lookups)
    for (const column of nulls) bound.set(`${table}\u0000${column}`, [null]);
  return bound;
}

/** Whether every row that was read is a sampled row with all its values. */
function changedRows(run: PatternRun, input: ComparisonInput): string | null {
  for (const [table, rows] of run.read) {
    const entity = input.model.entities[table];
    if (!entity) continue;
    const name = (row: SourceRow) => JSON.stringify(entity.primaryKey.map((column) => String(row[column])));
    const text = (row: SourceRow) => JSON.stringify(row);
    const stored = new Map(
      (input.samples.get(table) ?? []).map((row) => {
        const back = itemToRow(entity, rowToItem(input.model, entity, row, 0n));
        return [name(back), text(back)];
      }),
    );
    if (rows.some((row) => stored.get(name(row)) !== text(row)))
      return `Rows of ${table} came back other than they were stored.`;
  }
  return null;
}

/** Whether the children found for each parent are those that MySQL has in the sample. */
async function wrongChildren(run: PatternRun, input: ComparisonInput): Promise<string | null> {
  for (const { key, child, by, found } of run.children) {
    const facts = input.sources.find(({ name }) => name === child);
    if (!facts) continue;
    const columns = facts.primaryKey.map(identifier).join(', ');
    const condition = key.columns.map((column) => `${identifier(column)} = ?`).join(' AND ');
    const values = key.columns.map((column) => by[column] ?? null);
    const sql = filled(`SELECT ${columns} FROM ${identifier(child)} WHERE ${condition}`, values);
    const whole = await answer(input, over(sql, input.database, [facts], input.samples));
    const own = await answer(input, over(sql, input.database, [facts], new Map([[child, found]])));
    if (JSON.stringify(whole) !== JSON.stringify(own))
      return `Children by ${key.name} of ${child} are not those of MySQL.`;
  }
  return null;
}

/** Whether rows come in the order that the sort key promises: the values of the order's columns, as MySQL sorts them. */
async function wrongOrder(cost: PatternCost, run: PatternRun, input: ComparisonInput): Promise<string | null> {
  const [first] = cost.served;
  if (!first || first.path.operation !== 'query' || !first.path.ordered || first.lookup.order.length === 0) return null;
  if (first.lookup.inList.length > 0) return null;
  const { table, order } = first.lookup;
  const facts = input.sources.find(({ name }) => name === table);
  const rows = run.read.get(table) ?? [];
  if (!facts || rows.length < 2) return null;
  const columns = order.map(({ column }) => identifier(column));
  const by = order.map(({ column, descending }) => `${identifier(column)}${descending ? ' DESC' : ''}`).join(', ');
  const sql = `SELECT ${columns.join(', ')} FROM ${identifier(table)} ORDER BY ${by}`;
  const [sorted] = await input.connection.query<mysql.RowDataPacket[][]>({
    sql: over(sql, input.database, [facts], new Map([[table, rows]])),
    rowsAsArray: true,
  });
  const expected = sorted.map((row) => row.map(String).join('\u0000'));
  const found = rows.map((row) => order.map(({ column }) => String(row[column])).join('\u0000'));
  return JSON.stringify(expected) === JSON.stringify(found) ? null : `Rows of ${table} do not come in MySQL's order.`;
}
