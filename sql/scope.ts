/** A real table's column. */
export interface ColumnName {
  readonly table: string;
  readonly column: string;
}

/** The names of a database, as far as statements can name them. `Analysis.tables` fits. */
export type SchemaNames = readonly {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}[];

/** Finds names as MySQL does: columns without regard to case, tables exactly first and then without regard to case. */
export class Names {
  readonly #tables = new Map<string, { name: string; columns: Map<string, string> }>();

  constructor(schema: SchemaNames) {
    for (const table of schema) {
      const columns = new Map(table.columns.map((column) => [column.name.toLowerCase(), column.name]));
      this.#tables.set(table.name, { name: table.name, columns });
    }
    for (const table of schema) {
      const folded = table.name.toLowerCase();
      const entry = this.#tables.get(table.name);
      if (entry !== undefined && !this.#tables.has(folded)) this.#tables.set(folded, entry);
    }
  }

  table(name: string): { readonly name: string; readonly columns: ReadonlyMap<string, string> } | undefined {
    return this.#tables.get(name) ?? this.#tables.get(name.toLowerCase());
  }
}

/** What a name in FROM stands for. */
type Binding =
  /** `columns` is missing for a table that the schema does not have. */
  | { readonly kind: 'table'; readonly table: string; readonly columns?: ReadonlyMap<string, string> }
  /** A derived table or CTE: which real column each of its columns is, where it is one. */
  | { readonly kind: 'derived'; readonly columns: ReadonlyMap<string, ColumnName | undefined> };

/** The tables that one SELECT (or UPDATE, DELETE) can name, within those of the statement around it. */
export class Scope {
  readonly #bindings = new Map<string, Binding>();
  readonly parent: Scope | undefined;
  readonly #ctes = new Map<string, ReadonlyMap<string, ColumnName | undefined>>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  bind(alias: string, binding: Binding): void {
    this.#bindings.set(alias.toLowerCase(), binding);
  }

  declareCte(name: string, columns: ReadonlyMap<string, ColumnName | undefined>): void {
    this.#ctes.set(name.toLowerCase(), columns);
  }

  cte(name: string): ReadonlyMap<string, ColumnName | undefined> | undefined {
    return this.#ctes.get(name.toLowerCase()) ?? this.parent?.cte(name);
  }

  /** All columns of one binding, or of all, as `*` gives them. */
  star(alias?: string): [string, ColumnName | undefined][] {
    const bindings = [...this.#bindings].filter(([name]) => alias === undefined || name === alias.toLowerCase());
    return bindings.flatMap(([, binding]) =>
      binding.kind === 'derived'
        ? [...binding.columns]
        : [...(binding.columns ?? new Map<string, string>())].map(([folded, column]): [string, ColumnName] => [
            folded,
            { table: binding.table, column },
          ]),
    );
  }

  /**
   * The real column that a reference means; `derived` when it is computed or not a real table's; `unknown` when
   * the schema has no such column.
   */
  resolve(alias: string | undefined, column: string): ColumnName | 'derived' | 'unknown' {
    const candidates =
      alias === undefined
        ? [...this.#bindings.values()]
        : [this.#bindings.get(alias.toLowerCase())].filter((binding) => binding !== undefined);
    for (const binding of candidates) {
      const found = inBinding(binding, column);
      if (found !== undefined) return found;
    }
    // A table that the schema lacks may have any column: when it is the only one, the column is its.
    const foreign = candidates.find((binding) => binding.kind === 'table' && binding.columns === undefined);
    if (foreign?.kind === 'table') return { table: foreign.table, column };
    return this.parent?.resolve(alias, column) ?? 'unknown';
  }
}

function inBinding(binding: Binding, column: string): ColumnName | 'derived' | undefined {
  const folded = column.toLowerCase();
  if (binding.kind === 'derived') {
    return binding.columns.has(folded) ? (binding.columns.get(folded) ?? 'derived') : undefined;
  }
  const name = binding.columns?.get(folded);
  return name === undefined ? undefined : { table: binding.table, column: name };
}
