import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleContract } from '../../contract/sample.ts';
import { storeModel } from '../../contract/store-model.ts';
import { compareText, foldText } from './collation.ts';
import { guardItems, itemKey, itemToRow, rowToItem, tombstone } from './codec.ts';
import { encodeKeyPart } from './key-encoding.ts';
import type { ColumnModel, EntityModel } from './model.ts';

const model = storeModel(sampleContract(), 'test-');
const books = model.entities['books'] as EntityModel;
const authors = model.entities['authors'] as EntityModel;

const bookRow = fc.record({
  id: fc.bigInt(0n, (1n << 64n) - 1n).map(String),
  author_id: fc.bigInt(0n, (1n << 64n) - 1n).map(String),
  title: fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Cs}/gu, '')),
  price: fc.bigInt(-9_999_999_999n, 9_999_999_999n).map((cents) => {
    const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }),
  published_at: fc.constantFrom(
    '2024-02-29 23:59:59.999999',
    '1000-01-01 00:00:00.000000',
    '0000-00-00 00:00:00.000000',
  ),
  cover: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
});

describe('rows and items', () => {
  it('give each other back', () => {
    fc.assert(
      fc.property(bookRow, (row) => {
        expect(itemToRow(books, rowToItem(model, books, row, 0n))).toEqual(row);
      }),
    );
  });

  it('carries index keys, version and the key that itemKey gives', () => {
    const row = {
      id: '7',
      author_id: '3',
      title: 'x',
      price: '1.50',
      published_at: '2024-01-01 00:00:00.000000',
      cover: null,
    };
    expect(rowToItem(model, books, row, 12n)).toEqual({
      id: { N: '7' },
      author_id: { N: '3' },
      title: { S: 'x' },
      price: { N: '1.50' },
      published_at: { S: '2024-01-01 00:00:00.000000' },
      books_by_author_sk: { S: '2024-01-01 00:00:00.000000#00000000000000000007' },
      _v: { N: '12' },
    });
    expect(itemKey(model, books, { id: '7' })).toEqual({ id: { N: '7' } });
    expect(tombstone(model, books, { id: '7' }, 3n)).toEqual({
      id: { N: '7' },
      _v: { N: '3' },
      _deleted: { BOOL: true },
    });
  });

  it('guards unique keys by their folded text', () => {
    expect(guardItems(model, authors, { id: '5', email: 'JOSÉ#1@x.org', born: null })).toEqual([
      { pk: { S: 'UNIQUE#authors#authors_email#jose%231@x.org' }, owner: { S: '5' } },
    ]);
  });
});

describe('composed keys', () => {
  const signed: ColumnModel = { attribute: 'a', type: 'N', dataType: 'bigint', nullable: false };
  const decimal: ColumnModel = {
    attribute: 'a',
    type: 'N',
    dataType: 'decimal',
    precision: 12,
    scale: 2,
    nullable: false,
  };

  it('order integers as numbers', () => {
    const value = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [a, b].map((each) => encodeKeyPart(signed, each.toString(), false)) as [string, string];
        expect(x < y).toBe(a < b);
      }),
    );
  });

  it('order decimals as numbers', () => {
    const value = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [a, b].map((each) => encodeKeyPart(decimal, (each / 100).toFixed(2), false)) as [string, string];
        expect(x < y).toBe(a < b);
      }),
    );
  });
});

describe('collations', () => {
  const fold = (text: string) => foldText(text, 'utf8mb4_0900_ai_ci');

  it('fold what MySQL holds equal, and nothing else', () => {
    expect(fold('ÀÉ')).toBe(fold('ae'));
    expect(fold('Straße')).toBe(fold('STRASSE'));
    expect(fold('x')).not.toBe(fold('x '));
    expect(foldText('x', 'utf8mb4_general_ci')).toBe(foldText('X  ', 'utf8mb4_general_ci'));
    expect(foldText('x', 'utf8mb4_0900_as_cs')).not.toBe(foldText('X', 'utf8mb4_0900_as_cs'));
    expect(fold('👍')).not.toBe(fold('👎'));
  });

  it('compare equal exactly when folded equal', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, fc.constantFrom('utf8mb4_0900_ai_ci', 'utf8mb4_bin', 'utf8mb4_general_ci'), (a, b, c) => {
        expect(compareText(a, b, c) === 0).toBe(foldText(a, c) === foldText(b, c));
        expect(Math.sign(compareText(a, b, c))).toBe(-Math.sign(compareText(b, a, c)) + 0);
      }),
    );
  });
});
