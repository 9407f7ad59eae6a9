import type { State } from './state.ts';
import { Untold } from './untold.ts';
import { literal, literalText, type Item, type Piece, type Value } from './values.ts';

/** Text in quotes or comments, and the places for values and names between. */
const TOKENS = /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`[^`]*`|\/\*[\s\S]*?\*\/|--\s[^\n]*|#[^\n]*|\?\??/g;

/**
 * Writes out what the driver makes of names and objects: `??` becomes the quoted name, and the `?` of `SET ?` becomes
 * `column = ?` for each key. Only in a text that is always the same, since places are told by counting.
 */
export function writtenOut(
  pieces: readonly Piece[],
  items: readonly Item[],
  state: State,
): { pieces: readonly Piece[]; items: readonly Item[] } {
  const sql = literalText(pieces);
  if (sql === undefined || !/\?\?|\bset\s+\?/i.test(sql)) return { pieces, items };
  const left: Item[] = [];
  let used = 0;
  const text = sql.replace(TOKENS, (token, offset: number) => {
    if (token !== '?' && token !== '??') return token;
    const item = items[used++];
    if (item === undefined) throw new Untold('there are fewer values than places in the SQL text');
    if (item.kind !== 'element') throw new Untold('names or objects are bound from a list of unknown length');
    if (token === '??') return quotedName(item.value);
    if (!/\bset\s+$/i.test(sql.slice(0, offset))) {
      left.push(item);
      return token;
    }
    const entries = entriesOf(item.value, state);
    left.push(...entries.map(([, each]) => each));
    return entries.map(([name]) => `${quoted(name)} = ?`).join(', ');
  });
  return { pieces: [literal(text)], items: [...left, ...items.slice(used)] };
}

function quotedName(value: Value): string {
  const name = value.kind === 'text' ? literalText(value.pieces) : undefined;
  if (name === undefined) throw new Untold('an identifier is bound by ??, and its name can not be told');
  // The driver takes `a.b` for two names.
  return name.split('.').map(quoted).join('.');
}

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

function entriesOf(value: Value, state: State): [string, Item][] {
  const cell = state.cellOf(value);
  if (cell?.kind === 'lost') throw new Untold(cell.reason);
  if (value.kind === 'lost') throw new Untold(value.reason);
  if (cell?.kind !== 'object' || cell.entries.size === 0) {
    throw new Untold('the columns of SET ? are the keys of an object that can not be told');
  }
  return [...cell.entries].map(([name, each]) => {
    const text = each.kind === 'text' ? literalText(each.pieces) : undefined;
    if (each.kind === 'code') return [name, { kind: 'element', value: each, code: each.code }];
    if (text === undefined) throw new Untold(`what SET ? gives the column ${name} can not be told`);
    return [name, { kind: 'element', value: each, code: { kind: 'literal', value: text } }];
  });
}
