import type { ColumnFacts } from '../../core/analysis.ts';
import {
  isKeyable,
  keyBytes,
  keyOf,
  PARTITION_KEY_BYTES,
  SORT_KEY_BYTES,
  sortsAsMysql,
  type KeyDesign,
} from './keys.ts';
import type { Lookup } from './lookups.ts';
import type { Estimator } from './statistics.ts';
import { columnOf, type EntityDesign } from './table-design.ts';

/** A global secondary index of one entity. */
export interface IndexDesign {
  readonly name: string;
  readonly table: string;
  readonly pk: KeyDesign;
  readonly sk: KeyDesign | null;
  /** Leading columns of the sort key that give an order, before the primary key's as tie-breakers. */
  readonly sort: readonly string[];
  readonly projection: Projection;
  /** Partitions that one key value is spread over; 1 unless a value gets more traffic than a partition takes. */
  readonly shards: number;
}

/** What an index holds beside its own key and the table's; `columns` only for `INCLUDE`. */
export interface Projection {
  readonly kind: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly columns: readonly string[];
}

const EVERYTHING: Projection = { kind: 'ALL', columns: [] };

/** Every index that could serve one of the lookups, without repetition, in a stable order. */
export function indexOptions(entity: EntityDesign, lookups: readonly Lookup[], estimate: Estimator): IndexDesign[] {
  const options = new Map<string, IndexDesign>();
  const nulls = new Set(lookups.flatMap((lookup) => lookup.nulls));
  for (const lookup of lookups) {
    for (const columns of partitionChoices(entity, lookup, estimate)) {
      for (const sort of sortChoices(entity, lookup, columns)) {
        const index = buildIndex(entity, columns, sort, nulls);
        if (index) options.set(index.name, index);
      }
    }
  }
  return [...options.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Sets of columns that can be the partition key for this lookup: the most selective one, each one, all together. */
function partitionChoices(entity: EntityDesign, lookup: Lookup, estimate: Estimator): string[][] {
  const keyable = lookup.equality.filter((name) => isKeyable(columnOf(entity.facts, name)));
  if (keyable.length === 0) return [];
  const bySelectivity = [...keyable].sort(
    (a, b) => estimate.equality(entity.facts.name, a) - estimate.equality(entity.facts.name, b) || (a < b ? -1 : 1),
  );
  const singles = bySelectivity.filter((name, at) => at === 0 || !estimate.fewValues(entity.facts.name, name));
  const single = singles.map((name) => [name]);
  // A list of values can be asked for one by one only when it is the whole partition key.
  const together = keyable.length > 1 && lookup.inList.length === 0 ? [keyable] : [];
  return [...single, ...together];
}

/** Orders that the sort key could give: what the statement sorts by, or the range that it asks for. */
function sortChoices(entity: EntityDesign, lookup: Lookup, partition: readonly string[]): string[][] {
  const usable = (name: string) => !partition.includes(name) && sortsAsMysql(columnOf(entity.facts, name));
  const order: string[] = [];
  for (const { column, descending } of lookup.order) {
    // One Query reads in one direction, so a change of direction ends what the key can give.
    if (descending !== lookup.order[0]?.descending || !usable(column)) break;
    order.push(column);
  }
  const ranges = lookup.range.filter(usable).map((column) => [column]);
  const choices = [order, ...ranges].map((columns) => withoutKey(columns, entity));
  return [...new Map(choices.map((columns) => [columns.join(), columns])).values()];
}

/** The columns up to the primary key's: those are appended to every sort key anyway. */
function withoutKey(columns: readonly string[], entity: EntityDesign): string[] {
  const end = columns.findIndex((column) => entity.primaryKey.includes(column));
  return end < 0 ? [...columns] : columns.slice(0, end);
}

function buildIndex(
  entity: EntityDesign,
  partition: readonly string[],
  sort: readonly string[],
  nulls: ReadonlySet<string>,
): IndexDesign | null {
  const facts = entity.facts;
  const name = indexName(facts.name, partition, sort);
  const attributeOf = (column: string) => entity.attributes.get(column) ?? column;
  const pkColumns = partition.map((column) => columnOf(facts, column));
  const tieBreakers = entity.primaryKey.filter((column) => !partition.includes(column) && !sort.includes(column));
  const skColumns = [...sort, ...tieBreakers].map((column) => columnOf(facts, column));
  if (size(pkColumns) > PARTITION_KEY_BYTES || size(skColumns) > SORT_KEY_BYTES) return null;
  const nullsMatter = partition.some((column) => nulls.has(column));
  const pk = keyOf(pkColumns, `${name}_pk`, { attributeOf, nullsMatter });
  const sk = skColumns.length > 0 ? keyOf(skColumns, `${name}_sk`, { attributeOf }) : null;
  const sameAsBase = pk.template === entity.pk.template && (sk?.template ?? null) === (entity.sk?.template ?? null);
  return sameAsBase ? null : { name, table: facts.name, pk, sk, sort, projection: EVERYTHING, shards: 1 };
}

function size(columns: readonly ColumnFacts[]): number {
  return columns.reduce((sum, column) => sum + keyBytes(column) + 1 + column.name.length, 0);
}

/** A name that says what the index is for, within DynamoDB's rules (3 to 255 of `a-z A-Z 0-9 _ . -`). */
function indexName(table: string, partition: readonly string[], sort: readonly string[]): string {
  const text = `${table}_by_${partition.join('_')}${sort.length > 0 ? `_and_${sort.join('_')}` : ''}`;
  return text.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 200);
}
