import mysql from 'mysql2/promise';
import type { TableFacts } from '../../core/analysis.ts';
import type { SourceRow, SourceValue } from '../../runtime/store/codec.ts';
import { tokenise } from '../../sql/tokens.ts';
import { identifier } from '../mysql.ts';

/** Rows of each table that a statement may see. */
export type VisibleRows = ReadonlyMap<string, readonly SourceRow[]>;

/** The statement with a value in place of each of its placeholders; `?` in its texts and comments are left alone. */
export function filled(sql: string, values: readonly (SourceValue | SourceValue[])[]): string {
  let text = '';
  let done = 0;
  let next = 0;
  for (const { kind, start, end } of tokenise(sql)) {
    if (kind !== 'placeholder') continue;
    text += sql.slice(done, start) + mysql.escape(values[next] ?? null);
    next += 1;
    done = end;
  }
  return text + sql.slice(done);
}

/**
 * The statement over these rows alone: a common table expression of each table's name hides the table itself, so
 * nothing has to be copied and nothing is written. Values in the added text are escaped; the statement's own
 * placeholders stay.
 */
export function over(sql: string, database: string, tables: readonly TableFacts[], visible: VisibleRows): string {
  const expressions = tables.map((facts) => {
    const source = `SELECT * FROM ${identifier(database)}.${identifier(facts.name)}`;
    return `${identifier(facts.name)} AS (${source} WHERE ${among(facts.primaryKey, visible.get(facts.name) ?? [])})`;
  });
  if (expressions.length === 0) return sql;
  const tokens = tokenise(sql);
  const [first, second] = tokens.map(({ text }) => text.toUpperCase());
  if (first !== 'WITH') return `WITH ${expressions.join(', ')} ${sql}`;
  const at = tokens[second === 'RECURSIVE' ? 1 : 0]?.end ?? 0;
  return `${sql.slice(0, at)} ${expressions.join(', ')}, ${sql.slice(at)}`;
}

/** A condition that holds for these rows and no other. */
export function among(primaryKey: readonly string[], rows: readonly SourceRow[]): string {
  if (rows.length === 0) return '1 = 0';
  const keys = rows.map((row) => primaryKey.map((column) => row[column] ?? null));
  const columns = primaryKey.map(identifier).join(', ');
  return `(${columns}) IN (${keys.map((key) => `(${key.map((value) => mysql.escape(value)).join(', ')})`).join(', ')})`;
}

/** What to ask instead of a write: the keys of the rows that it would change; null for what has no such condition. */
export function selectOfWrite(sql: string, table: TableFacts): { sql: string; skipped: number } | null {
  const tokens = tokenise(sql);
  const verb = tokens[0]?.text.toUpperCase();
  if (verb !== 'UPDATE' && verb !== 'DELETE') return null;
  let depth = 0;
  let where: number | null = null;
  let end = sql.length;
  for (const token of tokens) {
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    const word = depth === 0 && token.kind === 'word' ? token.text.toUpperCase() : '';
    if (word === 'JOIN' || (word === 'USING' && verb === 'DELETE')) return null;
    if (word === 'WHERE') where = token.end;
    if (where !== null && (word === 'ORDER' || word === 'LIMIT')) end = Math.min(end, token.start);
  }
  const condition = where === null ? '1 = 1' : sql.slice(where, end).replace(/;\s*$/, '');
  const skipped = tokens.filter(({ kind, start }) => kind === 'placeholder' && start < (where ?? 0)).length;
  const columns = table.primaryKey.map(identifier).join(', ');
  return { sql: `SELECT ${columns} FROM ${identifier(table.name)} WHERE ${condition}`, skipped };
}

/** The statement without its locks: it runs in a session that only reads. */
export function withoutLocks(sql: string): string {
  const tokens = tokenise(sql);
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : ''));
  const at = words.findIndex(
    (word, index) =>
      (word === 'FOR' && (words[index + 1] === 'UPDATE' || words[index + 1] === 'SHARE')) ||
      (word === 'LOCK' && words[index + 1] === 'IN' && words[index + 2] === 'SHARE'),
  );
  return at < 0 ? sql : sql.slice(0, tokens[at]?.start);
}

/** Whether a statement names the database before a table, which no table expression can hide. */
export function namesDatabase(sql: string, database: string): boolean {
  const tokens = tokenise(sql);
  return tokens.some(
    ({ kind, text }, at) =>
      (kind === 'word' || kind === 'quoted') &&
      text.toLowerCase() === database.toLowerCase() &&
      tokens[at + 1]?.text === '.' &&
      tokens[at + 3]?.text !== '=',
  );
}
