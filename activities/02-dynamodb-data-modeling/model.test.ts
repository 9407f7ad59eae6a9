import { describe, expect, test } from '@jest/globals';
import { checkContract } from '../../contract/check.ts';
import type { Analysis } from '../../core/analysis.ts';
import { planModel } from './plan-model.ts';
import { bound, column, libraryAnalysis, pattern, tableFacts } from './testing/library.ts';

const contractOf = (analysis: Analysis) => planModel(analysis, {}).contract;
const servedBy = (analysis: Analysis, id: string) =>
  contractOf(analysis).access_patterns.find((service) => service.id === id)?.served_by;

function withTable(table: ReturnType<typeof tableFacts>, ...patterns: ReturnType<typeof pattern>[]): Analysis {
  const analysis = libraryAnalysis(patterns);
  return { ...analysis, tables: [...analysis.tables, table] };
}

describe('the contract of a model', () => {
  const contract = contractOf(libraryAnalysis());

  test('passes every check against the analysis that it came from', () => {
    expect(checkContract(contract, libraryAnalysis())).toEqual([]);
  });

  test('reads by unique key, by parent in order, by part of the key, by NULL, and by scan with a budget', () => {
    const service = (id: string) => contract.access_patterns.find((one) => one.id === id)?.served_by;
    expect(service('AP-001')).toEqual([{ table: 'authors', index: 'authors_by_email', operation: 'query' }]);
    expect(service('AP-002')).toEqual([
      { table: 'books', index: 'books_by_author_id_and_published_at', operation: 'query' },
    ]);
    expect(service('AP-003')).toEqual([{ table: 'loans', index: null, operation: 'query' }]);
    expect(service('AP-004')).toEqual([{ table: 'books', index: null, operation: 'scan', budget_items: 100_000 }]);
    expect(service('AP-007')).toEqual([{ table: 'authors', index: 'authors_by_mentor_id', operation: 'query' }]);
    expect(service('AP-008')).toEqual([
      { table: 'books', index: null, operation: 'get' },
      { table: 'authors', index: null, operation: 'get' },
    ]);
  });

  test('folds text, keeps NULL findable and breaks ties by the primary key', () => {
    const templates = Object.fromEntries(
      contract.tables.flatMap((table) => table.entities.flatMap((entity) => Object.entries(entity.index_templates))),
    );
    expect(templates['authors_by_email']).toEqual({ pk: 'email#{email:fold}', sk: '{id}' });
    expect(templates['authors_by_mentor_id']).toEqual({ pk: 'mentor_id#{mentor_id}', sk: '{id}' });
    expect(templates['books_by_author_id_and_published_at']).toEqual({ pk: '{author_id}', sk: '{published_at}#{id}' });
  });

  test('finds the children of what is deleted, through cascades', () => {
    expect(contract.access_patterns.find(({ id }) => id === 'AP-006')?.served_by).toEqual([
      { table: 'authors', index: null, operation: 'get' },
      { table: 'books', index: 'books_by_author_id_and_published_at', operation: 'query' },
      { table: 'loans', index: null, operation: 'query' },
      { table: 'authors', index: null, operation: 'write' },
      { table: 'books', index: null, operation: 'write' },
    ]);
  });

  test('keeps unique and foreign keys, ids, and a support table', () => {
    const [authors, books] = contract.tables.flatMap((table) => table.entities);
    expect(authors?.uniques).toEqual([
      { name: 'authors_email', columns: ['email'], guard_template: 'UNIQUE#authors#authors_email#{email:fold}' },
    ]);
    expect(books?.references[0]).toMatchObject({ target_table: 'authors', on_delete: 'CASCADE' });
    expect(contract.id_allocation).toHaveLength(2);
    expect(contract.tables.at(-1)?.type).toBe('support');
  });
});

describe('choosing', () => {
  test('prices five models, the cheapest first, deterministically', () => {
    const { choice, files } = planModel(libraryAnalysis(), {});
    expect(choice.ranked.map(({ model }) => model.id).sort()).toEqual([
      'collections',
      'single-table',
      'tables-fast',
      'tables-lean',
      'tables-priced',
    ]);
    const prices = choice.ranked.map(({ cost }) => cost.onDemand);
    expect(prices[0]).toBeLessThanOrEqual(Math.min(...prices) + 0.01);
    expect(planModel(libraryAnalysis(), {}).files).toEqual(files);
  });

  test('every candidate gives a valid contract, not only the chosen one', async () => {
    const { contractOf: build } = await import('./contract-of.ts');
    const { choice } = planModel(libraryAnalysis(), {});
    for (const evaluation of choice.ranked)
      expect(checkContract(build(evaluation, libraryAnalysis()), libraryAnalysis())).toEqual([]);
  });

  test('an index on few values pays only when it saves more than it costs', () => {
    const drafts = (rate: number, limited: boolean) =>
      pattern('AP-020', 'SELECT * FROM books WHERE state = ? LIMIT ?', ['books'], {
        ...{ predicates: [bound('books', 'state')], limited },
        rates: { mean: rate, peak: rate, provenance: 'measured' },
      });
    expect(servedBy(libraryAnalysis([drafts(50, true)]), 'AP-020')?.[0]).toMatchObject({
      index: 'books_by_state',
      operation: 'query',
    });
    expect(servedBy(libraryAnalysis([drafts(0.00001, true)]), 'AP-020')?.[0]).toMatchObject({ operation: 'scan' });
  });

  test('a selective condition gets an index however small the table and its rate', () => {
    const rare = pattern('AP-020', 'SELECT * FROM books WHERE title = ?', ['books'], {
      predicates: [bound('books', 'title')],
      rates: { mean: 0, peak: 0, provenance: 'measured' },
    });
    expect(servedBy(libraryAnalysis([rare], 1), 'AP-020')?.[0]).toMatchObject({ index: 'books_by_title' });
  });

  test('a table read over the limits stops with the numbers', () => {
    const busy = pattern('AP-020', 'SELECT * FROM books', ['books'], {
      rates: { mean: 1, peak: 1000, provenance: 'measured' },
    });
    expect(() => contractOf(libraryAnalysis([busy]))).toThrow(/model.no-candidate.*at peak/);
  });
});

describe('refusing', () => {
  test('a pattern without a rate, unless it is stated or assumed', () => {
    const unknown = pattern('AP-020', 'SELECT * FROM books', ['books'], {
      routes: ['R-001'],
      rates: { mean: 0, peak: 0, provenance: 'unknown' },
    });
    const analysis = libraryAnalysis([unknown]);
    expect(() => planModel(analysis, {})).toThrow(/model.rate-missing.*AP-020/);
    const rates = (plan: Parameters<typeof planModel>[1]) =>
      planModel(analysis, plan).contract.access_patterns.find(({ id }) => id === 'AP-020')?.rates;
    expect(rates({ statedRates: { 'AP-020': { mean: 2, peak: 3 } } })).toEqual({
      mean: 2,
      peak: 3,
      provenance: 'stated',
    });
    expect(rates({ statedRates: { 'GET /books': { mean: 4, peak: 5 } } })).toMatchObject({
      mean: 4,
      provenance: 'stated',
    });
    expect(rates({ assumedRate: { name: 'quiet', mean: 1, peak: 1 } })).toMatchObject({ provenance: 'assumed' });
  });

  test('a view, with the reason', () => {
    const service = contractOf(
      libraryAnalysis([pattern('AP-020', 'SELECT * FROM best_sellers', ['best_sellers'])]),
    ).access_patterns.at(-1);
    expect(service).toMatchObject({ status: 'refused', served_by: [] });
    expect(service?.reason).toContain('best_sellers');
  });

  test.each([
    ['no key', tableFacts('log', [column('line', 'text')], [], 5), 'model.no-primary-key'],
    ['a key of floats', tableFacts('log', [column('at', 'double')], ['at'], 5), 'model.key-unsupported'],
    [
      'a key too long',
      tableFacts('log', [column('at', 'varchar(700)', { maxLength: 700, collation: 'utf8mb4_bin' })], ['at'], 5),
      'model.key-unsupported',
    ],
    [
      'an unknown type',
      tableFacts('log', [column('id', 'int'), column('v', 'vector')], ['id'], 5),
      'model.type-unsupported',
    ],
  ])('a table with %s', (_, table, code) => {
    expect(() => contractOf(withTable(table))).toThrow(code);
  });
});

test('a table named like the support table, and names that DynamoDB refuses', () => {
  const analysis = withTable(tableFacts('support', [column('id', 'int')], ['id'], 5));
  const odd = { ...analysis, tables: [...analysis.tables, tableFacts('a b', [column('_v', 'int')], ['_v'], 5)] };
  const contract = contractOf(odd);
  expect(checkContract(contract, odd)).toEqual([]);
  expect(contract.tables.map(({ table }) => table)).toEqual([
    'authors',
    'books',
    'loans',
    'support_2',
    'a_b',
    'support',
  ]);
});
