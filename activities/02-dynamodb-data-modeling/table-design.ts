import { attributeType, sourceType } from '../../contract/attribute-type.ts';
import type { ColumnFacts, TableFacts } from '../../core/analysis.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { isKeyable, keyBytes, keyOf, PARTITION_KEY_BYTES, SORT_KEY_BYTES, type KeyDesign } from './keys.ts';

/** A source table as items: its key, and the names of its attributes. */
export interface EntityDesign {
  readonly facts: TableFacts;
  readonly primaryKey: readonly string[];
  readonly pk: KeyDesign;
  readonly sk: KeyDesign | null;
  /** Attribute name by column. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly rationale: string;
}

/** Attributes that every item may have (`docs/value-encoding.md`); a column of such a name gets another one. */
const RESERVED = new Set(['_v', '_type', '_deleted', '_pk', '_sk']);

/** Designs the base key of a source table; throws where DynamoDB can't have such a key. */
export function designEntity(facts: TableFacts): EntityDesign {
  for (const column of facts.columns) {
    if (attributeType(sourceType(column)) === null) {
      throw new CutoverError('model.type-unsupported', {
        where: `${facts.name}.${column.name}`,
        detail: `Its type is ${column.columnType}.`,
      });
    }
  }
  const primaryKey = rowKey(facts);
  const columns = primaryKey.map((name) => columnOf(facts, name));
  for (const column of columns) {
    if (!isKeyable(column)) {
      const detail = `${column.columnType} is part of the primary key.`;
      throw new CutoverError('model.key-unsupported', { where: `${facts.name}.${column.name}`, detail });
    }
  }
  const attributes = new Map(facts.columns.map(({ name }) => [name, RESERVED.has(name) ? `${name}_` : name]));
  const attributeOf = (name: string) => attributes.get(name) ?? name;
  const [first, ...rest] = columns;
  if (!first) throw new CutoverError('model.no-primary-key', { where: facts.name, detail: 'No key columns.' });
  const pk = baseKey([first], '_pk', attributeOf, PARTITION_KEY_BYTES, facts.name);
  const sk = rest.length > 0 ? baseKey(rest, '_sk', attributeOf, SORT_KEY_BYTES, facts.name) : null;
  return { facts, primaryKey, pk, sk, attributes, rationale: keyRationale(facts, primaryKey, pk, sk) };
}

/** The column of that name; a name that is not there is a defect of stage 1's output. */
export function columnOf(facts: TableFacts, name: string): ColumnFacts {
  const column = facts.columns.find((candidate) => candidate.name === name);
  if (!column)
    throw new CutoverError('core.artifact-invalid', { where: `${facts.name}.${name}`, detail: 'No such column.' });
  return column;
}

/** The primary key, or else the first unique key of whole NOT NULL columns, which names a row as well. */
function rowKey(facts: TableFacts): readonly string[] {
  if (facts.primaryKey.length > 0) return facts.primaryKey;
  const whole = facts.indexes
    .filter((index) => index.unique && index.parts.every((part) => part.column !== null && part.prefix === null))
    .map((index) => index.parts.map((part) => part.column ?? ''))
    .find((columns) => columns.every((name) => !columnOf(facts, name).nullable));
  if (!whole) throw new CutoverError('model.no-primary-key', { where: facts.name, detail: 'Rows of it have no name.' });
  return whole;
}

function baseKey(
  columns: readonly ColumnFacts[],
  composed: string,
  attributeOf: (name: string) => string,
  limit: number,
  table: string,
): KeyDesign {
  const only = columns.length === 1 ? columns[0] : undefined;
  // A binary primary key keeps its own type: it is compared by bytes in both stores.
  if (only && attributeType(sourceType(only)) === 'B') {
    return { attribute: attributeOf(only.name), type: 'B', template: `{${only.name}}`, columns: [only.name] };
  }
  const bytes = columns.reduce((sum, column) => sum + keyBytes(column) + 1, 0);
  if (bytes > limit) {
    const where = `${table} (${columns.map(({ name }) => name).join(', ')})`;
    throw new CutoverError('model.key-unsupported', { where, detail: `Up to ${bytes} bytes; the limit is ${limit}.` });
  }
  return keyOf(columns, composed, { attributeOf });
}

function keyRationale(facts: TableFacts, primaryKey: readonly string[], pk: KeyDesign, sk: KeyDesign | null): string {
  const rows = `${facts.statistics.rows} rows`;
  const source = facts.primaryKey.length > 0 ? 'primary key' : 'unique key (the table has no primary key)';
  if (!sk) {
    return `Partition key ${pk.template}: the whole ${source}, one value a row (${rows}), so requests spread evenly and a row is one GetItem.`;
  }
  const first = primaryKey[0] ?? '';
  return `Partition key ${pk.template} and sort key ${sk.template}: the ${source} (${rows}). Rows of one ${first} share a partition and are one Query, in the order of the sort key.`;
}
