import { parseExpression } from './parse-expression.ts';
import { parseLimit, parseOrdering } from './parse-order.ts';
import { asNode, list, type Node, optionalNode, string } from './parse-node.ts';
import { parseQuery, parseSource } from './parse-select.ts';
import { parseSql } from './parse-sql.ts';
import { type MarkedSql, markSql } from './marked-sql.ts';
import { Refusal } from './refusal.ts';
import type { Assignment, Change, Insert, Query, Statement } from './statement.ts';
import type { SqlTemplate } from '../../../core/sql-template.ts';

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
      return parseQuery(node, marked);
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

function parseInsert(node: Node, marked: MarkedSql, alias: string | null): Insert {
  const nested = (inner: Node): Query => parseQuery(inner, marked);
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

function assignments(value: unknown, nested: (node: Node) => Query, alias: string | null): Assignment[] {
  return list(value).map((item) => {
    const node = asNode(item);
    return { column: string(node['column']), value: parseExpression(node['value'], nested, { newRow: alias }) };
  });
}

function parseChange(node: Node, marked: MarkedSql): Change {
  const nested = (inner: Node): Query => parseQuery(inner, marked);
  const tables = list(node['type'] === 'delete' ? node['from'] : node['table']);
  if (tables.length !== 1) throw new Refusal('A write over joined tables.', 'Write one table at a time.');
  return {
    kind: node['type'] === 'delete' ? 'delete' : 'update',
    source: parseSource(asNode(tables[0]), nested),
    set: node['type'] === 'delete' ? [] : assignments(node['set'], nested, null),
    where: node['where'] === null || node['where'] === undefined ? null : parseExpression(node['where'], nested),
    orderBy: parseOrdering(node, marked, nested),
    limit: parseLimit(node, nested),
  };
}

function tableName(value: unknown): string {
  return string(asNode(value)['table']);
}
