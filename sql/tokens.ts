/** A lexical unit of MySQL's SQL. Comments and white space are not tokens. */
export interface Token {
  readonly kind:
    'word' | 'quoted' | 'string' | 'number' | 'placeholder' | 'variable' | 'operator' | 'open' | 'close' | 'comma';
  /** As written; for `quoted` the identifier without its backticks. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERNS: readonly (readonly [Token['kind'] | 'skip', RegExp])[] = [
  ['skip', /\s+|--(?=[\s]|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /(?:[nN]|_[A-Za-z0-9]+\s*)?(?:'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$))/y],
  ['number', /[xXbB]'[0-9A-Fa-f]*'|0x[0-9A-Fa-f]+\b|0b[01]+\b|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$])/y],
  ['quoted', /`(?:[^`]|``)*`/y],
  ['variable', /@@?(?:`(?:[^`]|``)*`|[\w$.]+)/y],
  // Identifiers may start with digits; every character above ASCII is a letter to MySQL.
  ['word', /[\w$\u0080-\uffff]+/y],
  ['placeholder', /\?{1,2}|:[A-Za-z_]\w*/y],
  ['operator', /<=>|->>|->|<>|!=|<=|>=|:=|&&|\|\||<<|>>|[-+*/%=<>!~^&|.;:{}[\]\\@]/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
];

/** Splits a statement into tokens; any text at all is accepted, since logs hold cut and broken statements. */
export function tokenise(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const found = matchAt(sql, at);
    if (found.kind !== 'skip') {
      const text = found.kind === 'quoted' ? found.text.slice(1, -1).replaceAll('``', '`') : found.text;
      tokens.push({ kind: found.kind, text, start: at, end: at + found.text.length });
    }
    at += found.text.length;
  }
  return tokens;
}

function matchAt(sql: string, at: number): { kind: Token['kind'] | 'skip'; text: string } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    if (match !== null && match[0].length > 0) return { kind, text: match[0] };
  }
  return { kind: 'operator', text: sql.charAt(at) };
}
