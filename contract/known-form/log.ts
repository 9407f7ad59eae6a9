import type { Analysis, ColumnFacts, TableFacts } from '../../core/analysis.ts';
import { problem, type Problem } from '../problem.ts';
import { quoted, type Repair } from './form.ts';

/** What an import found on its way: repairs that it made, and what it could not repair. */
export class ImportLog {
  readonly repairs: Repair[] = [];
  readonly problems: Problem[] = [];
  /** Whether types that need an encoding of their own become those of `docs/value-encoding.md`. */
  readonly canonicalTypes: boolean;
  readonly #tables: ReadonlyMap<string, TableFacts>;

  constructor(analysis: Analysis, canonicalTypes: boolean) {
    this.#tables = new Map(analysis.tables.map((table) => [table.name, table]));
    this.canonicalTypes = canonicalTypes;
  }

  /** Notes a repair; gives what it became. */
  repaired<T>(at: string, was: unknown, became: T, why: string): T {
    this.repairs.push({ at, was: quoted(was), became: became === undefined ? 'left out' : quoted(became), why });
    return became;
  }

  /** Notes what can't be repaired. */
  problem(one: Problem): void {
    this.problems.push(one);
  }

  /** A source table by its exact name. */
  facts(name: string): TableFacts | undefined {
    return this.#tables.get(name);
  }

  /** A source table by its name, also when the known form writes it in another case; else a problem. */
  table(name: string, at: string): TableFacts | undefined {
    const exact = this.#tables.get(name);
    if (exact) return exact;
    const similar = [...this.#tables.values()].filter((table) => table.name.toLowerCase() === name.toLowerCase());
    const [only] = similar;
    if (only && similar.length === 1) {
      this.repaired(at, name, only.name, 'The table is written so in MySQL.');
      return only;
    }
    this.problems.push(problem(at, `is ${quoted(name)}, which was not analysed`));
    return undefined;
  }

  /** The table of the rows, where the known form does not name one. */
  tableOf(own: TableFacts, at: string): TableFacts {
    this.repaired(at, undefined, own.name, 'It is the table of the rows.');
    return own;
  }

  /** A column by its name, also written `table.column` or in another case; else a problem. */
  column(name: string, facts: TableFacts, at: string): ColumnFacts | undefined {
    const exact = facts.columns.find((column) => column.name === name);
    if (exact) return exact;
    const bare = name.startsWith(`${facts.name}.`) ? name.slice(facts.name.length + 1) : name;
    const found = facts.columns.find((column) => column.name.toLowerCase() === bare.toLowerCase());
    if (!found) {
      this.problems.push(problem(at, `is ${quoted(name)}, which is no column of ${facts.name}`));
      return undefined;
    }
    this.repaired(at, name, found.name, 'The column is written so in MySQL.');
    return found;
  }
}
