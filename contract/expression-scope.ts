import { problem, type Problem } from './problem.ts';
import type { SourceTableFacts } from './source-facts.ts';
import { readExpression, readOrder, type Expression, type NamedColumn } from './sql-expression.ts';
import type { SourceType } from './types.ts';

/** The rows that an expression can name: source tables by the name that they have there. */
export type Scope = ReadonlyMap<string, string>;

/** Texts of a contract that are SQL, checked against the source. */
export class Expressions {
  readonly #facts: ReadonlyMap<string, SourceTableFacts>;

  constructor(facts: ReadonlyMap<string, SourceTableFacts>) {
    this.#facts = facts;
  }

  /** What is known of a source table. */
  table(name: string): SourceTableFacts | undefined {
    return this.#facts.get(name);
  }

  /** Checks an expression; gives it back resolved, or undefined with the reason among the problems. */
  check(text: string, scope: Scope, place: string, problems: Problem[]): Expression | undefined {
    return this.#checked(readExpression(text), scope, place, problems);
  }

  /** Checks an ORDER BY list. */
  order(text: string, scope: Scope, place: string, problems: Problem[]): void {
    this.#checked(readOrder(text), scope, place, problems);
  }

  /**
   * Checks what a join selects: the plain name of a column of `table`, whatever it looks like, or an expression.
   * Gives the column's type when it is one column of a known type.
   */
  selected(text: string, table: string, name: string, place: string, problems: Problem[]): SourceType | undefined {
    const facts = this.#facts.get(table);
    if (facts?.columns.has(text)) return facts.columns.get(text) ?? undefined;
    const read = readExpression(text);
    if (typeof read !== 'string' && read.columns.length === 1 && isBareName(text)) {
      problems.push(problem(place, `is ${table}.${text}, which does not exist`));
      return undefined;
    }
    const expression = this.#checked(read, new Map([[name, table]]), place, problems);
    const [only] = expression?.columns ?? [];
    if (!only || expression?.columns.length !== 1 || !isColumnName(text)) return undefined;
    return facts?.columns.get(only.column) ?? undefined;
  }

  #checked(read: Expression | string, scope: Scope, place: string, problems: Problem[]): Expression | undefined {
    if (typeof read === 'string') {
      problems.push(problem(place, read));
      return undefined;
    }
    const resolve = (column: NamedColumn): NamedColumn => this.#resolve(column, scope, place, problems);
    return {
      columns: read.columns.map(resolve),
      equalities: read.equalities.map(([left, right]) => [resolve(left), resolve(right)] as const),
    };
  }

  /** Gives each column the name of its row; says when there is none, or more than one. */
  #resolve({ table, column }: NamedColumn, scope: Scope, place: string, problems: Problem[]): NamedColumn {
    if (table !== undefined) {
      const source = scope.get(table);
      if (source === undefined) push(problems, place, `uses ${table}, which is neither the row nor what is joined`);
      else if (this.#facts.get(source)?.columns.has(column) === false)
        push(problems, place, `uses ${source}.${column}, which does not exist`);
      return { table, column };
    }
    const owners = [...scope].filter(([, source]) => this.#facts.get(source)?.columns.has(column));
    if (owners.length === 0) push(problems, place, `uses ${column}, which is no column there`);
    if (owners.length > 1)
      push(problems, place, `uses ${column}, which ${owners.map(([name]) => name).join(' and ')} both have`);
    return { table: owners[0]?.[0], column };
  }
}

function push(problems: Problem[], at: string, text: string): void {
  if (!problems.some((one) => one.at === at && one.problem === text)) problems.push(problem(at, text));
}

function isBareName(text: string): boolean {
  return /^[\w$]+$/.test(text.trim());
}

function isColumnName(text: string): boolean {
  return /^(?:[\w$]+|`[^`]+`)(?:\.(?:[\w$]+|`[^`]+`))?$/.test(text.trim());
}
