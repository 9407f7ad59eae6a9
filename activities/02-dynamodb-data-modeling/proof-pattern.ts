import type { Analysis, ForeignKeyFacts } from '../../core/analysis.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { itemToRow, type Item, type SourceRow, type SourceValue } from '../../runtime/store/codec.ts';
import type { EntityModel, StoreModel } from '../../runtime/store/model.ts';
import type { PatternCost, ServedLookup } from './evaluate.ts';
import type { AccessProver } from './proof-access.ts';
import type { EntityDesign } from './table-design.ts';

/** Values of columns that the statement's text binds: parameters, literals, NULL. */
export type Bound = ReadonlyMap<string, readonly SourceValue[]>;

/** What the accesses of one pattern found. */
export interface PatternRun {
  /** Rows read of each table, each once, in the order in which they came. */
  readonly read: ReadonlyMap<string, readonly SourceRow[]>;
  /** Rows that were found for the check of a foreign key, with the parent that was asked for. */
  readonly children: readonly {
    readonly key: ForeignKeyFacts;
    readonly child: string;
    readonly by: SourceRow;
    readonly found: readonly SourceRow[];
  }[];
  readonly requests: number;
  readonly items: number;
  readonly consumed: number;
  readonly computed: number;
  /** A column without a value, so that the access could not be made. */
  readonly unbound: string | null;
}

/** What all patterns are run with. */
export interface RunInput {
  readonly contract: MigrationContract;
  readonly analysis: Analysis;
  readonly model: StoreModel;
  readonly prover: AccessProver;
}

/** Executes the accesses of a pattern in their order: values first, then what the rows found before lead to. */
export async function runPattern(cost: PatternCost, bound: Bound, input: RunInput): Promise<PatternRun> {
  const read = new Map<string, SourceRow[]>();
  const children: PatternRun['children'][number][] = [];
  let unbound: string | null = null;
  const sums = { requests: 0, items: 0, consumed: 0, computed: 0 };
  for (const one of cost.served) {
    const { lookup, path } = one;
    const entity = input.model.entities[lookup.table];
    const table = input.contract.tables.find(({ table: name }) => name === one.table.name);
    const placed = one.table.entities.find(({ design }) => design.facts.name === lookup.table);
    if (!entity || !table || !placed) continue;
    const index = placed.indexes.find(({ design }) => design.name === path.index?.name)?.name ?? null;
    const way = { operation: path.operation, index };
    const isCheck = lookup.purpose === 'foreign key check';
    const key = isCheck ? keyOf(one, read, input.analysis) : undefined;
    const wanted = isCheck ? parentsOf(key, read) : tuplesOf(one, placed.design, cost, bound, read);
    if (typeof wanted === 'string') {
      unbound ??= wanted;
      continue;
    }
    const descending = path.ordered && lookup.order[0]?.descending === true;
    for (const by of wanted) {
      const access = await input.prover.access(table, entity, way, by, descending);
      if (!access) continue;
      sums.requests += 1;
      sums.items += access.items.length;
      // Endpoints differ in what finding nothing costs (DynamoDB Local: nothing), so that says nothing of sizes.
      if (access.items.length > 0) {
        sums.consumed += access.consumed;
        sums.computed += access.computed;
      }
      const rows = access.items.filter((item) => isOf(item, entity)).map((item) => itemToRow(entity, item));
      if (isCheck && key) children.push({ key, child: lookup.table, by, found: rows });
      read.set(lookup.table, merged(read.get(lookup.table) ?? [], rows, entity));
    }
    if (!read.has(lookup.table)) read.set(lookup.table, []);
  }
  return { read, children, ...sums, unbound };
}

/** Whether an item is of this kind; a table that several share has others beside it. */
function isOf(item: Item, entity: EntityModel): boolean {
  return item['_type'] === undefined || item['_type'].S === entity.entityType;
}

/** Rows with others behind them, each once. */
function merged(before: readonly SourceRow[], rows: readonly SourceRow[], entity: EntityModel): SourceRow[] {
  const name = (row: SourceRow) => JSON.stringify(entity.primaryKey.map((column) => String(row[column])));
  return [...new Map([...before, ...rows].map((row) => [name(row), row])).values()];
}

/** The keys to ask for: every combination of bound values and of the rows read before. A string names what has no value. */
function tuplesOf(
  { lookup, path }: ServedLookup,
  design: EntityDesign,
  { plan }: PatternCost,
  bound: Bound,
  read: ReadonlyMap<string, readonly SourceRow[]>,
): SourceRow[] | string {
  if (path.operation === 'scan') return [{}];
  const columns = path.index?.pk.columns ?? (path.operation === 'query' ? design.pk.columns : design.primaryKey);
  let tuples: SourceRow[] = [{}];
  for (const column of columns) {
    const values =
      bound.get(`${lookup.table}\u0000${column}`) ?? joined(plan.pattern.predicates, lookup.table, column, read);
    if (values === null) return `${lookup.table}.${column}`;
    tuples = tuples.flatMap((tuple) => values.map((value) => ({ ...tuple, [column]: value })));
  }
  return [...new Map(tuples.map((tuple) => [JSON.stringify(Object.values(tuple).map(String)), tuple])).values()];
}

/** Values that rows read before give a column by the statement's joins; null when none does. */
function joined(
  predicates: PatternCost['plan']['pattern']['predicates'],
  table: string,
  column: string,
  read: ReadonlyMap<string, readonly SourceRow[]>,
): readonly SourceValue[] | null {
  let values: SourceValue[] | null = null;
  for (const { always, operator, table: left, column: leftColumn, with: right } of predicates) {
    if (!always || operator !== '=' || right === 'value') continue;
    const other =
      left === table && leftColumn === column
        ? right
        : right.table === table && right.column === column
          ? { table: left, column: leftColumn }
          : null;
    const rows = other && read.get(other.table);
    if (!rows) continue;
    values = [...(values ?? []), ...rows.map((row) => row[other.column] ?? null)];
  }
  return (
    values && [...new Map(values.map((value) => [String(value), value])).values()].filter((value) => value !== null)
  );
}

/** The foreign key that a check follows: from a table that was read before, by the columns that the check asks for. */
function keyOf({ lookup }: ServedLookup, read: ReadonlyMap<string, readonly SourceRow[]>, analysis: Analysis) {
  const facts = analysis.tables.find(({ name }) => name === lookup.table);
  return facts?.foreignKeys.find(
    (key) => read.has(key.referencedTable) && [...key.columns].sort().join() === [...lookup.equality].sort().join(),
  );
}

function parentsOf(key: ForeignKeyFacts | undefined, read: ReadonlyMap<string, readonly SourceRow[]>): SourceRow[] {
  if (!key) return [];
  return (read.get(key.referencedTable) ?? []).map((parent) =>
    Object.fromEntries(key.columns.map((column, at) => [column, parent[key.referencedColumns[at] ?? ''] ?? null])),
  );
}
