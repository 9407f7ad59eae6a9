import type { AccessPattern } from '../../core/analysis.ts';
import { tokenise, type Token } from '../../sql/tokens.ts';

export type Verb = 'select' | 'insert' | 'update' | 'delete' | 'replace' | 'other';

/** What a statement does to rows, as far as its cost depends on it. */
export interface StatementFacts {
  readonly verb: Verb;
  /** Columns that are assigned, over all variants; for INSERT those of ON DUPLICATE KEY UPDATE. */
  readonly assigned: readonly string[];
  /** INSERT with ON DUPLICATE KEY UPDATE, or REPLACE: may write an existing row. */
  readonly upsert: boolean;
  /** Reads under a lock (FOR UPDATE, FOR SHARE). */
  readonly locking: boolean;
}

const VERBS = new Set<Verb>(['select', 'insert', 'update', 'delete', 'replace']);

/** Reads verb and assignments from a pattern's normalised statements. */
export function statementFacts(pattern: AccessPattern): StatementFacts {
  const statements = pattern.normalisedSql.map(tokenise);
  const first = statements[0]?.find((token) => token.kind === 'word')?.text.toLowerCase() as Verb | undefined;
  // A statement that begins with WITH reads, unless its pattern says that it writes.
  const verb = first && VERBS.has(first) ? first : pattern.kind === 'read' ? 'select' : 'other';
  const assigned = new Set(statements.flatMap(assignedColumns));
  const has = (...words: string[]) => statements.some((tokens) => containsWords(tokens, words));
  return {
    verb,
    assigned: [...assigned],
    upsert: verb === 'replace' || has('ON', 'DUPLICATE', 'KEY'),
    locking: has('FOR', 'UPDATE') || has('FOR', 'SHARE') || has('LOCK', 'IN'),
  };
}

/** Columns left of `=` in the list after SET, or after KEY UPDATE. */
function assignedColumns(tokens: readonly Token[]): string[] {
  const columns: string[] = [];
  let inList = false;
  let depth = 0;
  let expectColumn = false;
  for (const [index, token] of tokens.entries()) {
    const word = token.kind === 'word' ? token.text.toUpperCase() : '';
    if (token.kind === 'open') depth += 1;
    else if (token.kind === 'close') depth -= 1;
    else if (depth > 0) continue;
    else if (word === 'SET' || (word === 'UPDATE' && tokens[index - 1]?.text.toUpperCase() === 'KEY')) {
      inList = true;
      expectColumn = true;
    } else if (word === 'WHERE' || word === 'ORDER' || word === 'LIMIT') inList = false;
    else if (inList && token.kind === 'comma') expectColumn = true;
    else if (inList && expectColumn && tokens[index + 1]?.text === '=') {
      columns.push(token.text);
      expectColumn = false;
    }
  }
  return columns;
}

function containsWords(tokens: readonly Token[], words: readonly string[]): boolean {
  return tokens.some((_, start) =>
    words.every((word, offset) => {
      const token = tokens[start + offset];
      return token?.kind === 'word' && token.text.toUpperCase() === word;
    }),
  );
}
