import { parseExpression } from './parse-expression.ts';
import { parseLimit, parseOrdering } from './parse-order.ts';
import { asNode, list, type Node, optionalNode, string } from './parse-node.ts';
import type { MarkedSql } from './marked-sql.ts';
import { Refusal } from './refusal.ts';
import { namedWindows } from './parse-window.ts';
import type { CommonTable, Query, Select, Source, Union } from './statement.ts';

/** The common tables that a query can name, by their name, each with its id. */
type Names = ReadonlyMap<string, string>;

/** What gives rows: a SELECT or a UNION, with its WITH clause. */
export function parseQuery(node: Node, marked: MarkedSql): Query {
  return new Queries(marked).query(node, new Map());
}

class Queries {
  private readonly marked: MarkedSql;
  private common = 0;

  constructor(marked: MarkedSql) {
    this.marked = marked;
  }

  query(node: Node, outer: Names): Query {
    const names = new Map(outer);
    const tables = node['with'] === null || node['with'] === undefined ? [] : this.commonTables(node, names);
    if (node['_next'] === null || node['_next'] === undefined) return { ...this.select(node, names), with: tables };
    return this.union(node, names, tables);
  }

  /** Each table sees those before it; one that is recursive sees itself. */
  private commonTables(node: Node, names: Map<string, string>): CommonTable[] {
    const all = list(node['with']).map(asNode);
    // RECURSIVE stands once, before the first, and is meant for all.
    const recursive = all.some((each) => each['recursive'] === true);
    return all.map((each) => {
      const name = string(asNode(each['name'])['value']);
      const statement = asNode(asNode(each['stmt'])['ast']);
      this.common += 1;
      const id = `${name}#${this.common}`;
      const query = this.query(statement, recursive ? new Map([...names, [name, id]]) : names);
      const itself = namesCommon(query, id);
      names.set(name, id);
      const columns =
        each['columns'] === null || each['columns'] === undefined
          ? null
          : list(each['columns']).map((column) => string(asNode(column)['column']));
      return { id, name, columns, query, recursive: itself };
    });
  }

  private union(node: Node, names: Names, tables: readonly CommonTable[]): Union {
    const parts: { node: Node; all: boolean }[] = [];
    let last = node;
    for (;;) {
      const next = optionalNode(last['_next']);
      if (next === null) break;
      const operator = String(last['set_op']).toLowerCase();
      if (!/^union( all| distinct)?$/.test(operator)) {
        throw new Refusal(`${operator.toUpperCase()} has no equal.`, 'Use IN or NOT EXISTS, or ask in two statements.');
      }
      parts.push({ node: next, all: operator === 'union all' });
      last = next;
    }
    const bare = last['parentheses_symbol'] !== true;
    // What stands behind the last SELECT belongs to all of them, unless brackets say otherwise.
    const whole: Node = { orderby: node['_orderby'], limit: node['_limit'] };
    const end = bare ? endOf({ ...endOf(last), _orderby: whole['orderby'], _limit: whole['limit'] }) : whole;
    const own: Node = { _orderby: null, _limit: null };
    const none: Node = { ...own, orderby: null, limit: null };
    const member = (each: Node): Select => this.select({ ...each, ...(bare && each === last ? none : own) }, names);
    const nested = (inner: Node): Query => this.query(inner, names);
    return {
      kind: 'union',
      with: tables,
      first: member(node),
      rest: parts.map(({ node: each, all }) => ({ all, select: member(each) })),
      orderBy: parseOrdering(end, this.marked, nested),
      limit: parseLimit(end, nested),
      lock: false,
    };
  }

  private select(node: Node, names: Names): Select {
    if (node['into_table'] !== null && node['into_table'] !== undefined) {
      throw new Refusal('SELECT … INTO has no equal.', 'Read the rows, then write them.');
    }
    const nested = (inner: Node): Query => this.query(inner, names);
    const windows = namedWindows(node['window']);
    const expression = (value: unknown) => parseExpression(value, nested, { windows });
    const optional = (value: unknown) => (value === null || value === undefined ? null : expression(value));
    const groupBy = optionalNode(node['groupby']);
    if (groupBy !== null && Array.isArray(groupBy['modifiers']) && groupBy['modifiers'].some((each) => each !== null)) {
      throw new Refusal('GROUP BY … WITH ROLLUP has no equal.', 'Ask for the totals in a statement of their own.');
    }
    return {
      kind: 'select',
      with: [],
      sources: this.sources(node['from'], nested, names),
      columns:
        node['columns'] === '*'
          ? [{ expression: { kind: 'column', table: null, column: '*' }, name: null }]
          : list(node['columns']).map((column) => ({
              expression: expression(asNode(column)['expr']),
              name: (asNode(column)['as'] as string | null) ?? null,
            })),
      where: optional(node['where']),
      groupBy: groupBy === null ? [] : list(groupBy['columns']).map(expression),
      having: optional(node['having']),
      orderBy: parseOrdering(endOf(node), this.marked, nested, windows),
      limit: parseLimit(endOf(node), nested),
      distinct: node['distinct'] !== null && node['distinct'] !== undefined,
      lock: isLocking(node['locking_read']),
    };
  }

  private sources(from: unknown, nested: (node: Node) => Query, names: Names): Source[] {
    if (from === null || from === undefined) return [];
    return list(from)
      .map(asNode)
      .filter((node) => node['type'] !== 'dual')
      .map((node) => parseSource(node, nested, names));
  }
}

/** ORDER BY and LIMIT, which the parser puts in another place behind brackets and behind WINDOW. */
function endOf(node: Node): Node {
  const one = (plain: unknown, behind: unknown): unknown => {
    if (plain !== null && plain !== undefined && behind !== null && behind !== undefined) {
      throw new Refusal('ORDER BY or LIMIT stands twice.', 'Put the inner one into a derived table.');
    }
    return plain ?? behind;
  };
  return { orderby: one(node['orderby'], node['_orderby']), limit: one(node['limit'], node['_limit']) };
}

function isLocking(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const impatient = /NOWAIT|SKIP LOCKED/i.exec(value)?.[0];
  if (impatient === undefined) return true;
  throw new Refusal(
    `${impatient.toUpperCase()} asks for locks of other transactions, which DynamoDB does not have.`,
    'Claim a row by a conditional UPDATE, or lock it without this.',
  );
}

/** Whether a query reads a common table, however deep. */
export function namesCommon(query: Query, id: string): boolean {
  return JSON.stringify(query).includes(`"common":${JSON.stringify(id)}`);
}

const JOINS: Readonly<Record<string, Source['join']>> = {
  ...{ 'INNER JOIN': 'inner', JOIN: 'inner', 'CROSS JOIN': 'inner', STRAIGHT_JOIN: 'inner' },
  ...{ 'LEFT JOIN': 'left', 'LEFT OUTER JOIN': 'left', 'RIGHT JOIN': 'right', 'RIGHT OUTER JOIN': 'right' },
};

export function parseSource(node: Node, nested: (node: Node) => Query, names: Names = new Map()): Source {
  const written = typeof node['join'] === 'string' ? node['join'].toUpperCase() : 'INNER JOIN';
  const join = JOINS[written];
  if (join === undefined) throw new Refusal(`${written} has no equal.`, 'Use INNER, LEFT or RIGHT JOIN.');
  const shared = {
    join,
    on: node['on'] === undefined || node['on'] === null ? null : parseExpression(node['on'], nested),
    ...(node['using'] === undefined || node['using'] === null
      ? {}
      : {
          using: list(node['using']).map((each) => (typeof each === 'string' ? each : string(asNode(each)['value']))),
        }),
  };
  const alias = (node['as'] as string | null) ?? null;
  if (typeof node['table'] === 'string') {
    const { table } = node;
    const common = typeof table === 'string' && (node['db'] ?? null) === null ? names.get(table) : undefined;
    return {
      alias: alias ?? String(table),
      table: String(table),
      ...shared,
      ...(common === undefined ? {} : { common }),
    };
  }
  const inner = optionalNode(node['expr']);
  const derived = inner === null || Array.isArray(inner) ? undefined : inner['ast'];
  if (derived === undefined || alias === null) {
    throw new Refusal('Joins in brackets have no equal.', 'Join the tables one after the other.');
  }
  if (node['prefix'] !== null && node['prefix'] !== undefined) {
    throw new Refusal('LATERAL has no equal.', 'Use a subquery in the SELECT list, or a window function.');
  }
  return { alias, table: alias, ...shared, derived: nested(asNode(derived)) };
}
