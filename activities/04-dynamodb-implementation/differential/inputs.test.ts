import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ColumnFacts, TableFacts } from '../../../core/analysis.ts';
import type { DataAccessMethod, MethodInput } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import type { Content } from './content.ts';
import { inputsOf } from './inputs.ts';

const column = (name: string, dataType: string, more: Partial<ColumnFacts> = {}): ColumnFacts =>
  ({
    name,
    dataType,
    columnType: dataType,
    nullable: false,
    autoIncrement: false,
    maxLength: 20,
    ...more,
  }) as ColumnFacts;
const TABLES = [
  {
    name: 'books',
    columns: [column('id', 'int'), column('title', 'varchar'), column('price', 'decimal', { scale: 2 })],
  },
] as unknown as TableFacts[];
const CONTENT: Content = new Map([['books', [{ id: '70001', title: 'Momo', price: '9.90' }]]]);

function sampled(inputs: MethodInput[], parts: SqlPart[], keys: ReadonlySet<string> = new Set()): unknown[] {
  const method = { aggregate: 'books', name: 'any', inputs, template: { parts } } as unknown as DataAccessMethod;
  const made = inputsOf(method, TABLES, CONTENT, keys);
  if (made.kind === 'unknown') return [made.why];
  return fc.sample(made.arbitrary, { seed: 1, numRuns: 200 });
}

const input = (name: string, type: string, ofColumn?: string): MethodInput => ({
  name,
  source: name,
  type,
  ...(ofColumn === undefined ? {} : { column: ofColumn }),
});
const WHERE: SqlPart[] = [
  { kind: 'text', text: 'SELECT * FROM books b WHERE b.id = ' },
  { kind: 'parameter', expression: 'id' },
];

test('inputs are of the declared type, mostly what the rows hold, also near it and at its boundaries', () => {
  const ids = sampled([input('id', 'number', 'b.id')], WHERE).map((each) => (each as { id: number }).id);
  expect(ids.every((id) => typeof id === 'number')).toBe(true);
  expect(ids.filter((id) => id === 70001).length).toBeGreaterThan(40);
  expect(ids).toContain(2147483647);
  const titles = sampled([input('id', 'string', 'title')], WHERE).map((each) => (each as { id: string }).id);
  expect(titles).toEqual(expect.arrayContaining(['Momo', 'MOMO', 'Momo ', '']));
  const keyed = sampled([input('id', 'string', 'title')], WHERE, new Set(['books.title']));
  expect(keyed).not.toContainEqual({ id: '' });
});

test('options are given and left out, and a choice takes each of its labels', () => {
  const made = sampled([input('id', "'a' | 'b' | null | undefined")], WHERE).map((each) => JSON.stringify(each));
  expect(new Set(made)).toEqual(new Set(['{"id":"a"}', '{"id":"b"}', '{"id":null}', '{"id":{"$":"undefined"}}']));
});

test('rows take each place from its own column, and the same seed gives the same', () => {
  const parts: SqlPart[] = [
    { kind: 'text', text: 'INSERT INTO books (id, title, price) VALUES ' },
    { kind: 'rows', expression: 'rows', columns: 3 },
  ];
  const made = sampled([input('rows', '(string | number)[][]')], parts) as { rows: unknown[][] }[];
  expect(made.every(({ rows }) => rows.length > 0 && rows.every((row) => row.length === 3))).toBe(true);
  expect(made.flatMap(({ rows }) => rows.map(([id]) => typeof id))).not.toContain('string');
  expect(made.some(({ rows }) => rows.some(([, title, price]) => title === 'Momo' && price === '9.90'))).toBe(true);
  expect(sampled([input('rows', '(string | number)[][]')], parts)).toEqual(made);
});

test('a type that tells no values is named', () => {
  expect(sampled([input('id', 'Wish')], WHERE)).toEqual(['no values are known for id: Wish']);
});
