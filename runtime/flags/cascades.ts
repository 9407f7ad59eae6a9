import { changed, literal, name, rowKey, rowUniques } from './sql-text.ts';
import type { InboundReference, SourceTable, SourceTables } from './source-tables.ts';

type Action = 'onDelete' | 'onUpdate';

/** One chain of foreign keys along which a change of one row spreads, from the row's own table outwards. */
type Chain = readonly InboundReference[];

/**
 * Statements for a trigger of `table` that enqueue the rows which foreign key actions change when `row` (`OLD`, `NEW`)
 * goes or moves: those actions fire no triggers. `insert` is the head of the INSERT.
 *
 * Every statement locks what it finds, and reads all of it before it writes the first line (SQL_BUFFER_RESULT): ids of
 * the outbox must be given after the rows are locked, or an older change could get a larger id than a newer one.
 */
export function enqueueAffected(
  tables: SourceTables,
  table: string,
  action: Action,
  row: 'OLD' | 'NEW',
  insert: string,
): string[] {
  return chains(tables, table, action).flatMap((chain) => {
    const [first] = chain;
    const last = chain.at(-1);
    const child = last === undefined ? undefined : tables[last.table];
    if (first === undefined || last === undefined || child?.migrated !== true) return [];
    // Only CASCADE gives a child the new value by which it is found afterwards.
    if (row === 'NEW' && chain.some((reference) => reference.onUpdate !== 'CASCADE')) return [];
    const { ctes, from, where, aliases } = closure(tables, table, chain, action, row);
    const alias = `t${chain.length - 1}`;
    const statement =
      `${insert} ${ctes.length === 0 ? '' : `WITH RECURSIVE ${ctes.join(', ')} `}` +
      `SELECT SQL_BUFFER_RESULT ${literal(last.table)}, ${rowKey(child, alias)}, ${rowUniques(child, alias)}, ` +
      `CONNECTION_ID() FROM ${from} WHERE ${where} ${lock(table, aliases)}`;
    return [action === 'onDelete' ? statement : `IF ${changed(first.targetColumns)} THEN ${statement}; END IF`];
  });
}

/** All chains from a table. A table that refers to itself is one link, followed to its end by {@link closure}. */
function chains(tables: SourceTables, table: string, action: Action): Chain[] {
  const found: Chain[] = [];
  for (const first of tables[table]?.referencedBy ?? []) if (first[action] !== 'RESTRICT') follow([first]);
  return found;

  function follow(chain: Chain): void {
    found.push(chain);
    const last = chain.at(-1);
    if (last === undefined) return;
    for (const next of tables[last.table]?.referencedBy ?? []) {
      if (spreads(chain, last, next)) follow([...chain, next]);
    }
  }

  function spreads(chain: Chain, last: InboundReference, next: InboundReference): boolean {
    if (next[action] === 'RESTRICT') return false;
    const seen = chain.some((step) => step.table === next.table);
    if (action === 'onUpdate') {
      // InnoDB refuses an update that comes back to a table of its own chain.
      return !seen && next.table !== table && next.targetColumns.some((column) => last.columns.includes(column));
    }
    // Rows that only lose their reference stay, so nothing spreads from them.
    if (last.onDelete !== 'CASCADE') return false;
    if (next.onDelete === 'SET NULL') return true;
    if (next.table === last.table) return false;
    if (seen || next.table === table) {
      throw new RangeError(`Cascading deletes go in a circle through ${next.table}; Cutover does not follow circles.`);
    }
    return true;
  }
}

interface Source {
  readonly ctes: readonly string[];
  readonly from: string;
  readonly where: string;
  /** Table by alias, of what stands in FROM. */
  readonly aliases: Readonly<Record<string, string>>;
}

/**
 * Locks as the foreign key action will, so that it need not wait again. A trigger may not lock its own table for
 * writing, so rows of that one are locked for reading.
 */
function lock(own: string, aliases: Readonly<Record<string, string>>): string {
  const names = Object.keys(aliases);
  const shared = names.filter((alias) => aliases[alias] === own);
  if (shared.length === 0) return 'FOR UPDATE';
  if (shared.length === names.length) return 'LOCK IN SHARE MODE';
  return `FOR UPDATE OF ${names.filter((alias) => aliases[alias] !== own).join(', ')} FOR SHARE OF ${shared.join(', ')}`;
}

/** FROM and WHERE that find the rows at the end of a chain under the alias `t<last>`. */
function closure(tables: SourceTables, own: string, chain: Chain, action: Action, row: 'OLD' | 'NEW'): Source {
  let ctes: string[] = [];
  let aliases: Record<string, string> = {};
  let from = '';
  let where = '';
  chain.forEach((reference, depth) => {
    const alias = `t${depth}`;
    const on = joined(reference, alias, depth === 0 ? row : `t${depth - 1}`);
    if (depth === 0) [from, where] = [`${name(reference.table)} AS ${alias}`, on];
    else from += ` JOIN ${name(reference.table)} AS ${alias} ON ${on}`;
    aliases = { ...aliases, [alias]: reference.table };
    const child = tables[reference.table];
    const selves = (child?.referencedBy ?? []).filter(
      (self) => self.table === reference.table && self.onDelete === 'CASCADE',
    );
    if (child === undefined || action !== 'onDelete' || reference.onDelete !== 'CASCADE' || selves.length === 0) return;
    const cte = `c${depth}`;
    ctes = [...ctes, recursive(own, cte, reference.table, child, selves, { ctes, from, where, aliases }, alias)];
    const same = child.key.map(({ column }) => `${alias}.${name(column)} <=> ${cte}.${name(column)}`).join(' AND ');
    [from, where] = [`${cte} JOIN ${name(reference.table)} AS ${alias} ON ${same}`, 'TRUE'];
    aliases = { [alias]: reference.table };
  });
  return { ctes, from, where, aliases };
}

/** Rows of a table that refers to itself, and all that hang below them. */
function recursive(
  own: string,
  cte: string,
  table: string,
  facts: SourceTable,
  selves: readonly InboundReference[],
  start: Source,
  alias: string,
): string {
  const columns = [
    ...new Set([...facts.key.map(({ column }) => column), ...selves.flatMap((self) => self.targetColumns)]),
  ];
  const list = (from: string): string => columns.map((column) => `${from}.${name(column)}`).join(', ');
  const below = selves.map((self) => `(${joined(self, 'n', cte)})`).join(' OR ');
  return (
    `${cte} AS ((SELECT ${list(alias)} FROM ${start.from} WHERE ${start.where} ${lock(own, start.aliases)}) UNION ` +
    `(SELECT ${list('n')} FROM ${cte} JOIN ${name(table)} AS n ON ${below} ${lock(own, { n: table })}))`
  );
}

function joined(reference: InboundReference, child: string, parent: string): string {
  return reference.columns
    .map((column, position) => {
      const target = reference.targetColumns[position];
      if (target === undefined) {
        throw new RangeError(`A foreign key of ${reference.table} has more columns than it refers to.`);
      }
      return `${child}.${name(column)} = ${parent}.${name(target)}`;
    })
    .join(' AND ');
}
