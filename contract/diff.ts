import { canonicalJson } from '../core/canonical-json.ts';
import type { ContractEntity, ContractTable, MigrationContract } from './types.ts';

/** One difference in meaning between two contracts. */
export interface Difference {
  /** What differs, in words: `table orders, attribute total`. */
  readonly what: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Short texts; absent for what was added or removed as a whole. */
  readonly was?: string;
  readonly is?: string;
  /** Why it can hurt a migration that has begun; absent when it can't. */
  readonly danger?: string;
}

const REBUILD = 'a key of a table can not be changed: the table must be made and loaded again';
const INDEX = 'a key of an index can not be changed: the index must be removed and built again';

/**
 * What differs between two contracts, by names and not by positions: the order of tables, attributes and patterns means
 * nothing, and rewording a rationale is no difference.
 */
export function diffContracts(before: MigrationContract, after: MigrationContract): Difference[] {
  return [
    ...field('source database', before.source_database, after.source_database, 'it is another source'),
    ...named('table', before.tables, after.tables, (one) => one.table, {
      removed: 'the table and its items go',
      changed: tableDifferences,
    }),
    ...named('access pattern', before.access_patterns, after.access_patterns, (one) => one.id, {
      removed: 'nothing says how it is served',
      changed: (was, is) => [
        ...field('status', was.status, is.status, is.status === 'refused' ? 'the application loses it' : undefined),
        ...field('served by', text(was.served_by), text(is.served_by)),
        ...field('rates', text(was.rates), text(is.rates)),
        ...field('units', text(was.units), text(is.units)),
      ],
    }),
    ...named(
      'dropped column',
      before.dropped_columns,
      after.dropped_columns,
      (one) => `${one.source_table}.${one.source_column}`,
      { added: 'its values are not migrated', changed: (was, is) => field('reason', was.reason, is.reason) },
    ),
    ...named(
      'allocated id',
      before.id_allocation,
      after.id_allocation,
      (one) => `${one.source_table}.${one.source_column}`,
      {
        removed: 'nothing gives new ids any more',
        changed: () => [],
      },
    ),
  ];
}

function tableDifferences(was: ContractTable, is: ContractTable): Difference[] {
  return [
    ...field('kind', was.type, is.type, REBUILD),
    ...field('partition key', text(was.pk), text(is.pk), REBUILD),
    ...field('sort key', text(was.sk), text(is.sk), REBUILD),
    ...field('expires by', was.ttl_attribute, is.ttl_attribute, 'items go when their time is over'),
    ...field('patterns', [...was.satisfies].sort().join(', '), [...is.satisfies].sort().join(', ')),
    ...field('item size', was.estimated_item_size_bytes, is.estimated_item_size_bytes),
    ...named('index', was.gsis, is.gsis, (one) => one.index_name, {
      removed: 'patterns that it serves are served by nothing',
      changed: (old, now) => [
        ...field('partition key', text(old.pk), text(now.pk), INDEX),
        ...field('sort key', text(old.sk), text(now.sk), INDEX),
        ...field('projection', old.projection, now.projection, INDEX),
        ...field('projected', text(old.projected_attributes), text(now.projected_attributes), INDEX),
      ],
    }),
    ...named('entity', was.entities, is.entities, (one) => one.source_table, {
      removed: 'its rows are not migrated',
      changed: entityDifferences,
    }),
  ];
}

function entityDifferences(was: ContractEntity, is: ContractEntity): Difference[] {
  const moved = 'every item gets another key';
  return [
    ...field('entity type', was.entity_type, is.entity_type, 'items of the old name are not found'),
    ...field('primary key', text(was.primary_key), text(is.primary_key), moved),
    ...field('key template', was.pk_template, is.pk_template, moved),
    ...field('sort key template', was.sk_template, is.sk_template, moved),
    ...field('shards', text(was.pk_shards), text(is.pk_shards), moved),
    ...field('index templates', text(was.index_templates), text(is.index_templates), 'the index is filled anew'),
    ...field('row filter', was.row_filter, is.row_filter, 'other rows become items'),
    ...named('attribute', was.attributes, is.attributes, (one) => one.name, {
      removed: 'its values are not migrated',
      changed: (old, now) => [
        ...field('type', old.type, now.type, 'values are written in another way'),
        ...field(
          'source',
          text([old.source_table, old.source_column]),
          text([now.source_table, now.source_column]),
          'it holds other values',
        ),
        ...field('MySQL type', text(old.source_type), text(now.source_type)),
        ...field(
          'derivation',
          text([old.join, old.calculation, old.transformation]),
          text([now.join, now.calculation, now.transformation]),
          'it holds other values',
        ),
        ...field('encoding', old.encoding, now.encoding, 'values are written in another way'),
        ...field('NULL as', old.null_as, now.null_as, 'values are written in another way'),
        ...field('zero date', old.zero_date, now.zero_date, 'values are written in another way'),
        ...field('personal data', old.pii, now.pii),
      ],
    }),
    ...named('unique key', was.uniques, is.uniques, (one) => one.name, {
      removed: 'nothing keeps it unique any more',
      changed: (old, now) => field('guard', text(old), text(now), 'guards of the old form keep nothing'),
    }),
    ...named('foreign key', was.references, is.references, (one) => one.name, {
      removed: 'nothing keeps it any more',
      changed: (old, now) => [
        ...field('on delete', old.on_delete, now.on_delete),
        ...field('on update', old.on_update ?? 'RESTRICT', now.on_update ?? 'RESTRICT'),
        ...field(
          'columns',
          text([old.columns, old.target_table, old.target_columns]),
          text([now.columns, now.target_table, now.target_columns]),
        ),
      ],
    }),
  ];
}

interface Rules<T> {
  readonly added?: string;
  readonly removed?: string;
  changed(was: T, is: T): Difference[];
}

/** Compares two lists whose members have names. */
function named<T>(
  kind: string,
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
  rules: Rules<T>,
): Difference[] {
  const old = new Map(before.map((one) => [nameOf(one), one]));
  const now = new Map(after.map((one) => [nameOf(one), one]));
  const whole = (name: string, change: 'added' | 'removed'): Difference => ({
    what: `${kind} ${name}`,
    kind: change,
    ...(rules[change] === undefined ? {} : { danger: rules[change] }),
  });
  return [
    ...[...old].flatMap(([name, was]) => {
      const is = now.get(name);
      if (is === undefined) return [whole(name, 'removed')];
      return rules.changed(was, is).map((one) => ({ ...one, what: `${kind} ${name}, ${one.what}` }));
    }),
    ...[...now.keys()].filter((name) => !old.has(name)).map((name) => whole(name, 'added')),
  ];
}

function field(
  what: string,
  was: string | number | null | undefined,
  is: string | number | null | undefined,
  danger?: string,
): Difference[] {
  if (was === is) return [];
  const said = (value: typeof was): string => String(value ?? 'nothing');
  return [{ what, kind: 'changed', was: said(was), is: said(is), ...(danger === undefined ? {} : { danger }) }];
}

/** One text for one meaning: keys sorted, what is absent left out. */
function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return value === null ? 'nothing' : canonicalJson(JSON.parse(JSON.stringify(value)));
}
