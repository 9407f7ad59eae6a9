import { collectConditions } from './conditions.ts';
import { Findings } from './findings.ts';
import { childrenOf, columnNameOf, isColumn, isNode, nodesOf, textOf } from './nodes.ts';
import type { Node } from './parse.ts';
import { Scope, type ColumnName, type Names } from './scope.ts';
import { AGGREGATES } from './words.ts';

type OutputColumns = Map<string, ColumnName | undefined>;

/** Walks a statement's tree and collects what it names. One walker for one statement. */
export class Walker {
  readonly #names: Names;
  readonly #rowAlias: string | undefined;
  readonly parameterSources: readonly string[];
  readonly #found = new Findings();

  constructor(names: Names, rowAlias: string | undefined, parameterSources: readonly string[]) {
    this.#names = names;
    this.#rowAlias = rowAlias;
    this.parameterSources = parameterSources;
  }

  found(): ReturnType<Findings['all']> {
    return this.#found.all();
  }

  statement(tree: Node): void {
    switch (tree.type) {
      case 'select':
        this.select(tree, undefined, true);
        break;
      case 'insert':
      case 'replace':
        this.#insert(tree);
        break;
      case 'update':
      case 'delete':
        this.#change(tree);
        break;
    }
  }

  /** Walks a SELECT with what it is UNIONed with; gives its output columns. `cte` is its name in a recursive WITH. */
  select(
    tree: Node,
    outer: Scope | undefined,
    outermost: boolean,
    cte?: (columns: OutputColumns) => void,
  ): OutputColumns {
    const scope = new Scope(outer);
    this.#with(tree, scope);
    for (const from of nodesOf(tree.from)) this.#bind(from, scope);
    const output = this.#output(tree, scope);
    cte?.(output);
    this.#joins(tree, scope);
    if (isNode(tree.where)) this.conditions(tree.where, scope);
    if (isNode(tree.groupby)) {
      for (const column of nodesOf(tree.groupby.columns)) this.#found.groupBy.push(...this.expression(column, scope));
      this.#found.aggregates = true;
    }
    if (isNode(tree.having)) this.#having(tree.having, scope, output);
    this.#order(tree.orderby, scope, output, outermost);
    if (outermost) this.#limit(tree.limit);
    if (isNode(tree._next)) this.select(tree._next, scope.parent ?? scope, false);
    // ORDER BY and LIMIT of a UNION stand on its first SELECT.
    this.#order(tree._orderby, scope, output, outermost);
    if (outermost) this.#limit(tree._limit);
    return output;
  }

  conditions(tree: Node, scope: Scope): void {
    for (const predicate of collectConditions(tree, scope, this)) {
      this.#found.predicate(predicate);
    }
  }

  /** Resolves a column reference and records it. */
  resolve(reference: Node, scope: Scope): ColumnName | undefined {
    const { table, column } = columnNameOf(reference);
    if (table !== undefined && table === this.#rowAlias) return undefined;
    const found = scope.resolve(table, column);
    if (found === 'unknown') this.#found.unknownColumn(table === undefined ? column : `${table}.${column}`);
    if (found === 'unknown' || found === 'derived') return undefined;
    this.#found.column(found);
    return found;
  }

  /** All real columns below an expression, subqueries walked on their own. */
  expression(tree: Node, scope: Scope): ColumnName[] {
    if (isNode(tree.ast)) {
      this.select(tree.ast, scope, false);
      return [];
    }
    if (tree.type === 'select') {
      this.select(tree, scope, false);
      return [];
    }
    if (isColumn(tree)) {
      if (columnNameOf(tree).column === '*') return this.#star(tree, scope);
      const found = this.resolve(tree, scope);
      return found === undefined ? [] : [found];
    }
    const over = isNode(tree.over);
    const name = typeof tree.name === 'string' ? tree.name.toUpperCase() : '';
    if (!over && (tree.type === 'aggr_func' || AGGREGATES.has(name))) this.#found.aggregates = true;
    return childrenOf(tree).flatMap((child) => this.expression(child, scope));
  }

  #star(tree: Node, scope: Scope): ColumnName[] {
    const columns = scope.star(columnNameOf(tree).table).map(([, column]) => column);
    const real = columns.filter((column) => column !== undefined);
    for (const column of real) this.#found.column(column);
    return real;
  }

  #with(tree: Node, scope: Scope): void {
    for (const cte of nodesOf(tree.with)) {
      const name = textOf(isNode(cte.name) ? cte.name.value : cte.name);
      const statement = isNode(cte.stmt) ? (isNode(cte.stmt.ast) ? cte.stmt.ast : cte.stmt) : undefined;
      if (statement === undefined) continue;
      const renamed = nodesOf(cte.columns).map((column) => columnNameOf(column).column.toLowerCase());
      this.select(statement, scope, false, (columns) => {
        const own = [...columns].map(([column, real], index) => [renamed[index] ?? column, real] as const);
        scope.declareCte(name, new Map(own));
      });
    }
  }

  #bind(from: Node, scope: Scope): void {
    const alias = typeof from.as === 'string' ? from.as : undefined;
    if (isNode(from.expr)) {
      const inner = isNode(from.expr.ast) ? from.expr.ast : from.expr;
      if (inner.type === 'select') {
        scope.bind(alias ?? '', { kind: 'derived', columns: this.select(inner, scope.parent, false) });
      }
      return;
    }
    const name = textOf(from.table);
    if (name === '' || name.toLowerCase() === 'dual') return;
    const cte = scope.cte(name);
    if (cte !== undefined) return scope.bind(alias ?? name, { kind: 'derived', columns: cte });
    const table = this.#names.table(name);
    this.#found.table(table?.name ?? name, table !== undefined);
    scope.bind(
      alias ?? name,
      table === undefined
        ? { kind: 'table', table: name }
        : { kind: 'table', table: table.name, columns: table.columns },
    );
  }

  #joins(tree: Node, scope: Scope): void {
    const sources = nodesOf(tree.from).concat(tree.type === 'update' ? nodesOf(tree.table) : []);
    for (const [index, from] of sources.entries()) {
      if (isNode(from.on)) this.conditions(from.on, scope);
      const before = sources[index - 1];
      if (before === undefined) continue;
      for (const using of nodesOf(from.using)) {
        const column = textOf(using.value);
        const left = scope.resolve(aliasOf(before), column);
        const right = scope.resolve(aliasOf(from), column);
        if (typeof left === 'string' || typeof right === 'string') continue;
        this.#found.predicate({ ...left, operator: '=', with: right, always: true });
      }
    }
  }

  #output(tree: Node, scope: Scope): OutputColumns {
    const output: OutputColumns = new Map();
    for (const item of nodesOf(tree.columns)) {
      const expression = isNode(item.expr) ? item.expr : item;
      const columns = this.expression(expression, scope);
      if (!isColumn(expression)) {
        output.set(textOf(item.as).toLowerCase() || `\0${output.size}`, undefined);
      } else if (columnNameOf(expression).column === '*') {
        for (const [name, column] of scope.star(columnNameOf(expression).table)) output.set(name, column);
      } else {
        output.set((textOf(item.as) || columnNameOf(expression).column).toLowerCase(), columns[0]);
      }
    }
    return output;
  }

  /** HAVING may name columns of the output; what it filters are groups, so it gives no predicate. */
  #having(tree: Node, scope: Scope, output: OutputColumns): void {
    const own = new Scope(scope);
    own.bind('', { kind: 'derived', columns: output });
    this.expression(tree, own);
  }

  #order(order: unknown, scope: Scope, output: OutputColumns, outermost: boolean): void {
    for (const item of nodesOf(order)) {
      if (!isNode(item.expr)) continue;
      const { table, column } = isColumn(item.expr) ? columnNameOf(item.expr) : { table: undefined, column: undefined };
      const named = table === undefined && column !== undefined && output.has(column.toLowerCase());
      const columns = named ? [output.get(column.toLowerCase())] : this.expression(item.expr, scope);
      const first = columns[0];
      if (!outermost || first === undefined || !isColumn(item.expr)) continue;
      this.#found.orderBy.push({ ...first, descending: textOf(item.type).toUpperCase() === 'DESC' });
    }
  }

  #limit(limit: unknown): void {
    if (isNode(limit) && nodesOf(limit.value).length > 0) this.#found.limited = true;
  }

  #insert(tree: Node): void {
    const scope = new Scope();
    for (const table of nodesOf(tree.table)) this.#bind(table, scope);
    const named = Array.isArray(tree.columns)
      ? tree.columns.map((column) => textOf(isNode(column) ? column.column : column))
      : [];
    const all = named.length === 0 && !Array.isArray(tree.set);
    for (const column of named) this.#write({ type: 'column_ref', table: null, column }, scope);
    if (all) for (const [, column] of scope.star()) if (column) this.#found.write(column);
    if (isNode(tree.values) && tree.values.type === 'select') this.select(tree.values, undefined, false);
    else if (isNode(tree.values)) this.expression(tree.values, scope);
    this.#assignments(tree.set, scope);
    if (isNode(tree.on_duplicate_update)) this.#assignments(tree.on_duplicate_update.set, scope);
  }

  #change(tree: Node): void {
    const scope = new Scope();
    this.#with(tree, scope);
    const sources = tree.type === 'update' ? nodesOf(tree.table) : nodesOf(tree.from);
    for (const table of sources) this.#bind(table, scope);
    this.#joins(tree, scope);
    this.#assignments(tree.set, scope);
    if (isNode(tree.where)) this.conditions(tree.where, scope);
    this.#order(tree.orderby, scope, new Map(), true);
    this.#limit(tree.limit);
  }

  #assignments(set: unknown, scope: Scope): void {
    for (const item of nodesOf(set)) {
      this.#write({ type: 'column_ref', table: item.table ?? null, column: item.column }, scope);
      if (isNode(item.value)) this.expression(item.value, scope);
    }
  }

  #write(reference: Node, scope: Scope): void {
    const column = this.resolve(reference, scope);
    if (column !== undefined) this.#found.write(column);
  }
}

function aliasOf(from: Node): string {
  return textOf(from.as) || textOf(from.table);
}
