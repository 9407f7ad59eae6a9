import { type Token, tokenise } from '../../../sql/tokens.ts';

/** Name of the column that {@link rankedStatement} adds. */
export const RANK = 'cutover_rank';

/** A SELECT without its LIMIT, that tells which rows tie in its ORDER BY; and what the LIMIT said. */
export interface RankedStatement {
  readonly sql: string;
  readonly offset: number;
}

/**
 * Makes MySQL tell what an ORDER BY leaves open: the same SELECT over all its rows, with their dense rank in that order
 * as one more column. `sql` has its values in it. Undefined for what is not one plain SELECT.
 */
export function rankedStatement(sql: string): RankedStatement | undefined {
  const top = topLevel(sql);
  const at = (word: string): number =>
    top.findIndex(({ kind, text }) => kind === 'word' && text.toUpperCase() === word);
  if (at('SELECT') !== 0 || at('UNION') >= 0 || at('EXCEPT') >= 0 || at('INTERSECT') >= 0) return undefined;
  const from = at('FROM');
  if (from < 0) return undefined;
  const limit = at('LIMIT');
  const lock = top.findIndex(
    ({ text }, position) => text.toUpperCase() === 'FOR' && /^(UPDATE|SHARE)$/i.test(top[position + 1]?.text ?? ''),
  );
  const order = top.findIndex(
    ({ text }, position) => text.toUpperCase() === 'ORDER' && top[position + 1]?.text.toUpperCase() === 'BY',
  );
  const start = (position: number): number => top[position]?.start ?? sql.length;
  const end = Math.min(...[limit, lock].filter((position) => position > 0).map(start), sql.length);
  const bodyEnd = order < 0 ? end : start(order);
  const selected = selectItems(sql, top, from);
  const keys =
    order < 0
      ? []
      : itemsBetween(sql, top, order + 2, limit > 0 ? limit : lock > 0 ? lock : top.length).map((item) =>
          withoutAlias(item, selected),
        );
  const rank = keys.length === 0 ? '1' : `DENSE_RANK() OVER (ORDER BY ${keys.join(', ')})`;
  const list = sql.slice(0, start(from)).trimEnd();
  return {
    sql: `${list}, ${rank} AS ${RANK} ${sql.slice(start(from), bodyEnd).trimEnd()} ORDER BY ${RANK}`,
    offset: limit < 0 ? 0 : offsetOf(sql.slice(start(limit))),
  };
}

function topLevel(sql: string): Token[] {
  let depth = 0;
  return tokenise(sql).filter(({ kind }) => {
    if (kind === 'close') depth -= 1;
    const outside = depth === 0;
    if (kind === 'open') depth += 1;
    return outside;
  });
}

function itemsBetween(sql: string, top: readonly Token[], first: number, last: number): string[] {
  const items: string[] = [];
  let start = top[first]?.start ?? sql.length;
  for (const token of top.slice(first, last)) {
    if (token.kind !== 'comma') continue;
    items.push(sql.slice(start, token.start).trim());
    start = token.end;
  }
  items.push(sql.slice(start, top[last]?.start ?? sql.length).trim());
  return items;
}

/** Expressions of the select list by their alias, and by their place. */
function selectItems(sql: string, top: readonly Token[], from: number): ReadonlyMap<string, string> {
  const first = /^(DISTINCT|ALL)$/i.test(top[1]?.text ?? '') ? 2 : 1;
  const named = new Map<string, string>();
  for (const [position, item] of itemsBetween(sql, top, first, from).entries()) {
    const aliased = /^([\s\S]+?)\s+(?:AS\s+)?[`'"]?([\w$]+)[`'"]?$/i.exec(item);
    const expression = aliased?.[1] ?? item;
    named.set(String(position + 1), expression);
    if (aliased?.[2] !== undefined) named.set(aliased[2].toLowerCase(), expression);
  }
  return named;
}

/** A window function knows no aliases: the expression stands in their place. */
function withoutAlias(item: string, selected: ReadonlyMap<string, string>): string {
  const [, expression = item, direction = ''] = /^([\s\S]*?)(\s+(?:ASC|DESC))?$/i.exec(item) ?? [];
  const name = expression.replaceAll('`', '').trim().toLowerCase();
  return `${selected.get(name) ?? expression}${direction}`;
}

function offsetOf(limit: string): number {
  const comma = /LIMIT\s+'?(\d+)'?\s*,/i.exec(limit);
  const offset = /OFFSET\s+'?(\d+)'?/i.exec(limit);
  return Number(comma?.[1] ?? offset?.[1] ?? 0);
}

/** A row as text, and its rank. */
export interface Ranked {
  readonly row: string;
  readonly rank: number;
}

/**
 * Whether rows are an answer that the statement allows: at each place a row of the rank that belongs there, each row as
 * often as it is there, and a rank that lies wholly inside given whole.
 */
export function isAllowed(rows: readonly string[], all: readonly Ranked[], offset: number): boolean {
  if (offset + rows.length > all.length && rows.length > 0) return false;
  const left = new Map<string, number>();
  for (const { row, rank } of all) {
    const key = `${rank} ${row}`;
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return rows.every((row, position) => {
    const key = `${all[offset + position]?.rank ?? 0} ${row}`;
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count > 0;
  });
}
