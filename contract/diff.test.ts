import { describe, expect, test } from '@jest/globals';
import { diffContracts } from './diff.ts';
import { sampleContract } from './sample.ts';
import { staffingContract } from './testing/staffing.ts';
import type { Json } from './testing/corruptions.ts';
import type { MigrationContract } from './types.ts';

function changed(path: string, value: unknown, of = sampleContract): MigrationContract {
  const contract = JSON.parse(JSON.stringify(of())) as Json;
  const steps = path.split('/').slice(1);
  const last = steps.pop() ?? '';
  const parent = steps.reduce<Json>((node, step) => node[step] as Json, contract);
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
  else parent[last] = value;
  return JSON.parse(JSON.stringify(contract)) as MigrationContract;
}

test('a contract does not differ from itself, nor from itself in another order', () => {
  for (const contract of [sampleContract(), staffingContract()]) {
    expect(diffContracts(contract, contract)).toEqual([]);
    const turned = {
      ...contract,
      access_patterns: [...contract.access_patterns].reverse(),
      tables: [...contract.tables].reverse().map((table) => ({
        ...table,
        rationale: 'said otherwise',
        entities: table.entities.map((entity) => ({ ...entity, attributes: [...entity.attributes].reverse() })),
      })),
    };
    expect(diffContracts(contract, turned)).toEqual([]);
  }
});

describe('what differs is named, and what is dangerous is marked', () => {
  test.each<[string, unknown, string, boolean]>([
    ['/tables/1', undefined, 'table books', true],
    ['/tables/0/pk/type', 'S', 'table authors, partition key', true],
    ['/tables/2/sk', null, 'table loans, sort key', true],
    ['/tables/0/gsis/0', undefined, 'table authors, index authors_by_email', true],
    ['/tables/0/gsis/0/projection', 'KEYS_ONLY', 'table authors, index authors_by_email, projection', true],
    ['/tables/1/entities/0/attributes/2', undefined, 'table books, entity books, attribute title', true],
    ['/tables/1/entities/0/attributes/3/type', 'S', 'table books, entity books, attribute price, type', true],
    ['/tables/1/entities/0/pk_template', 'BOOK#{id}', 'table books, entity books, key template', true],
    [
      '/tables/1/entities/0/references/0/on_update',
      'CASCADE',
      'table books, entity books, foreign key books_author_fk, on update',
      false,
    ],
    ['/tables/0/entities/0/uniques/0', undefined, 'table authors, entity authors, unique key authors_email', true],
    ['/tables/1/entities/0/row_filter', 'price > 0', 'table books, entity books, row filter', true],
    ['/access_patterns/0/status', 'refused', 'access pattern AP-001, status', true],
    ['/access_patterns/3', undefined, 'access pattern AP-004', true],
    ['/access_patterns/1/rates/mean', 2, 'access pattern AP-002, rates', false],
    ['/tables/0/estimated_item_size_bytes', 300, 'table authors, item size', false],
    ['/dropped_columns/0', undefined, 'dropped column loans.legacy_code', false],
  ])('%s', (path, value, what, dangerous) => {
    const differences = diffContracts(sampleContract(), changed(path, value));
    expect(differences.map((one) => [one.what, one.danger !== undefined])).toContainEqual([what, dangerous]);
  });

  test('on_update that is not given is RESTRICT, and no difference', () => {
    const path = '/tables/1/entities/0/references/0/on_update';
    expect(diffContracts(sampleContract(), changed(path, 'RESTRICT'))).toEqual([]);
  });

  test('both ways have the same number of differences', () => {
    const other = changed('/tables/1', undefined);
    expect(diffContracts(other, sampleContract())).toHaveLength(diffContracts(sampleContract(), other).length);
    expect(diffContracts(other, sampleContract())[0]).toEqual({ what: 'table books', kind: 'added' });
  });
});
