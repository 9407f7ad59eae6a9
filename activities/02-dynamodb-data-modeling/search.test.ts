import { describe, expect, test } from '@jest/globals';
import { checkContract } from '../../contract/check.ts';
import type { Analysis } from '../../core/analysis.ts';
import { contractOf } from './contract-of.ts';
import { planModel } from './plan-model.ts';
import { DEFAULT_PRICES } from './pricing.ts';
import { bound, libraryAnalysis, pattern } from './testing/library.ts';

const rate = (mean: number, peak = mean) => ({ mean, peak, provenance: 'measured' as const });
const candidate = (analysis: Analysis, id: string) =>
  planModel(analysis, {}).choice.ranked.find(({ model }) => model.id === id);
const text = (analysis: Analysis, name: string, plan: Parameters<typeof planModel>[1] = {}) =>
  planModel(analysis, plan).files.find((file) => file.name === `stage-02/${name}`)?.content ?? '';

/** Measured children and values, as stage 1 gives them. */
function withChildren(analysis: Analysis, child: string, most: number): Analysis {
  const children = { parents: 1000, p50: 2, p99: most, max: most, orphans: 0 };
  return {
    ...analysis,
    tables: analysis.tables.map((table) =>
      table.name === child ? { ...table, foreignKeys: table.foreignKeys.map((key) => ({ ...key, children })) } : table,
    ),
  };
}

const BOOK_WITH_AUTHOR =
  'SELECT books.title, authors.email FROM books JOIN authors ON authors.id = books.author_id WHERE books.id = ?';
const RENAME = 'UPDATE authors SET email = ? WHERE id = ?';
const JOIN = {
  table: 'books',
  column: 'author_id',
  operator: '=' as const,
  with: { table: 'authors', column: 'id' },
  always: true,
};

/** The library's tables with these patterns and no other. */
function only(...patterns: ReturnType<typeof pattern>[]): Analysis {
  return { ...libraryAnalysis(), accessPatterns: patterns };
}

function copying(reads: number, renames: number): Analysis {
  return only(
    pattern('AP-020', BOOK_WITH_AUTHOR, ['books', 'authors'], {
      predicates: [bound('books', 'id'), JOIN],
      rates: rate(reads),
    }),
    pattern('AP-021', RENAME, ['authors'], { predicates: [bound('authors', 'id')], rates: rate(renames) }),
  );
}

describe('copies', () => {
  test('a copy that saves more than it costs is a candidate, priced, and not chosen while it can not be built', () => {
    const analysis = copying(500, 0.001);
    const copied = candidate(analysis, 'tables-copied');
    const { chosen } = planModel(analysis, {}).choice;
    expect(copied?.model.copies).toMatchObject([{ child: 'books', parent: 'authors', columns: ['email'] }]);
    expect(copied?.cost.onDemand).toBeLessThan(chosen.cost.onDemand);
    expect(copied?.notBuildable.join()).toContain('Stage 07-data-migration-execution: The load refuses derived data.');
    expect(chosen.notBuildable).toEqual([]);
    expect(text(analysis, 'alternatives.md')).toContain('Not buildable yet');
  });

  test('its contract is valid, and says why and how the copy is made', () => {
    const analysis = copying(500, 0.001);
    const copied = candidate(analysis, 'tables-copied');
    if (!copied) throw new Error('no such candidate');
    const contract = contractOf(copied, analysis);
    expect(checkContract(contract, analysis)).toEqual([]);
    const books = contract.tables.flatMap(({ entities }) => entities).find((one) => one.source_table === 'books');
    expect(books?.attributes.at(-1)).toMatchObject({
      name: 'authors_email',
      join: { type: 'foreign-key', join_condition: '`books`.`author_id` = `authors`.`id`', select_column: 'email' },
      denormalized: true,
    });
  });

  test('renames rewrite every child: where they cost more than the reads save, there is no copy', () => {
    const considered = planModel(copying(1, 50), {}).choice.copies;
    // 10,000 books of 1,000 authors: each rename rewrites ten.
    expect(considered).toMatchObject([{ changesPerSecond: 50, items: { mean: 10 }, taken: false, broken: [] }]);
    expect(considered[0]?.total).toBeGreaterThan(0);
    expect(candidate(copying(1, 50), 'tables-copied')).toBeUndefined();
  });

  test('a rename that would rewrite more items than a transaction takes breaks the copy', () => {
    const analysis = withChildren(copying(500, 0.001), 'books', 5000);
    expect(planModel(analysis, {}).choice.copies[0]?.broken).toEqual([
      'A change of authors (email; AP-021) would rewrite up to 5000 items of books; a transaction takes 100.',
    ]);
    expect(candidate(analysis, 'tables-copied')).toBeUndefined();
  });
});

test('an index that is only asked for few columns holds only those, and costs less', () => {
  const titles = pattern('AP-020', 'SELECT id, title FROM books WHERE author_id = ?', ['books'], {
    predicates: [bound('books', 'author_id')],
    rates: rate(100),
  });
  const base = only(titles);
  const valueBytes = (name: string) => ({ mean: name === 'meta' ? 2900 : 10, max: 2900, nullShare: 0 });
  const analysis = {
    ...base,
    tables: base.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, valueBytes: valueBytes(column.name) })),
      statistics: { ...table.statistics, rowBytes: { p50: 3000, p99: 3000, max: 3000, sampled: 10 } },
    })),
  };
  const projected = candidate(analysis, 'tables-projected');
  if (!projected) throw new Error('no such candidate');
  expect(projected.cost.onDemand).toBeLessThan(candidate(analysis, 'tables-priced')?.cost.onDemand ?? 0);
  const contract = contractOf(projected, analysis);
  expect(checkContract(contract, analysis)).toEqual([]);
  expect(contract.tables.flatMap(({ gsis }) => gsis)).toMatchObject([
    { index_name: 'books_by_author_id', projection: 'INCLUDE', projected_attributes: ['title'] },
  ]);
  // What is chosen is what stage 4 can build.
  expect(planModel(analysis, {}).contract.tables.flatMap(({ gsis }) => gsis)).toMatchObject([{ projection: 'ALL' }]);
});

describe('hot partitions', () => {
  const byState = (reads: number, writes: number) =>
    only(
      pattern('AP-020', 'SELECT * FROM books WHERE state = ? LIMIT ?', ['books'], {
        ...{ predicates: [bound('books', 'state')], limited: true },
        rates: rate(10, reads),
      }),
      pattern('AP-021', 'UPDATE books SET state = ? WHERE id = ?', ['books'], {
        predicates: [bound('books', 'id')],
        rates: rate(1, writes),
      }),
    );

  test('shards make a partition that is written over its limit cool; until they can be built, the scan is chosen', () => {
    const { chosen, ranked } = planModel(byState(10, 1200), {}).choice;
    const found = (id: string) => ranked.find(({ model }) => model.id === id);
    expect(found('tables-priced')?.broken).toEqual([
      'One partition of index books_by_state would be written with 2400 units a second at peak; the limit is 1000.',
    ]);
    expect(found('tables-sharded')?.broken).toEqual([]);
    expect(found('tables-sharded')?.notBuildable.join()).toContain('sharded partition key');
    expect(chosen.model.id).toBe('tables-lean');
  });

  test('shards are no help where each of them is still read too often', () => {
    expect(() => planModel(byState(10_000, 1), {})).toThrow(
      /tables-sharded: One partition of index books_by_state would be read with 5000 units/,
    );
  });

  test('below the limits there are no shards', () => {
    expect(candidate(byState(100, 100), 'tables-sharded')).toBeUndefined();
    expect(planModel(byState(100, 100), {}).choice.chosen.broken).toEqual([]);
  });
});

test('a statement that writes more items than a transaction takes breaks every candidate, by name and number', () => {
  const all = pattern('AP-020', 'UPDATE books SET price = ?', ['books'], { rates: rate(0.001) });
  expect(() => planModel(libraryAnalysis([all]), {})).toThrow(/AP-020 .* would write about 10000 items at once/);
});

describe('prices', () => {
  const target = { region: 'eu-west-1', prefix: 'x-' };

  test('of another region than the target’s are named, with the way to give the right ones', () => {
    for (const name of ['alternatives.md', 'dynamodb_data_model.md']) {
      expect(text(libraryAnalysis(), name, { target })).toContain('The target is in eu-west-1');
      expect(text(libraryAnalysis(), name, { target: { ...target, region: 'us-east-1' } })).not.toContain(
        'The target is in',
      );
    }
  });

  test('of the plan are used', () => {
    const prices = {
      ...DEFAULT_PRICES,
      region: 'eu-west-1',
      onDemand: { perMillionReadUnits: 1.25, perMillionWriteUnits: 6.25 },
    };
    const own = planModel(libraryAnalysis(), { target: { ...target, prices } }).choice.chosen.cost;
    const shipped = planModel(libraryAnalysis(), { target }).choice.chosen.cost;
    expect(own.reads / shipped.reads).toBeCloseTo(10, 6);
    expect(own.writes / shipped.writes).toBeCloseTo(10, 6);
    expect(text(libraryAnalysis(), 'alternatives.md', { target: { ...target, prices } })).not.toContain(
      'The target is in',
    );
  });
});
