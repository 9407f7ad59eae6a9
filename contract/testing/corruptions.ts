/** A JSON object or list, to be spoiled. */
export type Json = Record<string, unknown>;

/** One way to spoil the sample contract, and the place where that must be told. */
export interface Corruption {
  readonly name: string;
  readonly at: string;
  corrupt(this: void, contract: Json): void;
}

/** Sets a value by path; `-` steps into nothing, a missing parent is an error of the test. */
function set(path: string, value: unknown): (contract: Json) => void {
  return (contract) => {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    const parent = steps.reduce<Json>((node, step) => node[step] as Json, contract);
    if (Array.isArray(parent) && last === '-') parent.push(value);
    else parent[last] = value;
  };
}

/** A corruption that sets one value; told at the same place, or at `at`. */
export const corruption = (name: string, path: string, value: unknown, at = path): Corruption => ({
  name,
  at,
  corrupt: set(path, value),
});

const AUTHORS = '/tables/0';
const AUTHOR = `${AUTHORS}/entities/0`;
const BOOKS = '/tables/1';
const BOOK = `${BOOKS}/entities/0`;
const LOAN = '/tables/2/entities/0';
const EMAIL = `${AUTHOR}/attributes/1`;
const REFERENCE = `${BOOK}/references/0`;
const join = (more: object) => ({
  type: 'foreign-key',
  target_table: 'authors',
  join_condition: 'a = b',
  select_column: 'email',
  ...more,
});
const derived = (more: object) => ({
  name: 'extra',
  type: 'S',
  source_table: 'books',
  source_column: 'title',
  source_type: SOURCE,
  ...more,
});
const SOURCE = {
  ...{ data_type: 'varchar', unsigned: false, nullable: true, precision: null, scale: null, length: 10 },
  ...{
    fractional_seconds: null,
    collation: 'utf8mb4_bin',
    auto_increment: false,
    default: null,
    on_update_current_timestamp: false,
  },
};
const added = `${BOOK}/attributes/6`;
const add = (name: string, more: object, at: string) =>
  corruption(name, `${BOOK}/attributes/-`, derived(more), `${added}${at}`);

/** Corruptions whose contract still has the right shape: only what its fields mean is wrong. */
export const corruptions: readonly Corruption[] = [
  corruption('no tables', '/tables', []),
  corruption('another version', '/contractVersion', 2),
  corruption('two tables of one name', `${BOOKS}/table`, 'authors'),
  corruption('two tables that differ in case', `${BOOKS}/table`, 'AUTHORS'),
  corruption('a table name that DynamoDB refuses', `${BOOKS}/table`, 'a b'),
  corruption('a table name too short', `${BOOKS}/table`, 'ab'),
  corruption('a single-entity table without entity', `${AUTHORS}/entities`, []),
  corruption('a support table with a source', '/tables/3/source_table', 'authors'),
  corruption('a support table with a number key', '/tables/3/pk/type', 'N', '/tables/3/pk'),
  corruption('no support table', '/tables/3/type', 'multi-entity', '/tables'),
  corruption('two support tables', '/tables/2/type', 'support', '/tables'),
  corruption('a source table that is not the entity’s', `${AUTHORS}/source_table`, 'books'),
  corruption('one source table in two entities', `${LOAN}/source_table`, 'books'),
  corruption('one attribute as both keys', '/tables/2/sk/name', 'book_id'),
  corruption(
    'an index named twice',
    `${BOOKS}/gsis/-`,
    {
      ...{
        index_name: 'books_by_author',
        pk: { name: 'x', type: 'S' },
        sk: null,
        projection: 'ALL',
        projected_attributes: [],
        rationale: '',
      },
    },
    `${BOOKS}/gsis/1/index_name`,
  ),
  corruption('an index that holds nothing', `${AUTHOR}/index_templates`, {}),
  corruption('an index key of two types', `${BOOKS}/gsis/0/pk`, { name: 'id', type: 'S' }, `${BOOKS}/gsis/0/pk/type`),
  corruption('an index with one attribute as both keys', `${BOOKS}/gsis/0/sk/name`, 'author_id'),
  corruption(
    'a projection of nothing',
    `${BOOKS}/gsis/0/projection`,
    'INCLUDE',
    `${BOOKS}/gsis/0/projected_attributes`,
  ),
  corruption('projected attributes beside ALL', `${BOOKS}/gsis/0/projected_attributes`, ['title']),
  corruption(
    'a projected attribute that is none',
    `${BOOKS}/gsis/0/projected_attributes`,
    ['colour'],
    `${BOOKS}/gsis/0/projected_attributes/0`,
  ),
  corruption('an item larger than DynamoDB takes', `${BOOKS}/estimated_item_size_bytes`, 500_000),
  corruption('a TTL that is no attribute', `${BOOKS}/ttl_attribute`, 'expires', `${BOOK}/attributes`),
  corruption('a TTL that is text', `${BOOKS}/ttl_attribute`, 'title', `${BOOK}/attributes`),
  corruption('an empty template', `${BOOK}/pk_template`, ''),
  corruption('a template that is not closed', `${BOOK}/pk_template`, '{id'),
  corruption('a template with a stray brace', `${BOOK}/pk_template`, 'id}'),
  corruption('a template of no column', `${BOOK}/pk_template`, '{}'),
  corruption('a template of only the word fold', `${BOOK}/pk_template`, '{:fold}'),
  corruption('a template of an unknown column', `${BOOK}/pk_template`, '{isbn}'),
  corruption('a constant key', `${BOOK}/pk_template`, 'books'),
  corruption('a template of another type', `${BOOK}/pk_template`, 'BOOK#{id}'),
  corruption('placeholders without separator', `${BOOK}/index_templates/books_by_author/sk`, '{published_at}{id}'),
  corruption('a separator that values can hold', `${BOOK}/index_templates/books_by_author/sk`, '{published_at}-{id}'),
  corruption('an index template of an unknown column', `${BOOK}/index_templates/books_by_author/pk`, '{writer_id}'),
  corruption('an index template of another type', `${BOOK}/index_templates/books_by_author/pk`, 'A#{author_id}'),
  corruption('an index template without sort key', `${BOOK}/index_templates/books_by_author/sk`, null),
  corruption('a template for an index that is none', `${BOOK}/index_templates/books_by_title`, {
    pk: '{title:fold}',
    sk: null,
  }),
  corruption('a sort key template too many', `${BOOK}/sk_template`, 'x'),
  corruption('a sort key template too few', `${LOAN}/sk_template`, null),
  corruption('text in a key that is not folded', `${AUTHOR}/index_templates/authors_by_email/pk`, '{email}'),
  corruption('a number that is folded', `${BOOK}/index_templates/books_by_author/sk`, '{id:fold}#x'),
  corruption(
    'a key that leaves out the primary key',
    `${LOAN}/primary_key`,
    ['book_id', 'state'],
    `${LOAN}/pk_template`,
  ),
  corruption('a primary key that is no column', `${BOOK}/primary_key`, ['isbn'], `${BOOK}/primary_key/0`),
  corruption(
    'a primary key that can be NULL',
    `${BOOK}/attributes/0/source_type/nullable`,
    true,
    `${BOOK}/primary_key/0`,
  ),
  corruption('a key attribute that holds another column', `${BOOKS}/pk/name`, 'price', `${BOOK}/pk_template`),
  corruption('an attribute twice', `${BOOK}/attributes/2/name`, 'id'),
  corruption('a column twice', `${BOOK}/attributes/2/source_column`, 'id'),
  corruption('a reserved attribute', `${EMAIL}/name`, '_v'),
  corruption('the type attribute', `${EMAIL}/name`, '_type'),
  corruption('text as number', `${EMAIL}/type`, 'N'),
  corruption('text as a set', `${EMAIL}/type`, 'SS'),
  corruption('bytes as text', `${BOOK}/attributes/5/type`, 'S'),
  corruption('money as text', `${BOOK}/attributes/3/type`, 'S'),
  corruption(
    'money with too many digits for a number',
    `${BOOK}/attributes/3/source_type/precision`,
    40,
    `${BOOK}/attributes/3/type`,
  ),
  corruption('a scale above the precision', `${BOOK}/attributes/3/source_type/scale`, 11),
  corruption('a type without encoding', `${EMAIL}/source_type/data_type`, 'vector'),
  corruption('labels of what has none', `${EMAIL}/source_type/labels`, ['a']),
  corruption(
    'an enum of other type',
    `${LOAN}/attributes/2/source_type/data_type`,
    'varchar',
    `${LOAN}/attributes/2/source_type/labels`,
  ),
  corruption('several columns and no rule', `${EMAIL}/source_column`, ['email', 'born'], EMAIL),
  corruption('another table and no join', `${BOOK}/attributes/2/source_table`, 'authors'),
  corruption('a copy without justification', `${EMAIL}/denormalized`, true, EMAIL),
  add('a join and a calculation', { join: join({}), calculation: { type: 'concat', separator: ' ' } }, ''),
  add('a join and a transformation', { join: join({}), transformation: { type: 'static', value: 'x' } }, ''),
  add('a join of a kind that is none', { join: join({ type: 'outer' }) }, '/join/type'),
  add('a join without table', { join: join({ target_table: '' }) }, '/join/target_table'),
  add('a join with a field too many', { join: join({ alias: 'a' }) }, '/join'),
  add('a condition that is no SQL', { join: join({ join_condition: 'a = = b' }) }, '/join/join_condition'),
  add(
    'a condition with a second statement',
    { join: join({ join_condition: '1; DROP TABLE t' }) },
    '/join/join_condition',
  ),
  add('a condition that goes on', { join: join({ join_condition: 'a = b LIMIT 1' }) }, '/join/join_condition'),
  add('a condition that is ordered', { join: join({ join_condition: 'a = b ORDER BY a' }) }, '/join/join_condition'),
  add('a condition with a union', { join: join({ join_condition: 'a = b UNION SELECT 1' }) }, '/join/join_condition'),
  add('a chain of no hops', { join: { type: 'chain', joins: [] } }, '/join/joins'),
  add(
    'a chain with a broken hop',
    { join: { type: 'chain', joins: [{ ...hop(), join_condition: '(' }] } },
    '/join/joins/0/join_condition',
  ),
  add(
    'a join on several columns on none',
    { join: { type: 'multi-column', ...target(), join_conditions: [] } },
    '/join/join_conditions',
  ),
  add(
    'a join on several columns, one broken',
    { join: { type: 'multi-column', ...target(), join_conditions: ['a = b', ')'] } },
    '/join/join_conditions/1',
  ),
  add('a conditional join without else', { join: { type: 'conditional', condition: 'a = 1', ...hop() } }, '/join'),
  add(
    'a conditional join with a broken condition',
    { join: { type: 'conditional', condition: 'a =', ...hop(), else_value: null } },
    '/join/condition',
  ),
  add('a list of no columns', { join: json({ select_columns: [] }) }, '/join/construction/select_columns'),
  add('a list of at most none', { join: json({ limit: 0 }) }, '/join/construction/limit'),
  add('a list in a number', { type: 'N', join: json({}) }, '/join/construction/type'),
  add(
    'a sum of a kind that is none',
    { calculation: { type: 'aggregate', ...hop(), operation: 'MEDIAN' } },
    '/calculation/operation',
  ),
  add('a case of no cases', { calculation: { type: 'case', cases: [] } }, '/calculation/cases'),
  add(
    'a case that is no condition',
    { calculation: { type: 'case', cases: [{ when: 'WHEN', then: 'x' }] } },
    '/calculation/cases/0/when',
  ),
  add('a concat of one column', { calculation: { type: 'concat', separator: ' ' } }, '/source_column'),
  add(
    'date arithmetic that is none',
    { calculation: { type: 'date-math', expression: 'NOW( -' } },
    '/calculation/expression',
  ),
  add(
    'a transformation of a kind that is none',
    { transformation: { type: 'rot13', format: '' } },
    '/transformation/type',
  ),
  add('a transformation without format', { transformation: { type: 'date-format' } }, '/transformation'),
  corruption('a row filter that is no SQL', `${BOOK}/row_filter`, 'deleted_at IS'),
  corruption('a unique key of no columns', `${AUTHOR}/uniques/0/columns`, []),
  corruption('a unique key of an unknown column', `${AUTHOR}/uniques/0/columns`, ['phone']),
  corruption('a guard without its column', `${AUTHOR}/uniques/0/guard_template`, 'UNIQUE#authors#authors_email#{born}'),
  corruption('a guard without a beginning', `${AUTHOR}/uniques/0/guard_template`, '{email:fold}'),
  corruption(
    'a guard that is not folded',
    `${AUTHOR}/uniques/0/guard_template`,
    'UNIQUE#authors#authors_email#{email}',
  ),
  corruption('a guard like a counter', `${AUTHOR}/uniques/0/guard_template`, 'COUNTER#{email:fold}'),
  corruption('a foreign key to nothing', `${REFERENCE}/target_table`, 'writers'),
  corruption('a foreign key to an unknown column', `${REFERENCE}/target_columns`, ['number']),
  corruption('a foreign key of an unknown column', `${REFERENCE}/columns`, ['writer_id']),
  corruption('a foreign key of another length', `${REFERENCE}/target_columns`, ['id', 'email']),
  corruption('SET NULL where NULL can not be', `${REFERENCE}/on_delete`, 'SET NULL'),
  corruption('SET DEFAULT', `${REFERENCE}/on_delete`, 'SET DEFAULT'),
  corruption('an id that is not allocated', '/id_allocation', []),
  corruption('an id of no table', '/id_allocation/0/source_table', 'writers'),
  corruption('an id that is no AUTO_INCREMENT', '/id_allocation/0/source_column', 'email'),
  corruption('an id named twice', '/id_allocation/1/source_table', 'authors', '/id_allocation/1'),
  corruption('a pattern named twice', '/access_patterns/1/id', 'AP-001'),
  corruption(
    'a table that satisfies an unknown pattern',
    `${AUTHORS}/satisfies`,
    ['AP-001', 'AP-999'],
    `${AUTHORS}/satisfies/1`,
  ),
  corruption(
    'a pattern that its table does not know',
    `${AUTHORS}/satisfies`,
    [],
    '/access_patterns/0/served_by/0/table',
  ),
  corruption('served by nothing', '/access_patterns/0/served_by', []),
  corruption('served by an unknown table', '/access_patterns/0/served_by/0/table', 'writers'),
  corruption('served by an unknown index', '/access_patterns/0/served_by/0/index', 'authors_by_name'),
  corruption('an index read by get', '/access_patterns/0/served_by/0/operation', 'get'),
  corruption(
    'a query of a table without sort key',
    '/access_patterns/0/served_by/0/index',
    null,
    '/access_patterns/0/served_by/0/operation',
  ),
  corruption(
    'a scan without budget',
    '/access_patterns/2/served_by/0/operation',
    'scan',
    '/access_patterns/2/served_by/0/budget_items',
  ),
  corruption('a budget of none', '/access_patterns/3/served_by/0/budget_items', 0),
  corruption(
    'a budget beside a get',
    '/access_patterns/3/served_by/0/operation',
    'get',
    '/access_patterns/3/served_by/0/budget_items',
  ),
  corruption('refused without reason', '/access_patterns/0/status', 'refused', '/access_patterns/0/reason'),
  corruption(
    'refused and served',
    '/access_patterns/0',
    {
      id: 'AP-001',
      status: 'refused',
      served_by: [{ table: 'authors', index: 'authors_by_email', operation: 'query' }],
      reason: 'It is too dear.',
      rates: { mean: 1, peak: 10, provenance: 'stated' },
      units: { read: 0, write: 0 },
    },
    '/access_patterns/0/served_by',
  ),
  corruption('a peak below the mean', '/access_patterns/0/rates/peak', 0.5),
  corruption('a negative rate', '/access_patterns/0/rates/mean', -1),
  corruption('a rate out of nowhere', '/access_patterns/0/rates/provenance', 'guessed'),
];

function hop(): object {
  return { target_table: 'authors', join_condition: 'a = b', select_column: 'email' };
}

function target(): object {
  return { target_table: 'authors', select_column: 'email' };
}

function json(more: object): object {
  const construction = { type: 'array', select_columns: ['email'], ...more };
  return { type: 'json-construction', target_table: 'authors', join_condition: 'a = b', construction };
}
