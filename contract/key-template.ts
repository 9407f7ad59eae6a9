/** A piece of a parsed key template: text as it is, or a column's value. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'column'; readonly column: string; readonly fold: boolean; readonly bucket?: TimeBucket };

/** Where a placeholder cuts a date or time off. */
export type TimeBucket = (typeof TIME_BUCKETS)[number];

const TIME_BUCKETS = ['year', 'month', 'day', 'hour'] as const;

/** A key template, taken apart. */
export interface ParsedTemplate {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  /** The column whose native type and encoding the key has (`{column}` alone); null for composed string keys. */
  readonly native: string | null;
  /** Columns in order of appearance. */
  readonly columns: readonly string[];
}

/** Why a template can't be read, with the offset of the character at fault. */
export class KeyTemplateError extends Error {
  override readonly name = 'KeyTemplateError';
  readonly offset: number;

  constructor(template: string, offset: number, problem: string) {
    super(`${problem} at character ${offset + 1} of ${JSON.stringify(template)}`);
    this.offset = offset;
  }
}

const FOLD = ':fold';

/**
 * Reads a key template (see `KeyTemplate` in `types.ts` and `docs/value-encoding.md`). Column names may hold any
 * character but braces. Two placeholders need text between them that no encoded value can hold (`#`), or two
 * different rows could have one key.
 */
export function parseKeyTemplate(template: string): ParsedTemplate {
  const fail = (offset: number, problem: string): never => {
    throw new KeyTemplateError(template, offset, problem);
  };
  if (template === '') fail(0, 'A key template is empty');
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < template.length) {
    if (template[position] === '{') {
      const end = template.indexOf('}', position);
      if (end < 0) fail(position, 'A placeholder is not closed');
      const inner = template.slice(position + 1, end);
      if (inner.includes('{')) fail(position, 'A placeholder holds a brace');
      const fold = inner.endsWith(FOLD);
      const bucket = TIME_BUCKETS.find((unit) => inner.endsWith(`:${unit}`));
      const column = inner.slice(0, inner.length - (fold ? FOLD.length : bucket ? bucket.length + 1 : 0));
      if (column === '') fail(position, 'A placeholder names no column');
      const previous = parts.at(-1);
      if (previous?.kind === 'column') fail(position, 'Two placeholders stand together without a separator');
      if (previous?.kind === 'text' && parts.length > 1 && !previous.text.includes('#')) {
        fail(position, 'The text between two placeholders has no "#"');
      }
      parts.push({ kind: 'column', column, fold, ...(bucket ? { bucket } : {}) });
      position = end + 1;
    } else {
      const next = template.indexOf('{', position);
      const end = next < 0 ? template.length : next;
      const text = template.slice(position, end);
      const stray = text.indexOf('}');
      if (stray >= 0) fail(position + stray, 'A closing brace stands alone');
      parts.push({ kind: 'text', text });
      position = end;
    }
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  return {
    source: template,
    parts,
    native: only?.kind === 'column' && !only.fold && !only.bucket ? only.column : null,
    columns: parts.flatMap((part) => (part.kind === 'column' ? [part.column] : [])),
  };
}

/** The columns that a template uses, in order; see {@link parseKeyTemplate}. */
export function templateColumns(template: string): readonly string[] {
  return parseKeyTemplate(template).columns;
}
