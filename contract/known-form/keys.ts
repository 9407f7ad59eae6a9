import type { TableFacts } from '../../core/analysis.ts';
import { needsFold, sourceType, valueFamily } from '../attribute-type.ts';
import { encodedType } from '../check-values.ts';
import { KeyTemplateError, parseKeyTemplate, type TimeBucket } from '../key-template.ts';
import { problem } from '../problem.ts';
import { directColumn } from '../store-model.ts';
import type { ContractAttribute, KeyAttribute, KeyTemplate } from '../types.ts';
import type { ImportLog } from './log.ts';

/** A key as ours has it: its attribute, and the template that makes it. */
export interface ImportedKey {
  readonly key: KeyAttribute;
  readonly template: KeyTemplate;
}

/** Formats of dates that are a time bucket. */
const BUCKETS: Readonly<Record<string, TimeBucket>> = {
  YYYY: 'year',
  'YYYY-MM': 'month',
  'YYYY-MM-DD': 'day',
  'YYYY-MM-DD HH': 'hour',
};

/** The rows that a key is made of. */
export interface KeySource {
  readonly facts: TableFacts;
  readonly attributes: readonly ContractAttribute[];
}

/** A key that the known form gives by name: an attribute, or several joined by `#`, with constants between. */
export function namedKey(name: string, source: KeySource, at: string, log: ImportLog): ImportedKey | undefined {
  const whole = source.attributes.some((attribute) => attribute.name === name) || columnNamed(name, source);
  const parts = whole ? [name] : name.split('#');
  const made = parts.map((part) => keyPart(part, source, at, log, parts.length === 1));
  if (made.some((part) => part === undefined)) return undefined;
  const placeholders = made.flatMap((part) => part ?? []);
  const [only] = placeholders;
  // A bucket of time is text that is never empty, and the template is the key: its attribute would only repeat it.
  if (placeholders.length === 1 && only?.bucket) return { key: { name, type: 'S' }, template: only.text };
  if (placeholders.length === 1 && only?.native) {
    return { key: { name, type: only.native }, template: only.text };
  }
  // An empty text would be an empty key, which DynamoDB refuses, so a key of one text begins with its name.
  const text = placeholders.length === 1 ? `${only?.label ?? ''}#${only?.text ?? ''}` : placeholders.map((part) => part.text).join('#'); // prettier-ignore
  const taken = source.attributes.some((attribute) => attribute.name === name);
  const keyName = taken ? log.repaired(at, name, `${name}_key`, `The key is ${text}, and ${name} keeps its own value.`) : name; // prettier-ignore
  return { key: { name: keyName, type: 'S' }, template: text };
}

interface KeyPart {
  readonly text: string;
  readonly label: string;
  /** The type of the key when it is this value alone. */
  readonly native?: KeyAttribute['type'];
  readonly bucket?: true;
}

function keyPart(part: string, source: KeySource, at: string, log: ImportLog, alone: boolean): KeyPart | undefined {
  const attribute = source.attributes.find(({ name }) => name === part);
  const bucket = attribute && bucketOf(attribute, source.facts.name);
  if (attribute && bucket) return { text: `{${bucket.column}:${bucket.unit}}`, label: part, bucket: true };
  const column = attribute ? directColumn(attribute, source.facts.name) : columnNamed(part, source);
  if (attribute && column === null) {
    log.problem(problem(at, `is made of ${part}, which is derived; a key is made of the row's own columns`));
    return undefined;
  }
  if (column === null || column === undefined || column === false) {
    if (!alone && /^[A-Z0-9_]+$/.test(part)) return { text: part, label: part };
    log.problem(problem(at, `names ${part}, which is neither an attribute nor a column of ${source.facts.name}`));
    return undefined;
  }
  const facts = source.facts.columns.find(({ name }) => name === column);
  if (!facts) return undefined;
  const type = sourceType(facts);
  if (needsFold(type)) {
    log.repaired(at, part, `{${column}:fold}`, `MySQL compares it by ${type.collation ?? ''}, DynamoDB by bytes.`);
    return { text: `{${column}:fold}`, label: column };
  }
  const native = attribute ? encodedType(attribute) : encodedTypeOf(column, source);
  const keyable = native === 'S' || native === 'N' || native === 'B' ? native : undefined;
  // Text of a byte-wise collation can be empty too; a date or a label that is not one can't.
  const plainText = keyable === 'S' && valueFamily(type.data_type) === 'text';
  return { text: `{${column}}`, label: column, ...(keyable && !plainText ? { native: keyable } : {}) };
}

function encodedTypeOf(column: string, { facts, attributes }: KeySource): ContractAttribute['type'] | null {
  const carried = attributes.find((attribute) => directColumn(attribute, facts.name) === column);
  const own = facts.columns.find(({ name }) => name === column);
  if (carried) return encodedType(carried);
  return own ? encodedType({ name: column, type: 'S', source_table: facts.name, source_column: column, source_type: sourceType(own) }) : null; // prettier-ignore
}

function columnNamed(name: string, { facts }: KeySource): string | false {
  return facts.columns.some((column) => column.name === name) && name;
}

/** A date that is formatted to a part of itself is a bucket of time; the column is the row's own. */
export function bucketOf(
  attribute: ContractAttribute,
  table: string,
): { readonly column: string; readonly unit: TimeBucket } | undefined {
  const { transformation, source_column: column, source_table: of } = attribute;
  if (transformation?.type !== 'date-format' || typeof column !== 'string' || of !== table) return undefined;
  const unit = Object.hasOwn(BUCKETS, transformation.format) ? BUCKETS[transformation.format] : undefined;
  return unit && { column, unit };
}

/** The date format that makes a bucket. */
export function bucketFormat(unit: TimeBucket): string {
  return Object.entries(BUCKETS).find(([, bucket]) => bucket === unit)?.[0] ?? unit;
}

/** A template as the known form writes it, with its columns found and text folded. */
export function importTemplate(template: string, source: KeySource, at: string, log: ImportLog): string | undefined {
  try {
    const parts = parseKeyTemplate(template).parts.map((part) => {
      if (part.kind === 'text') return part.text;
      const attribute = source.attributes.find(({ name }) => name === part.column);
      const named = columnNamed(part.column, source) || (attribute && directColumn(attribute, source.facts.name));
      if (!named) {
        log.problem(problem(at, `uses ${part.column}, which is neither a column of ${source.facts.name} nor carried`));
        return undefined;
      }
      const facts = source.facts.columns.find(({ name }) => name === named);
      const fold = facts !== undefined && needsFold(sourceType(facts));
      const text = part.bucket ? `{${named}:${part.bucket}}` : fold ? `{${named}:fold}` : `{${named}}`;
      if (text !== `{${part.column}}` && !part.fold)
        log.repaired(at, `{${part.column}}`, text, fold ? 'Text is compared as MySQL compares it.' : 'The column has another name.'); // prettier-ignore
      return text;
    });
    return parts.some((part) => part === undefined) ? undefined : parts.join('');
  } catch (error) {
    if (!(error instanceof KeyTemplateError)) throw error;
    log.problem(problem(at, error.message));
    return undefined;
  }
}
