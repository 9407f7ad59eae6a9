import type { Predicate } from '../core/analysis.ts';
import { parseStatement } from './parse.ts';
import { Names, type ColumnName, type SchemaNames } from './scope.ts';
import { tokenise } from './tokens.ts';
import { Walker } from './walker.ts';
import { RESERVED } from './words.ts';

export type StatementKind = 'select' | 'insert' | 'update' | 'delete' | 'replace' | 'other';

/** What a statement names, by real table and column. */
export interface StatementReferences {
  readonly statement: StatementKind;
  /** False when the grammar did not accept the text: then only `statement` and `tables` are filled. */
  readonly parsed: boolean;
  /** Real tables in order of appearance; those that the schema lacks stand under the name in the text. */
  readonly tables: readonly string[];
  readonly unknownTables: readonly string[];
  /** Columns that no table in reach has, as written. */
  readonly unknownColumns: readonly string[];
  /** Every column used anywhere, `*` written out. */
  readonly columns: readonly ColumnName[];
  readonly predicates: readonly Predicate[];
  readonly orderBy: readonly (ColumnName & { readonly descending: boolean })[];
  readonly groupBy: readonly ColumnName[];
  /** Columns given a value by INSERT, UPDATE, REPLACE. */
  readonly writes: readonly ColumnName[];
  readonly limited: boolean;
  readonly aggregates: boolean;
  readonly locks: boolean;
}

/** Options of {@link references}. */
export interface ReferenceOptions {
  /** Source text of the statement's n-th `?`; tells `LIKE` with a leading wildcard from one without. */
  readonly parameterSources?: readonly string[];
}

/** Finds what a statement names. Never throws: text that can't be parsed gives `parsed: false`. */
export function references(
  sql: string,
  schema: SchemaNames | Names,
  options: ReferenceOptions = {},
): StatementReferences {
  const names = schema instanceof Names ? schema : new Names(schema);
  const statement = statementKind(sql);
  const parsed = parseStatement(sql);
  if (parsed === undefined) return unparsed(sql, statement, names);
  const walker = new Walker(names, parsed.rowAlias, options.parameterSources ?? []);
  for (const tree of parsed.trees) walker.statement(tree);
  const found = walker.found();
  return { ...found, statement, parsed: true, tables: inOrder(found.tables, sql), locks: parsed.locks };
}

/** The kind of a statement by its first word, looking behind `WITH` and opening parentheses. */
export function statementKind(sql: string): StatementKind {
  const tokens = tokenise(sql).filter((token) => token.kind !== 'open');
  const first = tokens[0]?.text.toLowerCase() ?? '';
  const kinds: readonly string[] = ['select', 'insert', 'update', 'delete', 'replace'];
  if (kinds.includes(first)) return first as StatementKind;
  if (first !== 'with') return 'other';
  // The main verb of `WITH … verb` is the first outside parentheses.
  let depth = 0;
  for (const token of tokenise(sql)) {
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    else if (depth === 0 && kinds.includes(token.text.toLowerCase())) return token.text.toLowerCase() as StatementKind;
  }
  return 'other';
}

function unparsed(sql: string, statement: StatementKind, names: Names): StatementReferences {
  const tables = tablesByKeyword(sql).map((name) => names.table(name)?.name ?? name);
  return {
    statement,
    parsed: false,
    tables: [...new Set(tables)],
    unknownTables: [...new Set(tables.filter((name) => names.table(name) === undefined))],
    unknownColumns: [],
    columns: [],
    predicates: [],
    orderBy: [],
    groupBy: [],
    writes: [],
    limited: false,
    aggregates: false,
    locks: false,
  };
}

/** Names after FROM, JOIN, INTO, UPDATE; for text beyond the grammar. */
function tablesByKeyword(sql: string): string[] {
  const tokens = tokenise(sql);
  const tables: string[] = [];
  const introducers = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE']);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || !introducers.has(token.text.toUpperCase())) continue;
    let at = index + 1;
    if (tokens[at + 1]?.text === '.') at += 2;
    const name = tokens[at];
    if (name?.kind === 'quoted' || (name?.kind === 'word' && !RESERVED.has(name.text.toUpperCase()))) {
      tables.push(name.text);
    }
  }
  return tables;
}

/** The tree gives subqueries of the select list before FROM; people read text. */
function inOrder(tables: readonly string[], sql: string): string[] {
  const words = tokenise(sql).map((token) => token.text.toLowerCase());
  const place = (table: string): number => {
    const at = words.findIndex(
      (word, index) => word === table.toLowerCase() && words[index + 1] !== '.' && words[index - 1] !== '.',
    );
    return at < 0 ? words.indexOf(table.toLowerCase()) : at;
  };
  return [...tables].sort((a, b) => place(a) - place(b));
}
