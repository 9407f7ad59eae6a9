import { describe, expect, test } from '@jest/globals';
import { notBuildable } from '../buildable.ts';
import { checkContract } from '../check.ts';
import { sampleContract } from '../sample.ts';
import { analysisOf, column, foreignKey, read, table } from '../testing/analysis.ts';
import { staffingContract } from '../testing/staffing.ts';
import { exportKnown } from './export.ts';
import type { KnownContract } from './form.ts';
import { importKnown } from './import.ts';
import { readShape } from './shape.ts';

const id = column('id', 'bigint', { autoIncrement: true });
const CATALOGUE = analysisOf(
  'catalogue',
  [
    table('kinds', [id, column('name', 'varchar'), column('parent_id', 'bigint', { nullable: true })], ['id'], {
      uniques: { kinds_name: ['name'] },
      foreignKeys: [foreignKey('kinds_parent', 'parent_id', 'kinds')],
    }),
    table(
      'wares',
      [
        id,
        column('name', 'varchar'),
        column('kind_id', 'bigint'),
        column('price', 'decimal'),
        column('added_at', 'datetime'),
        column('sold', 'tinyint'),
        column('memo', 'text', { nullable: true }),
      ],
      ['id'],
      { foreignKeys: [foreignKey('wares_kind', 'kind_id', 'kinds')] },
    ),
    table('notes', [id, column('ware_id', 'bigint'), column('stars', 'int'), column('said', 'varchar')], ['id'], {
      foreignKeys: [foreignKey('notes_ware', 'ware_id', 'wares')],
    }),
  ],
  [read('AP-001', 'Read wares by id', 'wares', ['id']), read('AP-002', 'Read notes by stars', 'notes', ['stars'])],
);

const direct = (name: string, source: string, of: string, type: string) => ({
  name,
  type,
  source_table: source,
  source_column: of,
});

/** As people write it: names for keys, types by feeling, a shared partition, a list of what belongs to a ware. */
const CATALOGUE_KNOWN = {
  tables: [
    {
      table: 'Kinds',
      type: 'single-entity',
      source_table: 'Kinds',
      pk: 'kind_name',
      sk: null,
      attributes: [
        direct('kind_name', 'kinds', 'name', 'S'),
        {
          ...direct('parent', 'kinds', 'parent_id', 'S'),
          join: {
            type: 'self-join',
            join_alias: 'above',
            join_condition: 'above.id = kinds.parent_id',
            select_column: 'above.name',
            null_value: 'ROOT',
          },
        },
      ],
      satisfies: ['Show the tree'],
      estimated_item_size_bytes: 150,
    },
    {
      table: 'Shop',
      type: 'multi-entity',
      pk: 'pk',
      comment: 'everything of a ware',
      entities: [
        {
          entity_type: 'WARE',
          source_table: 'wares',
          pk_template: 'WARE#{id}',
          sk_template: 'WARE',
          attributes: [
            direct('id', 'wares', 'id', 'S'),
            direct('ware_name', 'wares', 'wares.name', 'S'),
            direct('price', 'wares', 'price', 'N'),
            direct('sold', 'wares', 'sold', 'BOOL'),
            direct('added', 'wares', 'added_at', 'M'),
            {
              ...direct('kind', 'wares', 'kind_id', 'S'),
              join: {
                type: 'foreign-key',
                target_table: 'kinds',
                join_condition: 'kinds.id = wares.kind_id',
                select_column: 'kinds.name',
                hint: 'cache',
              },
            },
            {
              ...direct('notes', 'wares', 'id', 'L'),
              join: {
                type: 'json-construction',
                target_table: 'notes',
                join_condition: 'notes.ware_id = wares.id',
                construction: { type: 'array', limit: 5, select_columns: { stars: 'notes.stars', said: 'notes.said' } },
              },
            },
          ],
        },
        {
          entity_type: 'NOTE',
          source_table: 'notes',
          pk_template: 'WARE#{ware_id}',
          sk_template: 'NOTE#{stars}',
          attributes: [direct('stars', 'notes', 'stars', 'N')],
        },
      ],
      satisfies: ['Read wares by id'],
    },
  ],
};

const clone = (): KnownContract => JSON.parse(JSON.stringify(CATALOGUE_KNOWN)) as KnownContract;

describe('reading the known form', () => {
  const imported = importKnown(clone(), CATALOGUE);

  test('gives a contract that is valid against the analysis', () => {
    expect(imported.problems).toEqual([]);
    expect(checkContract(imported.contract, CATALOGUE)).toEqual([]);
  });

  test.each([
    ['/tables/0/source_table', '"Kinds"', '"kinds"'],
    ['/tables/0/pk', '"kind_name"', '"{name:fold}"'],
    ['/tables/0/pk', '"kind_name"', '"kind_name_key"'],
    ['/tables/0/satisfies/0', '"Show the tree"', 'left out'],
    ['/tables/0/attributes', 'nothing', '"id"'],
    ['/tables/1/comment', '"everything of a ware"', 'left out'],
    ['/tables/1/sk', 'nothing', '"sk"'],
    ['/tables/1/estimated_item_size_bytes', 'nothing', '120'],
    ['/tables/1/satisfies/0', '"Read wares by id"', '"AP-001"'],
    ['/tables/1/entities/0/attributes/1/source_column', '"wares.name"', '"name"'],
    ['/tables/1/entities/0/attributes/4/type', '"M"', '"S"'],
    ['/tables/1/entities/0/attributes/5/join/hint', '"cache"', 'left out'],
    ['/tables/1/entities/0/attributes/6/join/construction/order_by', 'nothing', '"`id`"'],
    ['/tables/1/entities/1/sk_template', '"NOTE#{stars}"', '"NOTE#{stars}#{id}"'],
    ['/tables', '"wares.memo"', '"dropped"'],
    ['/tables', '"AP-002"', '"scan of Shop"'],
    ['/tables', 'nothing', '"support"'],
  ])('reports at %s that %s became %s', (at, was, became) => {
    expect(imported.repairs).toContainEqual(expect.objectContaining({ at, was, became }));
    expect(imported.repairs.every(({ why }) => why !== '')).toBe(true);
  });

  test('keeps types that an encoding gives, and says that they are not buildable; or makes them canonical', () => {
    const ware = imported.contract?.tables[1]?.entities[0]?.attributes ?? [];
    expect(ware.slice(0, 4).map(({ type, encoding }) => [type, encoding])).toEqual([
      ['S', 'text'],
      ['S', undefined],
      ['N', undefined],
      ['BOOL', 'boolean'],
    ]);
    expect(imported.contract && notBuildable(imported.contract).map(({ at }) => at)).toContain(
      '/tables/1/entities/0/attributes/0/encoding',
    );
    const canonical = importKnown(clone(), CATALOGUE, { canonicalTypes: true });
    expect(canonical.contract?.tables[1]?.entities[0]?.attributes.slice(0, 4).map(({ type }) => type)).toEqual([
      ...['N', 'S', 'N', 'N'],
    ]);
    expect(canonical.repairs).toContainEqual(
      expect.objectContaining({ at: '/tables/1/entities/0/attributes/3/type', was: '"BOOL"', became: '"N"' }),
    );
  });

  test('takes over what the known form can not say from the analysis', () => {
    const [kinds] = imported.contract?.tables[0]?.entities ?? [];
    expect(kinds?.primary_key).toEqual(['name']);
    expect(kinds?.references).toEqual([
      expect.objectContaining({ name: 'kinds_parent', on_delete: 'RESTRICT', on_update: 'CASCADE' }),
    ]);
    expect(imported.contract?.id_allocation.map(({ source_table }) => source_table)).toEqual([
      'kinds',
      'wares',
      'notes',
    ]);
  });
});

type Change = (known: { tables: Record<string, unknown>[] }) => unknown;
const at =
  (path: string, value: unknown): Change =>
  (known) => {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    const parent = steps.reduce<Record<string, unknown>>((node, step) => node[step] as Record<string, unknown>, known);
    parent[last] = value;
  };

describe('what can not be repaired is an error at its place', () => {
  test.each<[string, string, Change]>([
    ['no tables', '/tables', at('/tables', [])],
    ['tables that are none', '/tables', at('/tables', { a: 1 })],
    ['a table that is text', '/tables/0', at('/tables/0', 'Kinds')],
    ['a kind that is none', '/tables/0/type', at('/tables/0/type', 'graph')],
    ['no attributes', '/tables/0/attributes', at('/tables/0/attributes', undefined)],
    ['no key', '/tables/0/pk', at('/tables/0/pk', undefined)],
    ['a key that is no attribute', '/tables/0/pk', at('/tables/0/pk', 'kind_number')],
    ['a key that is derived', '/tables/0/pk', at('/tables/0/pk', 'parent')],
    ['a source that is not there', '/tables/0/source_table', at('/tables/0/source_table', 'sorts')],
    [
      'a column that is not there',
      '/tables/0/attributes/0/source_column',
      at('/tables/0/attributes/0/source_column', 'title'),
    ],
    ['a column of no name', '/tables/0/attributes/0/source_column', at('/tables/0/attributes/0/source_column', [])],
    ['a join of no kind', '/tables/0/attributes/1/join/type', at('/tables/0/attributes/1/join/type', 'outer')],
    [
      'a join that finds many',
      '/tables/0/attributes/1/join/join_condition',
      at('/tables/0/attributes/1/join/join_condition', 'above.parent_id = kinds.id'),
    ],
    [
      'a condition that is no SQL',
      '/tables/0/attributes/1/join/join_condition',
      at('/tables/0/attributes/1/join/join_condition', 'above.id == '),
    ],
    [
      'two derivations',
      '/tables/0/attributes/1',
      at('/tables/0/attributes/1/transformation', { type: 'static', value: 'x' }),
    ],
    ['a copy without a reason', '/tables/0/attributes/1', at('/tables/0/attributes/1/denormalized', true)],
    ['one table name twice', '/tables/1/table', at('/tables/1/table', 'kinds')],
    ['one attribute twice', '/tables/0/attributes/1/name', at('/tables/0/attributes/1/name', 'kind_name')],
    [
      'a template of an unknown column',
      '/tables/1/entities/0/pk_template',
      at('/tables/1/entities/0/pk_template', 'WARE#{number}'),
    ],
    [
      'a template that is not closed',
      '/tables/1/entities/0/pk_template',
      at('/tables/1/entities/0/pk_template', 'WARE#{id'),
    ],
    [
      'an index of no attribute',
      '/tables/0/gsis/0/pk',
      at('/tables/0/gsis', [{ index_name: 'by_colour', pk: 'colour' }]),
    ],
    [
      'a chain of no hops',
      '/tables/0/attributes/1/join/joins',
      at('/tables/0/attributes/1/join', { type: 'chain', joins: [] }),
    ],
  ])('%s', (_name, place, change) => {
    const known = clone() as unknown as { tables: Record<string, unknown>[] };
    change(known);
    const { problems } = importKnown(JSON.parse(JSON.stringify(known)), CATALOGUE);
    expect(problems.map((one) => one.at)).toContain(place);
  });

  test.each([null, 3, 'x', [], {}])('a value that is no contract at all: %j', (value) => {
    expect(importKnown(value, CATALOGUE).problems.length).toBeGreaterThan(0);
  });
});

describe('writing the known form', () => {
  test('says what it could not say, place by place', () => {
    expect(exportKnown(sampleContract()).unsaid.map(({ at: place }) => place)).toEqual([
      '/tables/0/rationale',
      '/tables/0/entities/0/uniques',
      '/tables/0/entities/0/index_templates/authors_by_email/pk',
      '/tables/1/rationale',
      '/tables/1/entities/0/references',
      '/tables/2/rationale',
      '/tables/2/entities/0/references',
      '/tables/3',
      '/dropped_columns',
      '/access_patterns',
      '/id_allocation',
      '/tables',
    ]);
  });

  test('gives what the known form is: names for keys, attributes beside the table', () => {
    const { known } = exportKnown(sampleContract());
    expect(known.tables.map(({ table: name, pk, sk }) => [name, pk, sk])).toEqual([
      ['authors', 'id', null],
      ['books', 'id', null],
      ['loans', 'book_id', 'loan_no'],
    ]);
    expect(known.tables[1]?.gsis?.[0]).toMatchObject({ pk: 'author_id', sk: 'published_at#id', projection: 'ALL' });
    expect(readShape(known)).toMatchObject({ problems: [], repairs: [] });
  });

  test('leaves out what would say something else, and says so', () => {
    const { known, unsaid } = exportKnown(staffingContract());
    const names = known.tables[0]?.attributes?.map(({ name }) => name) ?? [];
    for (const ours of ['first_city', 'skill_names', 'chain_of_command', 'names']) expect(names).not.toContain(ours);
    for (const theirs of ['manager', 'city', 'room', 'office_seats', 'country', 'skills', 'office', 'skill_count', 'state', 'full_name', 'retires_on', 'hired_day', 'initial', 'salary_text', 'profile_map', 'source']) expect(names).toContain(theirs); // prettier-ignore
    expect(names).toContain('hired_month');
    const places = unsaid.map(({ at: place }) => place);
    for (const place of ['/tables/0/ttl_attribute', '/tables/0/entities/0/row_filter', '/tables/0/entities/0/pk_shards']) expect(places).toContain(place); // prettier-ignore
    expect(readShape(known)).toMatchObject({ problems: [], repairs: [] });
  });

  test('and reading it again gives the same known form', () => {
    const first = importKnown(clone(), CATALOGUE).contract;
    const known = first && exportKnown(first).known;
    const second = importKnown(known, CATALOGUE);
    expect(second.problems).toEqual([]);
    expect(second.contract && exportKnown(second.contract).known).toEqual(known);
  });
});
