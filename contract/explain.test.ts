import { expect, test } from '@jest/globals';
import { explain, subjects } from './explain.ts';
import { sampleContract } from './sample.ts';
import { staffingContract } from './testing/staffing.ts';

const words = (subject: string, contract = sampleContract()): string =>
  explain(contract, subject)
    .map(({ subject: of, lines }) => [of, ...lines].join('\n'))
    .join('\n');

test('an access pattern: tables, keys, rate, price', () => {
  expect(words('ap-001')).toContain('It reads authors by a query of the index authors_by_email');
  expect(words('AP-001')).toContain('email without case and accents');
  expect(words('AP-004')).toContain('more than 1000 items are an error');
  expect(words('AP-005')).toContain('It writes items of books.');
  expect(words('AP-005', staffingContract())).toContain('It is refused: It searches in text.');
});

test('a table: rows, keys, indexes, constraints, and what is not built', () => {
  expect(words('books')).toMatch(
    /rows of books.*\n[\s\S]*author_id refers to authors \(books_author_fk\): RESTRICT on delete/,
  );
  expect(words('staff', staffingContract())).toContain('spread over 8 partitions');
  expect(words('staff', staffingContract())).toContain('is valid but not buildable: sharded partition key');
  expect(words('offices', staffingContract())).toContain('table places');
  expect(words('support')).toContain('guard items');
});

test('an attribute, a column, and a column that is dropped', () => {
  expect(words('authors.born')).toContain('For NULL the attribute is absent.');
  expect(words('books.author_id')).toContain('A key is made of it.');
  expect(words('staff.city', staffingContract())).toContain('It is a copy: AP-001 shows it');
  expect(words('staff.salary', staffingContract())).toContain('encoded as text');
  expect(words('loans.legacy_code')).toContain('It is not migrated: no statement reads or writes it.');
});

test('everything that is named can be explained, and nothing else', () => {
  for (const contract of [sampleContract(), staffingContract()])
    for (const subject of subjects(contract)) expect(explain(contract, subject)).not.toEqual([]);
  expect(explain(sampleContract(), 'AP-999')).toEqual([]);
  expect(explain(sampleContract(), '__proto__')).toEqual([]);
});
