import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Analysis } from '../../../core/analysis.ts';
import { testDatabase, testEndpoints } from '../../../test/support/shared-stack.ts';
import { openSource, type SourceReader } from '../source.ts';
import { analysisOf, recounted } from '../testing/analysis-of.ts';
import { everyKindOfObject } from '../testing/objects.ts';
import { readCatalogue } from './catalogue.ts';
import { CATALOGUE_VIEWS } from './catalogue-views.ts';

describe('a database with every kind of object', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let reader: SourceReader;
  let analysis: Analysis;

  beforeAll(async () => {
    database = await testDatabase('objects', everyKindOfObject('mysql-9'));
    const { host, port, user } = testEndpoints().mysql;
    reader = await openSource({ host, port, user, database: database.name }, async (value) => value);
    analysis = await analysisOf(reader);
  }, 120_000);
  afterAll(async () => {
    await reader.close();
    await database.drop();
  });

  const table = (name: string) => analysis.tables.find((one) => one.name === name);
  const column = (name: string) => table('parents')?.columns.find((one) => one.name === name);
  const index = (name: string) => table('parents')?.indexes.find((one) => one.name === name);

  test('every object is in the artifacts, counted again by SHOW', async () => {
    const facts = await recounted(reader, analysis);
    expect(facts.filter((fact) => !fact.holds)).toEqual([]);
    expect(facts.length).toBeGreaterThan(60);
  });

  test('is read in one statement a view, however many tables there are', async () => {
    let statements = 0;
    await readCatalogue({
      ...reader,
      query: (sql, values) => {
        statements += 1;
        return reader.query(sql, values);
      },
    });
    expect(statements).toBe(Object.keys(CATALOGUE_VIEWS).length + 1);
  });

  test('columns: types, charsets, defaults, generation, visibility', () => {
    expect(column('code')).toMatchObject({
      characterSet: 'latin1',
      collation: 'latin1_bin',
      default: "it's",
      maxLength: 8,
    });
    expect(column('big')).toMatchObject({
      columnType: 'bigint(20) unsigned zerofill',
      default: '18446744073709551615',
    });
    expect(column('price')).toMatchObject({ columnType: 'decimal(65,30)', precision: 65, scale: 30 });
    expect(column('kind')?.labels).toEqual(['a', "b'c", 'd,e', '']);
    expect(column('stamp')).toMatchObject({ default: 'CURRENT_TIMESTAMP(6)', onUpdateCurrentTimestamp: true });
    expect(column('thrice')?.generated).toMatchObject({ stored: true });
    expect(column('twice')?.generated).toMatchObject({ stored: false });
    expect(column('secret')?.invisible).toBe(true);
    expect(column('made')).toMatchObject({ defaultIsExpression: true });
    expect(column('place')).toMatchObject({ dataType: 'point', spatialReference: 4326 });
    expect(column('größe')?.columnType).toBe('varchar(20)');
  });

  test('indexes: prefixes, order, expressions, kinds, visibility', () => {
    expect(index('prefixed')?.parts.map((part) => part.prefix)).toEqual([5, 10]);
    expect(index('prefixed')?.comment).toBe('why');
    expect(index('backwards')?.parts.map((part) => part.descending)).toEqual([true, false]);
    expect(index('computed')?.parts[0]).toMatchObject({ column: null, expression: expect.stringContaining('upper') });
    expect(index('unseen')?.invisible).toBe(true);
    expect(index('words')?.type).toBe('FULLTEXT');
    expect(index('where_is')?.type).toBe('SPATIAL');
    expect(index('code_key')).toMatchObject({ unique: true });
  });

  test('foreign keys with their rules, CHECKs with whether they are enforced', () => {
    expect(table('children')?.foreignKeys.map((key) => [key.name, key.columns, key.onDelete, key.onUpdate])).toEqual([
      ['of_code', ['code', 'kind'], 'SET NULL', 'CASCADE'],
      ['of_parent', ['parent'], 'CASCADE', 'RESTRICT'],
      ['of_self', ['self_parent', 'self_number'], 'NO ACTION', 'NO ACTION'],
    ]);
    expect(table('parents')?.checks.map((check) => [check.name, check.enforced ?? true])).toEqual([
      ['lax', false],
      ['priced', true],
    ]);
  });

  test('partitions with their expressions, bounds and subpartitions', () => {
    expect(table('ranged')?.partitioning).toMatchObject({
      method: 'RANGE',
      expression: expect.stringContaining('year'),
      subMethod: 'HASH',
      parts: [
        { name: 'before_2020', subparts: ['before_2020sp0', 'before_2020sp1'], description: '2020' },
        { name: 'rest', description: 'MAXVALUE' },
      ],
    });
    expect(table('hashed')?.partitions).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  test('views, triggers, routines and events with their texts', () => {
    expect(analysis.views.find((one) => one.name === 'cheap')).toMatchObject({
      columns: [{ name: 'id', columnType: 'int unsigned', nullable: false }, { name: 'code' }],
      checkOption: 'CASCADED',
      updatable: true,
      security: 'INVOKER',
    });
    expect(analysis.triggers.map((one) => [one.name, one.order])).toEqual([
      ['first_trigger', 1],
      ['second_trigger', 2],
    ]);
    expect(analysis.routines).toMatchObject([
      { name: 'same', type: 'FUNCTION', returns: expect.stringContaining('varchar(20)'), deterministic: true },
      {
        name: 'same',
        type: 'PROCEDURE',
        parameters: [
          { mode: 'IN', name: 'a', type: 'int' },
          { mode: 'OUT', name: 'b', type: 'varchar(10)' },
          { mode: 'INOUT', name: 'c', type: 'decimal(5,2)' },
        ],
        dataAccess: 'READS SQL DATA',
        definition: 'SELECT 1',
      },
    ]);
    expect(analysis.events.map((one) => [one.name, one.schedule])).toEqual([
      ['once', 'AT 2035-01-01 00:00:00'],
      ['tidy', 'EVERY 2 HOUR STARTS 2030-01-01 00:00:00 ENDS 2031-01-01 00:00:00'],
    ]);
  });
});
