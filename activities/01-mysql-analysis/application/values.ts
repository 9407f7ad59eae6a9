import type { Expression, Node } from 'ts-morph';
import type { FunctionNode } from './syntax.ts';

/**
 * What the abstract interpreter knows of a value: strings are kept as pieces, arrays and objects as cells of a heap
 * (so that two names of one array stay one array), and everything else as the code that would give it.
 */
export type Value =
  | { readonly kind: 'text'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'reference'; readonly cell: number }
  | { readonly kind: 'function'; readonly node: FunctionNode }
  | { readonly kind: 'code'; readonly code: Code }
  | { readonly kind: 'choice'; readonly alternatives: readonly { readonly when: Condition; readonly value: Value }[] }
  /** Can't be told; `reason` says why, for the list of unresolved accesses. */
  | { readonly kind: 'lost'; readonly reason: string };

/** Run-time code, closed over what its names meant where it stood. */
export type Code =
  | { readonly kind: 'source'; readonly node: Expression; readonly environment: Environment | undefined }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: 'composed'; readonly parts: readonly (string | Code)[] };

/** Names that don't mean, at the call, what they meant in the code: an immutable list, innermost first. */
export interface Environment {
  readonly declaration: Node;
  readonly code: Code;
  readonly next: Environment | undefined;
}

export type Condition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'code'; readonly code: Code }
  | { readonly kind: 'equals'; readonly code: Code; readonly value: string | number }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

/** A stretch of a string. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  /** A value of the program put into the text. */
  | { readonly kind: 'hole'; readonly code: Code }
  | { readonly kind: 'choice'; readonly alternatives: readonly PieceAlternative[] }
  | { readonly kind: 'joined'; readonly separator: string; readonly items: readonly PieceItem[] }
  /** `text` once for each element of `over`, put together by `separator`. */
  | { readonly kind: 'repeated'; readonly over: Code; readonly text: string; readonly separator: string };

export interface PieceAlternative {
  readonly when: Condition;
  readonly pieces: readonly Piece[];
}

/** One item of `array.join(separator)`, there when `when` holds. */
export interface PieceItem {
  readonly when: Condition;
  readonly pieces: readonly Piece[];
}

/** What an array holds. */
export type Item =
  | { readonly kind: 'element'; readonly value: Value; readonly code: Code }
  | { readonly kind: 'spread'; readonly code: Code }
  | { readonly kind: 'when'; readonly when: Condition; readonly items: readonly Item[] }
  /** `items` once for each element of `over`; `mapped` is the same as one expression, where there is one. */
  | { readonly kind: 'each'; readonly over: Code; readonly items: readonly Item[]; readonly mapped?: Code };

export type Cell =
  | { readonly kind: 'array'; readonly items: readonly Item[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'lost'; readonly reason: string };

export const text = (value: string): Value => ({ kind: 'text', pieces: value === '' ? [] : [literal(value)] });
export const literal = (value: string): Piece => ({ kind: 'literal', text: value });
export const lost = (reason: string): Value => ({ kind: 'lost', reason });
export const codeValue = (code: Code): Value => ({ kind: 'code', code });

/** The text of pieces that are all literal. */
export function literalText(pieces: readonly Piece[]): string | undefined {
  let result = '';
  for (const piece of pieces) {
    if (piece.kind !== 'literal') return undefined;
    result += piece.text;
  }
  return result;
}

/** Finds what a name means in an environment. */
export function lookUp(environment: Environment | undefined, declaration: Node): Code | undefined {
  for (let at = environment; at !== undefined; at = at.next) if (at.declaration === declaration) return at.code;
  return undefined;
}
