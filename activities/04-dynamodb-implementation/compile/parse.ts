import nodeSqlParser from 'node-sql-parser';
import { parseExpression } from './parse-expression.ts';
import { asNode, list, type Node, optionalNode, string } from './parse-node.ts';
import { type MarkedSql, markSql } from './marked-sql.ts';
import { Refusal } from './refusal.ts';
import type { Assignment, Change, Insert, Ordering, OrderItem, Select, Source, Statement } from './statement.ts';
import type { SqlTemplate } from '../../../core/sql-template.ts';

const parser = new nodeSqlParser.Parser();

/** A template as one statement, with the parameters and conditions that it refers to by number. */
export interface ParsedTemplate {
  readonly statement: Statement;
  readonly marked: MarkedSql;
}

export function parseTemplate(template: SqlTemplate): ParsedTemplate {
  const marked = markSql(template);
  return { statement: parseStatement(marked), marked };
}

function parseStatement(marked: MarkedSql): Statement {
  // The parser knows neither FOR SHARE nor a name for the new row; both mean something it can say.
  const alias = /\)\s*AS\s+`?(\w+)`?\s+ON\s+DUPLICATE/i.exec(marked.sql)?.[1];
  const sql = marked.sql
    .replace(/\bFOR\s+SHARE\b/i, 'LOCK IN SHARE MODE')
    .replace(/\)\s*AS\s+`?\w+`?\s+(ON\s+DUPLICATE)/i, ') $1')
    // One placeholder for whole rows: a list of the right length is put in its place, and known by its first member.
    .replace(/(\(([^()]*)\)\s*VALUES\s*)\((:p\d+)\)/i, (_all, head: string, columns: string, parameter: string) => {
      return `${head}(${columns
        .split(',')
        .map(() => parameter)
        .join(', ')})`;
    });
  const node = parseSql(sql);
  switch (node['type']) {
    case 'select':
      return parseSelect(node, marked);
    case 'insert':
    case 'replace':
      return parseInsert(node, marked, alias ?? null);
    case 'update':
    case 'delete':
      return parseChange(node, marked);
    default:
      throw new Refusal(`Statements of kind ${String(node['type'])} have no equal.`, 'Write it by hand on the branch.');
  }
}

function parseSql(sql: string): Node {
  try {
    const ast: unknown = parser.astify(sql, { database: 'MySQL' });
    const nodes = Array.isArray(ast) ? (ast as unknown[]) : [ast];
    if (nodes.length !== 1) throw new Refusal('Several statements in one text.', 'Send them one by one.');
    return asNode(nodes[0]);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Refusal(`The parser can't read it: ${message.slice(0, 200)}`, 'Rewrite it in plainer SQL.');
  }
}

export function parseSelect(node: Node, marked: MarkedSql): Select {
  const refused = node['with'] ?? node['window'] ?? node['_next'] ?? node['into_table'];
  if (refused !== null && refused !== undefined) {
    throw new Refusal('WITH, WINDOW and UNION have no equal yet.', 'Split the statement, or write the method by hand.');
  }
  const nested = (inner: Node): Select => parseSelect(inner, marked);
  const expression = (value: unknown) => parseExpression(value, nested);
  const groupBy = optionalNode(node['groupby']);
  const having = node['having'];
  return {
    kind: 'select',
    sources: node['from'] === null ? [] : list(node['from']).map((source) => parseSource(source, nested)),
    columns:
      node['columns'] === '*'
        ? [{ expression: { kind: 'column', table: null, column: '*' }, name: null }]
        : list(node['columns']).map((column) => ({
            expression: expression(asNode(column)['expr']),
            name: (asNode(column)['as'] as string | null) ?? null,
          })),
    where: node['where'] === null || node['where'] === undefined ? null : expression(node['where']),
    groupBy: groupBy === null ? [] : list(groupBy['columns']).map(expression),
    having: having === null || having === undefined ? null : expression(having),
    orderBy: parseOrdering(node, marked, nested),
    limit: parseLimit(node, nested),
    distinct: node['distinct'] !== null && node['distinct'] !== undefined,
    lock: typeof node['locking_read'] === 'string',
  };
}

function parseSource(value: unknown, nested: (node: Node) => Select): Source {
  const node = asNode(value);
  if (typeof node['table'] !== 'string' || node['using'] !== undefined) {
    throw new Refusal('A derived table or USING.', 'Join tables by ON, or write the method by hand.');
  }
  const join = typeof node['join'] === 'string' ? node['join'].toUpperCase() : 'INNER JOIN';
  if (!['INNER JOIN', 'JOIN', 'LEFT JOIN', 'LEFT OUTER JOIN', 'CROSS JOIN'].includes(join)) {
    throw new Refusal(`${join} has no equal.`, 'Use INNER or LEFT JOIN.');
  }
  return {
    alias: (node['as'] as string | null) ?? node['table'],
    table: node['table'],
    join: join.startsWith('LEFT') ? 'left' : 'inner',
    on: node['on'] === undefined || node['on'] === null ? null : parseExpression(node['on'], nested),
  };
}

function parseOrdering(node: Node, marked: MarkedSql, nested: (node: Node) => Select): Ordering {
  const items = node['orderby'] === null || node['orderby'] === undefined ? [] : list(node['orderby']);
  const parsed = items.map((item) => parseOrderItem(item, nested));
  const first = parsed[0]?.expression;
  if (first?.kind !== 'call' || first.name !== '__ORDER') return { kind: 'fixed', items: parsed };
  const operand = first.operands[0];
  const alternatives =
    marked.orders[operand?.kind === 'literal' && 'text' in operand ? Number(operand.text) : -1] ?? [];
  if (parsed.length > 1) throw new Refusal('ORDER BY is chosen in part.', 'Choose all of the list.');
  return {
    kind: 'choice',
    alternatives: alternatives.map(({ condition, sql }) => ({
      condition,
      items: list(parseSql(`SELECT 1 FROM t ORDER BY ${sql}`)['orderby']).map((item) => parseOrderItem(item, nested)),
    })),
  };
}

function parseOrderItem(value: unknown, nested: (node: Node) => Select): OrderItem {
  const node = asNode(value);
  return { expression: parseExpression(node['expr'], nested), descending: node['type'] === 'DESC' };
}

function parseLimit(node: Node, nested: (node: Node) => Select): Select['limit'] {
  const limit = optionalNode(node['limit']);
  if (limit === null) return null;
  const values = list(limit['value']).map((value) => parseExpression(value, nested));
  const [first, second] = values;
  if (first === undefined) return null;
  // MySQL's `LIMIT offset, count`
  if (limit['seperator'] === ',' && second !== undefined) return { count: second, offset: first };
  return { count: first, offset: second ?? null };
}

function parseInsert(node: Node, marked: MarkedSql, alias: string | null): Insert {
  const nested = (inner: Node): Select => parseSelect(inner, marked);
  const table = tableName(list(node['table'])[0]);
  const ignore = /ignore/i.test(typeof node['prefix'] === 'string' ? node['prefix'] : '');
  const mode = node['type'] === 'replace' ? 'replace' : ignore ? 'ignore' : 'insert';
  const duplicate = optionalNode(node['on_duplicate_update']);
  const onDuplicate = duplicate === null ? null : assignments(duplicate['set'], nested, alias);
  if (node['set'] !== undefined && node['set'] !== null) {
    const set = assignments(node['set'], nested, null);
    const columns = set.map(({ column }) => column);
    return { kind: 'insert', mode, table, columns, rows: [set.map(({ value }) => value)], onDuplicate };
  }
  const columns = node['columns'] === null ? [] : list(node['columns']).map(string);
  const values = asNode(node['values']);
  if (values['type'] === 'select') return { kind: 'insert', mode, table, columns, rows: nested(values), onDuplicate };
  const rows = list(values['values']).map((row) =>
    list(asNode(row)['value']).map((each) => parseExpression(each, nested)),
  );
  const first = rows[0]?.[0];
  const whole = first?.kind === 'parameter' && marked.parameters[first.index]?.kind === 'rows';
  return { kind: 'insert', mode, table, columns, rows: whole ? { parameter: first.index } : rows, onDuplicate };
}

function assignments(value: unknown, nested: (node: Node) => Select, alias: string | null): Assignment[] {
  return list(value).map((item) => {
    const node = asNode(item);
    return { column: string(node['column']), value: parseExpression(node['value'], nested, alias) };
  });
}

function parseChange(node: Node, marked: MarkedSql): Change {
  const nested = (inner: Node): Select => parseSelect(inner, marked);
  const tables = list(node['type'] === 'delete' ? node['from'] : node['table']);
  if (tables.length !== 1) throw new Refusal('A write over joined tables.', 'Write one table at a time.');
  return {
    kind: node['type'] === 'delete' ? 'delete' : 'update',
    source: parseSource(tables[0], nested),
    set: node['type'] === 'delete' ? [] : assignments(node['set'], nested, null),
    where: node['where'] === null || node['where'] === undefined ? null : parseExpression(node['where'], nested),
    orderBy: parseOrdering(node, marked, nested),
    limit: parseLimit(node, nested),
  };
}

function tableName(value: unknown): string {
  return string(asNode(value)['table']);
}
