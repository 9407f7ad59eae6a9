import { describe, expect, test } from '@jest/globals';
import { planViews } from '../activities/07-data-migration-execution/views.ts';
import { builtDifferently, notBuildable } from './buildable.ts';
import { CAPABILITY_GAPS } from './capabilities.ts';
import { sampleContract } from './sample.ts';
import type { ContractAttribute, ContractEntity, MigrationContract } from './types.ts';

const AUTHOR = '/tables/0/entities/0';

function withEntity(change: (entity: ContractEntity) => ContractEntity): MigrationContract {
  const contract = sampleContract();
  return {
    ...contract,
    tables: contract.tables.map((table, at) => (at === 0 ? { ...table, entities: table.entities.map(change) } : table)),
  };
}

function withAttribute(more: Partial<ContractAttribute>): MigrationContract {
  return withEntity((entity) => ({
    ...entity,
    attributes: entity.attributes.map((one, at) => (at === 2 ? { ...one, ...more } : one)),
  }));
}

test('a contract that every stage can build has no findings', () => {
  expect(notBuildable(sampleContract())).toEqual([]);
  expect(builtDifferently(sampleContract())).toEqual([]);
});

describe('what is valid and not buildable is told at its place', () => {
  const places = (contract: MigrationContract) => [...new Set(notBuildable(contract).map(({ at }) => at))];

  test.each<[string, MigrationContract, string]>([
    ['a calculation', withAttribute({ calculation: { type: 'concat', separator: ' ' } }), '/attributes/2/calculation'],
    [
      'a transformation',
      withAttribute({ transformation: { type: 'static', value: 'x' } }),
      '/attributes/2/transformation',
    ],
    ['an encoding', withAttribute({ encoding: 'epoch-seconds' }), '/attributes/2/encoding'],
    ['a kept NULL', withAttribute({ null_as: 'NULL' }), '/attributes/2/null_as'],
    ['a zero date as NULL', withAttribute({ zero_date: 'null' }), '/attributes/2/zero_date'],
    ['a list of one column', withAttribute({ source_column: ['born'] }), '/attributes/2/source_column'],
    ['shards', withEntity((entity) => ({ ...entity, pk_shards: { columns: ['id'], count: 4 } })), '/pk_shards'],
    [
      'a time bucket',
      withEntity((entity) => ({ ...entity, index_templates: { a: { pk: 'x#{born:month}', sk: null } } })),
      '/index_templates/a/pk',
    ],
  ])('%s', (_name, contract, at) => {
    expect(places(contract)).toEqual([AUTHOR + at]);
  });

  test('an index that projects less than everything', () => {
    const contract = sampleContract();
    const [first] = contract.tables;
    const gsis = (first?.gsis ?? []).map((index) => ({ ...index, projection: 'KEYS_ONLY' as const }));
    const tables = contract.tables.map((table, at) => (at === 0 ? { ...table, gsis } : table));
    expect(places({ ...contract, tables })).toEqual(['/tables/0/gsis/0/projection']);
  });
});

test('what is built on the safe side only is no reason to stop, but told', () => {
  const contract = withEntity((entity) => ({
    ...entity,
    row_filter: 'born IS NOT NULL',
  }));
  expect(notBuildable(contract)).toEqual([]);
  expect(builtDifferently(contract).map(({ at }) => at)).toEqual([`${AUTHOR}/row_filter`]);
});

describe('the table of capabilities says what the stages really do', () => {
  const views = (contract: MigrationContract) => () =>
    planViews(
      'library',
      'shop',
      contract.tables.flatMap(({ entities }) => entities),
    );

  test('stage 7 refuses derived attributes and lists of columns with the code that stands there', () => {
    expect(views(sampleContract())).not.toThrow();
    for (const changed of [
      withAttribute({ calculation: { type: 'concat', separator: ' ' } }),
      withAttribute({ transformation: { type: 'static', value: 'x' } }),
      withAttribute({ source_column: ['born'] }),
    ])
      expect(views(changed)).toThrow(/data\.attribute-unsupported/);
    const codes = CAPABILITY_GAPS.filter(({ stage, feature }) => stage.startsWith('07') && /^(join|calc|trans|list)/.test(feature)); // prettier-ignore
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['data.attribute-unsupported']));
  });
});
