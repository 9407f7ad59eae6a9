import { expect, test } from '@jest/globals';
import { referencesOf } from './constraints.ts';
import { libraryAnalysis } from './testing/library.ts';

const analysis = libraryAnalysis();
const books = analysis.tables.find(({ name }) => name === 'books')!;

test('a foreign key refers to a table of this database', () => {
  expect(referencesOf(books, analysis)).toMatchObject([{ name: 'books_author_fk', target_table: 'authors' }]);
});

test('a foreign key into another database is refused, also where a table of that name is here', () => {
  const foreignKeys = books.foreignKeys.map((key) => ({ ...key, referencedDatabase: 'elsewhere' }));
  expect(() => referencesOf({ ...books, foreignKeys }, analysis)).toThrow(
    expect.objectContaining({
      code: 'model.constraint-unsupported',
      message: expect.stringContaining('elsewhere.authors is not migrated.'),
    }),
  );
});
