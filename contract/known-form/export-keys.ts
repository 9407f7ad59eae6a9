import { parseKeyTemplate } from '../key-template.ts';
import { directColumn } from '../store-model.ts';
import type { ContractEntity } from '../types.ts';
import type { KnownAttribute } from './form.ts';
import { bucketFormat } from './keys.ts';

/** A key of a single-entity table as the known form names it, and attributes that it needs for that. */
export interface ExportedKey {
  readonly name: string;
  readonly attributes: readonly KnownAttribute[];
}

/** The names of the attributes that a template is made of, joined by `#`. */
export function exportKey(
  template: string,
  keyName: string,
  entity: ContractEntity,
  lost: (what: string) => void,
): ExportedKey {
  const { parts } = parseKeyTemplate(template);
  const columns = parts.flatMap((part) => (part.kind === 'column' ? [part] : []));
  if (columns.some(({ fold }) => fold)) lost('that text is folded in the key as its collation compares');
  const [only] = columns;
  if (columns.length === 1 && parts.length === 1 && only?.bucket) {
    const transformation = { type: 'date-format', format: bucketFormat(only.bucket) };
    const attribute = {
      name: keyName,
      type: 'S' as const,
      source_table: entity.source_table,
      source_column: only.column,
    };
    return { name: keyName, attributes: [{ ...attribute, transformation }] };
  }
  if (columns.some(({ bucket }) => bucket)) lost('that a time is cut in the key');
  const nameOf = (column: string): string =>
    entity.attributes.find((attribute) => directColumn(attribute, entity.source_table) === column)?.name ?? column;
  const [first] = parts;
  if (
    columns.length === 1 &&
    only &&
    (parts.length === 1 || (parts.length === 2 && first?.kind === 'text' && first.text === `${only.column}#`))
  )
    // prettier-ignore
    return { name: nameOf(only.column), attributes: [] };
  const name = parts.map((part) => (part.kind === 'text' ? part.text : nameOf(part.column))).join('');
  if (parts.some((part) => part.kind === 'text' && part.text !== '#')) lost('constant text in the key');
  return { name, attributes: [] };
}

/** A template without what the known form does not know. */
export function exportTemplate(template: string, lost: (what: string) => void): string {
  return parseKeyTemplate(template)
    .parts.map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.fold) lost('that text is folded in the key as its collation compares');
      if (part.bucket) lost('that a time is cut in the key');
      return `{${part.column}}`;
    })
    .join('');
}
