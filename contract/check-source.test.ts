import { describe, expect, test } from '@jest/globals';
import type { Analysis } from '../core/analysis.ts';
import { checkContract } from './check.ts';
import { importKnown } from './known-form/import.ts';
import { analysisOf, column, foreignKey, table } from './testing/analysis.ts';
import type { Json } from './testing/corruptions.ts';

const id = column('id', 'bigint');

/** Wares with their notes; at most so many of one ware. */
function analysis(most = 9): Analysis {
  const key = foreignKey('notes_ware', 'ware_id', 'wares');
  const children = { parents: 10, p50: 2, p99: 5, max: most, orphans: 0 };
  return analysisOf('catalogue', [
    table('wares', [id, column('name', 'varchar')], ['id']),
    table('notes', [id, column('ware_id', 'bigint'), column('said', 'varchar')], ['id'], {
      foreignKeys: [{ ...key, children }],
    }),
  ]);
}

const direct = (source: string, name: string, type: string) => ({
  name,
  type,
  source_table: source,
  source_column: name,
});
const known = {
  tables: [
    {
      ...{ table: 'Wares', type: 'single-entity', source_table: 'wares', pk: 'id' },
      attributes: [
        direct('wares', 'id', 'N'),
        direct('wares', 'name', 'S'),
        {
          ...{ name: 'notes', type: 'L', source_table: 'wares', source_column: 'id' },
          join: {
            ...{ type: 'json-construction', target_table: 'notes', join_condition: 'notes.ware_id = wares.id' },
            construction: { type: 'array', select_columns: ['said'] },
          },
        },
      ],
    },
    {
      ...{ table: 'Notes', type: 'single-entity', source_table: 'notes', pk: 'id' },
      attributes: ['id', 'ware_id'].map((name) => direct('notes', name, 'N')).concat(direct('notes', 'said', 'S')),
    },
  ],
};

const CONSTRUCTION = '/tables/0/entities/0/attributes/2/join/construction';
const REFERENCE = '/tables/1/entities/0/references';

function contract(change: (contract: Json) => void = () => undefined): Json {
  const copy = JSON.parse(JSON.stringify(importKnown(known, analysis()).contract)) as Json;
  change(copy);
  return copy;
}

function at(path: string, value: unknown): (contract: Json) => void {
  return (root) => {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    steps.reduce<Json>((node, step) => node[step] as Json, root)[last] = value;
  };
}

const places = (of: Json, source = analysis()): string[] => checkContract(of, source).map((one) => one.at);

describe('lists of many rows fit an item, by the data', () => {
  test('with as many rows as were found', () => {
    expect(places(contract())).toEqual([]);
  });

  test('not when the data has more of them than an item holds', () => {
    expect(places(contract(), analysis(2000))).toEqual([`${CONSTRUCTION}/limit`]);
  });

  test('not when the limit allows more than an item holds', () => {
    const limited = (limit: number) =>
      contract(at(CONSTRUCTION, { type: 'array', select_columns: ['said'], order_by: 'id', limit }));
    expect(places(limited(10), analysis(2000))).toEqual([]);
    expect(places(limited(5000))).toEqual([`${CONSTRUCTION}/limit`]);
  });

  test('not when nobody knows how many there are', () => {
    const unrelated = contract(
      at(`${CONSTRUCTION.replace('/construction', '')}/join_condition`, 'notes.said = wares.name'),
    );
    const source = analysis();
    const without = { ...source, tables: source.tables.map((one) => ({ ...one, foreignKeys: [] })) };
    at(REFERENCE, [])(unrelated);
    expect(places(unrelated, without)).toEqual([`${CONSTRUCTION}/limit`]);
  });
});

describe('foreign keys are those of the source, and do what they do there', () => {
  test.each<[string, string, (contract: Json) => void]>([
    ['one is missing', REFERENCE, at(REFERENCE, [])],
    ['one is invented', `${REFERENCE}/0/name`, at(`${REFERENCE}/0/name`, 'other')],
    ['deletes otherwise', `${REFERENCE}/0/on_delete`, at(`${REFERENCE}/0/on_delete`, 'CASCADE')],
    ['updates otherwise', `${REFERENCE}/0/on_update`, at(`${REFERENCE}/0/on_update`, 'RESTRICT')],
    ['does not say what an update does', `${REFERENCE}/0/on_update`, at(`${REFERENCE}/0/on_update`, undefined)],
    ['from another column', `${REFERENCE}/0/columns`, at(`${REFERENCE}/0/columns`, ['id'])],
    ['to another column', `${REFERENCE}/0/target_columns`, at(`${REFERENCE}/0/target_columns`, ['name'])],
  ])('%s', (_name, place, change) => {
    expect(places(contract(change))).toContain(place);
  });
});
