import { createHash } from 'node:crypto';
import { FUNCTIONS, RESERVED, UNRESERVED_KEYWORDS } from './words.ts';
import { tokenise, type Token } from './tokens.ts';

/** A statement without its values: equal for two statements exactly when they have the same shape. */
export interface NormalisedStatement {
  readonly normalisedSql: string;
  /** First 16 hex digits of the SHA-256 of {@link normalisedSql}. */
  readonly fingerprint: string;
}

/**
 * Brings a statement to the one form that text from source code and text from a server's log share: values are
 * `?`, lists of one shape are their first element, keywords are in upper case, white space and quoting canonical.
 *
 * Works on tokens and not on a syntax tree: a tree printed again loses what its grammar does not know (locking
 * clauses, hints), and logs hold statements that no grammar accepts. Both sides must get the same answer always.
 */
export function normalise(sql: string): NormalisedStatement {
  const words = canonicalWords(tokenise(sql));
  const normalisedSql = print(collapseLists(expandRowsPlaceholder(words)));
  return { normalisedSql, fingerprint: fingerprint(normalisedSql) };
}

/** The words of a statement, or of a piece of one, with values erased; lists are kept as they are. */
export function canonicalTokens(sql: string): string[] {
  return canonicalWords(tokenise(sql));
}

/** Fingerprint of an already normalised text. */
export function fingerprint(normalisedSql: string): string {
  return createHash('sha256').update(normalisedSql).digest('hex').slice(0, 16);
}

/** Texts of the tokens with values erased; a function's name carries its parenthesis rule through `FUNCTIONS`. */
function canonicalWords(tokens: readonly Token[]): string[] {
  const words: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const word = canonicalWord(token, words.at(-1), next);
    if (word === undefined) continue;
    // `'a' 'b'` is one string, and `-5` one number.
    if (word === '?' && token.kind === 'string' && tokens[index - 1]?.kind === 'string') continue;
    if (word === '?' && isSign(words.at(-1)) && !isOperand(words.at(-2))) words.pop();
    words.push(word);
  }
  while (words.at(-1) === ';') words.pop();
  return words;
}

function canonicalWord(token: Token, previous: string | undefined, next: Token | undefined): string | undefined {
  switch (token.kind) {
    case 'string':
    case 'number':
      return '?';
    case 'placeholder':
      return token.text === '??' ? '??' : '?';
    case 'quoted':
      return previous === '.' ? bareOrQuoted(token.text, false) : bareOrQuoted(token.text, true);
    case 'word': {
      if (previous === '.') return token.text;
      const upper = token.text.toUpperCase();
      if (upper === 'TRUE' || upper === 'FALSE') return '?';
      if (upper === 'NULL') return previous === 'IS' || previous === 'NOT' ? 'NULL' : '?';
      if (RESERVED.has(upper) || UNRESERVED_KEYWORDS.has(upper)) return upper;
      return FUNCTIONS.has(upper) && next?.kind === 'open' ? upper : token.text;
    }
    case 'operator':
      return token.text === '!=' ? '<>' : token.text;
    default:
      return token.text;
  }
}

function bareOrQuoted(name: string, reservedMatters: boolean): string {
  const upper = name.toUpperCase();
  const plain = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/.test(name);
  const safe = plain && !(reservedMatters && (RESERVED.has(upper) || UNRESERVED_KEYWORDS.has(upper)));
  return safe ? name : `\`${name.replaceAll('`', '``')}\``;
}

function isSign(word: string | undefined): boolean {
  return word === '-' || word === '+';
}

function isOperand(word: string | undefined): boolean {
  if (word === undefined) return false;
  return word === '?' || word === ')' || (/^[\w$`\u0080-\uffff@]/.test(word) && !RESERVED.has(word));
}

/** `VALUES ?`, which the driver fills with rows, becomes one tuple as wide as the statement's column list. */
function expandRowsPlaceholder(words: readonly string[]): string[] {
  const at = words.findIndex((word, index) => word === 'VALUES' && words[index + 1] === '?');
  if (at < 0) return [...words];
  const width = columnListWidth(words.slice(0, at));
  if (width === undefined) return [...words];
  const tuple = ['(', ...Array.from({ length: width }, (_, index) => (index === 0 ? ['?'] : [',', '?'])).flat(), ')'];
  return [...words.slice(0, at + 1), ...tuple, ...words.slice(at + 2)];
}

function columnListWidth(words: readonly string[]): number | undefined {
  if (words.at(-1) !== ')') return undefined;
  const open = words.lastIndexOf('(');
  return words.slice(open).filter((word) => word === ',').length + 1;
}

/** Keeps the first of `IN (a, a, a)` and of `VALUES (…), (…)` when the others have the same shape. */
function collapseLists(words: readonly string[]): string[] {
  const out: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    out.push(word);
    at += 1;
    if (word === 'IN' && words[at] === '(' && words[at + 1] !== 'SELECT') {
      const end = closing(words, at);
      const elements = split(words.slice(at + 1, end));
      out.push('(', ...collapsed(elements.map((element) => rowAsValue(collapseLists(element)))), ')');
      at = end + 1;
    } else if ((word === 'VALUES' || word === 'VALUE') && words[at] === '(') {
      const tuples: string[][] = [];
      do {
        const end = closing(words, at);
        tuples.push(collapseLists(words.slice(at, end + 1)));
        at = end + 1;
      } while (words[at] === ',' && words[at + 1] === '(' && ++at);
      out.push(...collapsed(tuples));
    }
  }
  return out;
}

/** `(?, ?)` in a list is one value: in code, a list of rows is written as a single `?`. */
function rowAsValue(element: string[]): string[] {
  return element.length > 2 && element.every((word) => '(,?)'.includes(word)) ? ['?'] : element;
}

/** Elements joined by commas, or the first alone when all are alike. */
function collapsed(elements: readonly (readonly string[])[]): string[] {
  const distinct = [...new Map(elements.map((element) => [element.join(' '), element])).values()];
  return distinct.length === 1 ? [...(distinct[0] ?? [])] : elements.flatMap((e, i) => (i === 0 ? e : [',', ...e]));
}

function closing(words: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < words.length; at += 1) {
    if (words[at] === '(') depth += 1;
    if (words[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return words.length;
}

function split(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}

function print(words: readonly string[]): string {
  let text = '';
  let before = '';
  for (const word of words) {
    const tight =
      text === '' ||
      word === ',' ||
      word === ')' ||
      word === '.' ||
      before === '.' ||
      before === '(' ||
      (word === '(' && FUNCTIONS.has(before) && before !== 'VALUES');
    text += tight ? word : ` ${word}`;
    before = word;
  }
  return text;
}
