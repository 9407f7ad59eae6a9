import { expect, it } from '@jest/globals';
import { sampleContract } from '../../../contract/sample.ts';
import type { DataAccessLayer, DataAccessMethod } from '../../../core/data-access.ts';
import { compileLayer } from './index.ts';

function method(aggregate: string, name: string, sql: string, inputs: readonly string[]): DataAccessMethod {
  const parts = sql
    .split('?')
    .flatMap((text, at) => [
      ...(at === 0 ? [] : [{ kind: 'parameter' as const, expression: inputs[at - 1] ?? '' }]),
      { kind: 'text' as const, text },
    ]);
  return {
    aggregate,
    name,
    accessPattern: 'AP-999',
    callSites: [],
    inputs: [...new Set(inputs)].map((input) => ({ name: input, source: input, type: 'number' })),
    template: { parts },
    kind: 'read',
    result: 'rows',
  };
}

async function files(methods: readonly DataAccessMethod[]): Promise<ReadonlyMap<string, string>> {
  const layer: DataAccessLayer = {
    schemaVersion: 1,
    branch: 'b',
    commit: 'c',
    folder: 'src/dal',
    importSuffix: '.js',
    driver: { decimals: 'string', dates: 'string', bigNumbers: 'safe', timeZone: 'Z' },
    methods,
  };
  const compiled = await compileLayer(layer, sampleContract());
  return new Map(compiled.files.map(({ path, content }) => [path, content]));
}

it('columns that several methods give, in whatever file, are written once', async () => {
  const all = await files([
    method('books', 'findById', 'SELECT * FROM books WHERE id = ?', ['id']),
    method('authors', 'listBooks', 'SELECT b.* FROM books b WHERE b.author_id = ?', ['authorId']),
  ]);
  expect(all.get('columns.ts')).toContain('/** Columns of books.findById and authors.listBooks. */');
  expect(all.get('columns.ts')).toContain('export function booksFindByIdColumns(store: Store, row: Row) {');
  expect(all.get('books.ts')).toContain('...booksFindByIdColumns(store, row)');
  expect(all.get('authors.ts')).toContain('...booksFindByIdColumns(store, b)');
  expect(all.get('authors.ts')).toContain("import { booksFindByIdColumns } from './columns.js';");
});

it('a join that is read alike with and without a lock is written once', async () => {
  const sql = 'SELECT b.id, a.email FROM books b JOIN authors a ON a.id = b.author_id WHERE b.id = ?';
  const all = await files([
    method('books', 'findWithAuthor', sql, ['id']),
    method('books', 'lockWithAuthor', `${sql} FOR UPDATE`, ['id']),
  ]);
  const text = all.get('books.ts') ?? '';
  expect(text).toContain('async function findWithAuthorAndLockWithAuthorRows(');
  expect(text).toContain("{ id }: Pick<Parameters<Books['findWithAuthor']>[0], 'id'>");
  expect(text.match(/read\.findEach\(/g)).toHaveLength(1);
  expect(text).toContain('.lock(');
});

it('what one method alone says stays where it is', async () => {
  const all = await files([method('books', 'findById', 'SELECT * FROM books WHERE id = ?', ['id'])]);
  expect([...all.keys()]).toEqual(['books.ts', 'model.ts', 'index.ts']);
});
