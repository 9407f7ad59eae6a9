/**
 * SQL text of one call site, rebuilt from source. Expressions are TypeScript source over the call site's
 * inputs (see {@link DataAccessMethod.inputs}), each input being a bare identifier.
 */
export interface SqlTemplate {
  readonly parts: readonly SqlPart[];
}

export type SqlPart =
  /** Literal SQL, without any placeholder. */
  | { readonly kind: 'text'; readonly text: string }
  /** One `?` bound to the value of `expression`. */
  | { readonly kind: 'parameter'; readonly expression: string }
  /** One `?` bound to an array that the driver expands to `a, b, c` (`IN (?)`). */
  | { readonly kind: 'list'; readonly expression: string }
  /** One `?` bound to an array of rows (`VALUES ?`); `columns` is the arity of a row, where it is known. */
  | { readonly kind: 'rows'; readonly expression: string; readonly columns?: number }
  /** Present when `condition` holds. `parts` is a whole conjunct (` AND …`), clause, or list item. */
  | { readonly kind: 'optional'; readonly condition: string; readonly parts: readonly SqlPart[] }
  /** Exactly one alternative, the first whose `condition` holds (`true` for the last). */
  | {
      readonly kind: 'choice';
      readonly alternatives: readonly { readonly condition: string; readonly parts: readonly SqlPart[] }[];
    }
  /** Items put together by `separator` (`sets.join(', ')`); each is usually one `optional`. */
  | { readonly kind: 'joined'; readonly separator: string; readonly items: readonly SqlPart[] };
