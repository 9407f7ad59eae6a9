import { createRequire } from 'node:module';
import type { AST, Parser as ParserClass } from 'node-sql-parser';
import { tokenise, type Token } from './tokens.ts';

// The package is CommonJS, and its main entry loads the grammars of all dialects; this is MySQL's alone.
const { Parser } = createRequire(import.meta.url)('node-sql-parser/build/mysql.js') as { Parser: typeof ParserClass };
const parser = new Parser();

/** A node of the parser's tree, seen without its (incomplete) type declarations. */
export type Node = Readonly<Record<string, unknown>>;

export interface Parsed {
  readonly trees: readonly Node[];
  /** Name of `INSERT … VALUES (…) AS row`, which the grammar does not know. */
  readonly rowAlias?: string;
  /** `FOR UPDATE`, `FOR SHARE`, `LOCK IN SHARE MODE`: asked for, in any form. */
  readonly locks: boolean;
}

/**
 * Parses a statement, its n-th `?` (from 0) becoming a parameter node named `p<n>`. Gives nothing when the
 * grammar does not accept the text.
 */
export function parseStatement(sql: string): Parsed | undefined {
  const prepared = prepare(sql);
  try {
    const tree = parser.astify(prepared.sql, { database: 'MySQL' });
    const trees = (Array.isArray(tree) ? tree : [tree]) as (AST | null)[];
    return { ...prepared, trees: trees.filter((one) => one !== null) as unknown as Node[] };
  } catch {
    return undefined;
  }
}

interface Prepared {
  readonly sql: string;
  readonly rowAlias?: string;
  readonly locks: boolean;
}

/** Names the placeholders and takes out what the grammar lacks and references do not need. */
function prepare(sql: string): Prepared {
  const tokens = tokenise(sql);
  const dropped = new Set<number>();
  const locks = dropLocking(tokens, dropped);
  const rowAlias = dropRowAlias(tokens, dropped);
  let placeholders = 0;
  const words: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (dropped.has(index)) continue;
    if (token.kind === 'placeholder' && token.text === '?') words.push(`:p${placeholders++}`);
    else words.push(token.text === '<=>' ? '=' : sql.slice(token.start, token.end));
  }
  while (words.at(-1) === ';') words.pop();
  // The grammar reads `COUNT (` and `a . b` as something else, so only tokens that stood apart are set apart.
  return { sql: spaced(tokens, dropped, words), locks, ...(rowAlias === undefined ? {} : { rowAlias }) };
}

function spaced(tokens: readonly Token[], dropped: ReadonlySet<number>, words: readonly string[]): string {
  const kept = tokens.filter((_, index) => !dropped.has(index));
  return words
    .map((word, index) => {
      const token = kept[index];
      const before = kept[index - 1];
      return index > 0 && token !== undefined && before !== undefined && before.end < token.start ? ` ${word}` : word;
    })
    .join('');
}

function dropLocking(tokens: readonly Token[], dropped: Set<number>): boolean {
  const word = (index: number): string => (tokens[index]?.kind === 'word' ? tokens[index].text.toUpperCase() : '');
  let found = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const length =
      word(at) === 'FOR' && (word(at + 1) === 'UPDATE' || word(at + 1) === 'SHARE')
        ? 2
        : word(at) === 'LOCK' && word(at + 1) === 'IN' && word(at + 2) === 'SHARE'
          ? 4
          : 0;
    if (length === 0) continue;
    found = true;
    let end = at + length;
    if (word(end) === 'OF') end += 2;
    while (tokens[end]?.kind === 'comma') end += 2;
    if (word(end) === 'NOWAIT') end += 1;
    if (word(end) === 'SKIP') end += 2;
    for (let index = at; index < end; index += 1) dropped.add(index);
  }
  return found;
}

function dropRowAlias(tokens: readonly Token[], dropped: Set<number>): string | undefined {
  const at = tokens.findIndex(
    (token, index) =>
      token.kind === 'close' &&
      tokens[index + 1]?.text.toUpperCase() === 'AS' &&
      tokens[index + 3]?.text.toUpperCase() === 'ON' &&
      tokens[index + 4]?.text.toUpperCase() === 'DUPLICATE',
  );
  if (at < 0) return undefined;
  dropped.add(at + 1).add(at + 2);
  return tokens[at + 2]?.text;
}
