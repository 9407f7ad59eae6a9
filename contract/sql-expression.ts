import nodeSqlParser from 'node-sql-parser';
import { childrenOf, columnNameOf, isColumn, isNode } from '../sql/nodes.ts';
import type { Node } from '../sql/parse.ts';
import { tokenise } from '../sql/tokens.ts';

const parser = new nodeSqlParser.Parser();

/** A column as an expression names it. */
export interface NamedColumn {
  readonly table: string | undefined;
  readonly column: string;
}

/** One SQL expression that reads nothing but columns. */
export interface Expression {
  readonly columns: readonly NamedColumn[];
  /** Pairs that it demands to be equal, whatever else holds: the conjuncts of the form `a = b`. */
  readonly equalities: readonly (readonly [NamedColumn, NamedColumn])[];
}

/** Longer texts are no conditions that a person wrote; parsing them takes time that grows faster than they do. */
const LONGEST = 4096;

/** Functions that wait, lock, read files or change something: no value of a row needs them. */
const REFUSED = new Set([
  ...['SLEEP', 'BENCHMARK', 'LOAD_FILE', 'GET_LOCK', 'RELEASE_LOCK', 'RELEASE_ALL_LOCKS', 'IS_FREE_LOCK', 'IS_USED_LOCK'],
  ...['MASTER_POS_WAIT', 'SOURCE_POS_WAIT', 'WAIT_FOR_EXECUTED_GTID_SET', 'LAST_INSERT_ID', 'EXTRACTVALUE', 'UPDATEXML'],
]); // prettier-ignore

/**
 * Reads a text as one SQL expression by a grammar of MySQL. Gives what is wrong as a text: not SQL, more than one
 * expression, or something that reads or does more than look at columns. Such texts are put into views and queries, so
 * nothing in them may reach beyond its place.
 */
export function readExpression(text: string): Expression | string {
  const unsafe = unsafeText(text);
  if (unsafe !== undefined) return unsafe;
  let tree: Node | undefined;
  try {
    // Between parentheses, and with its own balanced, the text is one expression or it does not parse.
    const parsed: unknown = parser.astify(`SELECT 1 FROM t WHERE (\n${text}\n)`, { database: 'MySQL' });
    const [first] = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
    tree = isNode(first) && isNode(first['where']) ? first['where'] : undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 120) : '';
    return `is no SQL condition: ${reason}`;
  }
  if (tree === undefined) return 'is no SQL condition';
  return unsafeTree(tree) ?? { columns: columnsOf(tree), equalities: equalitiesOf(tree) };
}

/** Reads `column [ASC|DESC], …`. */
export function readOrder(text: string): Expression | string {
  const parts = text.split(',').map((part) => readExpression(part.replace(/\s+(asc|desc)\s*$/i, '')));
  const wrong = parts.find((part) => typeof part === 'string');
  if (wrong !== undefined) return wrong;
  return { columns: parts.flatMap((part) => (typeof part === 'string' ? [] : part.columns)), equalities: [] };
}

function unsafeText(text: string): string | undefined {
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters`;
  const tokens = tokenise(text);
  if (tokens.length === 0) return 'is no SQL condition: it is empty';
  let end = 0;
  let depth = 0;
  for (const token of [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }]) {
    // What the lexer skips is white space or a comment, and MySQL executes some comments.
    if (text.slice(end, token.start).trim() !== '') return 'holds a comment';
    end = token.end;
    if (token.kind === 'open') depth += 1;
    if (token.kind === 'close') depth -= 1;
    if (depth < 0) return 'is more than one condition';
    if (token.text === ';') return 'is more than one condition';
    if (token.kind === 'variable' || token.kind === 'placeholder') return `uses the variable ${token.text}`;
  }
  return depth === 0 ? undefined : 'is no SQL condition: a parenthesis is not closed';
}

function unsafeTree(node: Node): string | undefined {
  if (isNode(node['ast']) || node['type'] === 'select') return 'holds a query of its own';
  if (node['type'] === 'aggr_func' || isNode(node['over'])) return 'uses an aggregate or a window';
  if (node['type'] === 'param' || node['type'] === 'var') return 'uses a variable';
  if (node['type'] === 'function') {
    const name = functionName(node['name']);
    if (REFUSED.has(name.toUpperCase())) return `calls ${name}, which does more than look at columns`;
  }
  for (const child of childrenOf(node)) {
    const found = unsafeTree(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function functionName(name: unknown): string {
  if (typeof name === 'string') return name;
  const parts = isNode(name) && Array.isArray(name['name']) ? (name['name'] as unknown[]) : [];
  return parts.map((part) => (isNode(part) ? String(part['value']) : '')).join('.');
}

function columnsOf(node: Node): NamedColumn[] {
  if (isColumn(node)) return [named(node)];
  return childrenOf(node).flatMap(columnsOf);
}

function equalitiesOf(node: Node): (readonly [NamedColumn, NamedColumn])[] {
  const { left, right } = node;
  if (node['type'] !== 'binary_expr' || !isNode(left) || !isNode(right)) return [];
  const operator = String(node['operator']).toUpperCase();
  if (operator === 'AND' || operator === '&&') return [...equalitiesOf(left), ...equalitiesOf(right)];
  return operator === '=' && isColumn(left) && isColumn(right) ? [[named(left), named(right)]] : [];
}

/** The parser leaves doubled backticks as they are. */
function named(node: Node): NamedColumn {
  const { table, column } = columnNameOf(node);
  return { table: table?.replaceAll('``', '`'), column: column.replaceAll('``', '`') };
}
