/** Text of a statement with what stands in quotes blanked, so that words and signs can be looked for; same length. */
export function withoutQuoted(sql: string): string {
  return sql.replace(/'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`/g, (quoted) =>
    quoted[0] === '`' ? `\`${'_'.repeat(quoted.length - 2)}\`` : `'${'_'.repeat(quoted.length - 2)}'`,
  );
}

/**
 * Refuses what could change anything or take a lock. The session is read-only besides; this holds also where no
 * session of ours is set, as through an MCP server.
 */
export function requireReading(sql: string): void {
  const bare = withoutQuoted(sql);
  const reads = /^\s*(?:SELECT|SHOW)\b/i.test(bare);
  const more = /;|--|\/\*|#|\bINTO\b|\bFOR\s+(?:UPDATE|SHARE)\b|\bLOCK\s+IN\b|\bGET_LOCK\b|:=/i.test(bare);
  if (!reads || more) throw new Error(`not a reading statement: ${sql.slice(0, 60)}`);
}

/** A value that a statement is given for a `?`. */
export type Bound = string | number | readonly string[];

/**
 * Puts values in the place of the `?` of a statement, for servers that take text alone. What is not plain is written
 * in hexadecimal: no SQL mode, no character set and no filter of words on the way can read it otherwise.
 */
export function bind(sql: string, values: readonly Bound[]): string {
  const bare = withoutQuoted(sql);
  let at = 0;
  let used = 0;
  let bound = '';
  for (let mark = bare.indexOf('?'); mark >= 0; mark = bare.indexOf('?', mark + 1)) {
    const value = values[used++];
    if (value === undefined) throw new Error(`the statement has more marks than values: ${sql.slice(0, 60)}`);
    bound += sql.slice(at, mark) + literal(value);
    at = mark + 1;
  }
  if (used !== values.length) throw new Error(`the statement has fewer marks than values: ${sql.slice(0, 60)}`);
  return bound + sql.slice(at);
}

function literal(value: Bound): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value.map(literal).join(', ');
  if (/^[\w.$-]*$/.test(value) && !value.includes('--')) return `'${value}'`;
  return `_utf8mb4 0x${Buffer.from(value, 'utf8').toString('hex')}`;
}

/**
 * Names of the columns that one of our own SELECTs gives, in order. Each is a plain column or has its `AS`; anything
 * else is a defect of the statement, said at once.
 */
export function outputColumns(sql: string): string[] {
  const bare = withoutQuoted(sql);
  const start = /^\s*SELECT\s/i.exec(bare)?.[0].length;
  if (start === undefined) throw new Error(`not a SELECT: ${sql.slice(0, 60)}`);
  return splitList(bare, start).map(([from, to]) => {
    const item = sql.slice(from, to).trim();
    const name = /(?:\bAS\s+|^|\.)(?:`((?:[^`]|``)+)`|(\w+))$/i.exec(item);
    const found = name?.[1]?.replaceAll('``', '`') ?? name?.[2];
    if (found === undefined) throw new Error(`a column without a name in: ${item.slice(0, 60)}`);
    return found;
  });
}

/** Places of the items of a select list: up to the first FROM, UNION or end that no parentheses enclose. */
function splitList(bare: string, start: number): (readonly [number, number])[] {
  const items: (readonly [number, number])[] = [];
  let depth = 0;
  let from = start;
  for (const match of bare.slice(start).matchAll(/[(),]|\b(?:FROM|UNION|LIMIT)\b/gi)) {
    const at = start + match.index;
    if (match[0] === '(') depth += 1;
    else if (match[0] === ')') depth -= 1;
    else if (depth > 0) continue;
    else if (match[0] === ',') {
      items.push([from, at]);
      from = at + 1;
    } else {
      return [...items, [from, at]];
    }
  }
  return [...items, [from, bare.length]];
}
