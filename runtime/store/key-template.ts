/** A piece of a parsed key template: text as it is, or a column's value. */
export type KeyTemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'column'; readonly column: string; readonly fold: boolean };

/** A key template, taken apart. */
export interface KeyTemplateModel {
  readonly parts: readonly KeyTemplatePart[];
  /** The column whose own type and encoding the key has (`{column}` alone); null for composed string keys. */
  readonly native: string | null;
  /** Columns in order of appearance. */
  readonly columns: readonly string[];
}

const parsed = new Map<string, KeyTemplateModel>();

/** Takes a key template apart: `ORDER#{id}`, `{email:fold}`, `{id}`. Templates are few, so each is read once. */
export function readKeyTemplate(template: string): KeyTemplateModel {
  const known = parsed.get(template);
  if (known) return known;
  const model = parse(template);
  parsed.set(template, model);
  return model;
}

function parse(template: string): KeyTemplateModel {
  const parts = [...template.matchAll(/\{([^{}]+?)(:fold)?\}|[^{}]+/g)].map((match): KeyTemplatePart => {
    const column = match[1];
    if (column === undefined) return { kind: 'text', text: match[0] };
    return { kind: 'column', column, fold: match[2] !== undefined };
  });
  const length = parts.reduce((sum, part) => sum + sourceLength(part), 0);
  if (parts.length === 0 || length !== template.length) throw new SyntaxError(`Not a key template: ${template}`);
  const only = parts.length === 1 ? parts[0] : undefined;
  return {
    parts,
    native: only?.kind === 'column' && !only.fold ? only.column : null,
    columns: parts.flatMap((part) => (part.kind === 'column' ? [part.column] : [])),
  };
}

function sourceLength(part: KeyTemplatePart): number {
  if (part.kind === 'text') return part.text.length;
  return part.column.length + (part.fold ? '{:fold}' : '{}').length;
}
