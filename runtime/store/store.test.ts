import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTables, dropTables } from '../../activities/rehearsal/tables.ts';
import { sampleContract } from '../../contract/sample.ts';
import { storeModel } from '../../contract/store-model.ts';
import { testEndpoints, uniqueName } from '../../test/support/shared-stack.ts';
import { Store } from './store.ts';
import { textOf } from './value.ts';

const contract = sampleContract();
const prefix = `${uniqueName('store').replaceAll('_', '-')}-`;
let client: DynamoDBClient;
let store: Store;

const author = (email: string) => store.write(undefined, (writer) => writer.insert('authors', [{ email }]));
const book = (author_id: bigint, title = 'x') => ({ author_id, title, price: '1.50', published_at: '2024-01-01' });
const code = (work: Promise<unknown>) => work.then(() => 'none', (error: unknown) => (error as { code?: string }).code); // prettier-ignore

beforeAll(async () => {
  const { endpoint, region } = testEndpoints().aws;
  client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await createTables(client, contract, prefix);
  store = new Store(client, storeModel(contract, prefix), {
    decimals: 'string',
    dates: 'string',
    bigNumbers: 'string',
    timeZone: 'Z',
  });
});

afterAll(async () => {
  await dropTables(
    client,
    contract.tables.map(({ table }) => prefix + table),
  );
  client.destroy();
});

describe('writes', () => {
  it('give out ids, and refuse a unique key that is taken, however it is written', async () => {
    const first = await author('Ann@x.org');
    expect(first).toEqual({ insertId: 1, affectedRows: 1, changedRows: 0 });
    await expect(author('ANN@X.ORG')).rejects.toMatchObject({
      code: 'ER_DUP_ENTRY',
      errno: 1062,
      message: "Duplicate entry 'ANN@X.ORG' for key 'authors.authors_email'",
    });
    expect((await author('bob@x.org')).insertId).toBe(3);
  });

  it('keep foreign keys, and take along what hangs on a row', async () => {
    expect(await code(store.write(undefined, (writer) => writer.insert('books', [book(99n)])))).toBe(
      'ER_NO_REFERENCED_ROW_2',
    );
    const { insertId } = await store.write(undefined, (writer) => writer.insert('books', [book(1n)]));
    const id = BigInt(insertId);
    await store.write(undefined, (writer) => writer.insert('loans', [{ book_id: id, loan_no: 1n, state: 'OUT' }]));
    const removal = store.write(undefined, async (writer) => {
      return writer.delete(await writer.find('authors', { equal: { id: 1n } }));
    });
    expect(await code(removal)).toBe('ER_ROW_IS_REFERENCED_2');
    await store.write(undefined, async (writer) => writer.delete(await writer.find('books', { equal: { id } })));
    expect(await store.reader().find('loans', { equal: { book_id: id } })).toEqual([]);
  });

  it('refuse what the columns can not hold', async () => {
    const insert = (row: object) => code(store.write(undefined, (writer) => writer.insert('books', [{ ...book(1n), ...row }]))); // prettier-ignore
    expect(await insert({ title: null })).toBe('ER_BAD_NULL_ERROR');
    expect(await insert({ title: 'x'.repeat(191) })).toBe('ER_DATA_TOO_LONG');
    expect(await insert({ price: '123456789.00' })).toBe('ER_WARN_DATA_OUT_OF_RANGE');
    expect(await insert({ published_at: '2024-02-30' })).toBe('ER_TRUNCATED_WRONG_VALUE');
  });
});

describe('a unit of work', () => {
  const named = async (unit: unknown, email: string) =>
    (await store.reader(unit).find('authors', { index: 'authors_by_email', equal: { email } })).length;

  it('sees its own writes, and nobody else does before commit', async () => {
    const unit = store.begin();
    await unit.begin();
    await store.write(unit, (writer) => writer.insert('authors', [{ email: 'cy@x.org' }]));
    expect([await named(unit, 'CY@x.org'), await named(undefined, 'cy@x.org')]).toEqual([1, 0]);
    await unit.rollback();
    expect(await named(undefined, 'cy@x.org')).toBe(0);
  });

  it('makes fifty parallel changes of one row one after the other', async () => {
    const { insertId } = await store.write(undefined, (writer) => writer.insert('books', [book(1n, 'n')]));
    const equal = { id: BigInt(insertId) };
    const step = async (): Promise<void> => {
      const unit = store.begin();
      await unit.begin();
      await store.write(unit, async (writer) => {
        const rows = await writer.find('books', { equal });
        return writer.update(rows, (row) => ({ title: `${textOf(row['title']) ?? ''}+` }));
      });
      await unit.commit();
    };
    await Promise.all(Array.from({ length: 50 }, step));
    const [row] = await store.reader().find('books', { equal });
    expect(textOf(row?.['title'])).toBe(`n${'+'.repeat(50)}`);
  });
});
