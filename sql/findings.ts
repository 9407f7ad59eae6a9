import type { Predicate } from '../core/analysis.ts';
import type { StatementReferences } from './references.ts';
import type { ColumnName } from './scope.ts';

/** What a walk has found so far, each thing once and in order of finding. */
export class Findings {
  readonly #tables = new Set<string>();
  readonly #unknownTables = new Set<string>();
  readonly #unknownColumns = new Set<string>();
  readonly #columns = new Map<string, ColumnName>();
  readonly #predicates = new Map<string, Predicate>();
  readonly #writes = new Map<string, ColumnName>();
  readonly orderBy: (ColumnName & { descending: boolean })[] = [];
  readonly groupBy: ColumnName[] = [];
  limited = false;
  aggregates = false;

  table(name: string, known: boolean): void {
    this.#tables.add(name);
    if (!known) this.#unknownTables.add(name);
  }

  unknownColumn(name: string): void {
    this.#unknownColumns.add(name);
  }

  column(column: ColumnName): void {
    this.#columns.set(keyOf(column), column);
  }

  write(column: ColumnName): void {
    this.column(column);
    this.#writes.set(keyOf(column), column);
  }

  predicate(predicate: Predicate): void {
    this.#predicates.set(JSON.stringify(predicate), predicate);
  }

  all(): Omit<StatementReferences, 'statement' | 'parsed' | 'locks'> {
    return {
      tables: [...this.#tables],
      unknownTables: [...this.#unknownTables],
      unknownColumns: [...this.#unknownColumns],
      columns: [...this.#columns.values()],
      predicates: [...this.#predicates.values()],
      orderBy: this.orderBy,
      groupBy: this.groupBy,
      writes: [...this.#writes.values()],
      limited: this.limited,
      aggregates: this.aggregates,
    };
  }
}

function keyOf(column: ColumnName): string {
  return `${column.table}\0${column.column}`;
}
