import { describe, expect, test } from '@jest/globals';
import { planViews } from '../activities/07-data-migration-execution/views.ts';
import { identifier } from '../activities/mysql.ts';
import { checkContract, parseContract } from './check.ts';
import { sampleContract } from './sample.ts';
import { storeModel } from './store-model.ts';
import { readExpression } from './sql-expression.ts';
import { staffingContract } from './testing/staffing.ts';
import type { MigrationContract } from './types.ts';

/** The sample with one text in place of another, wherever it stands. */
function renamed(from: string, to: string, contract: MigrationContract = sampleContract()): MigrationContract {
  const change = (value: unknown): unknown => {
    if (typeof value === 'string') return value === from ? to : value.replaceAll(`{${from}`, `{${to}`);
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key === from ? to : key, change(inner)]));
  };
  return change(contract) as MigrationContract;
}

const places = (contract: unknown): string[] => checkContract(contract).map(({ at }) => at);

describe('names that are words of SQL, or hold its quotes', () => {
  test.each(['order', 'select', "O'Top", 'a`b', 'a"b', 'naïve 名', '; DROP TABLE x', '${1}', '*/', '<script>'])(
    'a column %s is valid, quoted in views, and itself in the model',
    (name) => {
      const contract = renamed('title', name);
      expect(checkContract(contract)).toEqual([]);
      const entities = contract.tables.flatMap((table) => table.entities);
      const [, view] = planViews('library', 'shop', entities);
      const quoted = identifier(name);
      expect(view?.create).toContain(`  ${quoted} AS ${quoted}`);
      expect(view?.create.replaceAll(quoted, '')).not.toContain(name);
      expect(Object.keys(storeModel(contract, '').entities['books']?.columns ?? {})).toContain(name);
    },
  );

  test.each(['order', 'a`b', "O'Top"])('a source table %s is valid and quoted', (name) => {
    const contract = renamed('loans', name);
    // The DynamoDB table of that name keeps its own.
    const tables = contract.tables.map((table) => (table.table === name ? { ...table, table: 'loans' } : table));
    const changed = {
      ...contract,
      tables,
      access_patterns: sampleContract().access_patterns,
    };
    expect(checkContract(changed)).toEqual([]);
    const [, , view] = planViews(
      'library',
      'shop',
      tables.flatMap((table) => table.entities),
    );
    expect(view?.create).toContain(`FROM \`library\`.${identifier(name)}`);
  });

  test('a selected column may be called like a word of SQL', () => {
    expect(staffingContract().tables[1]?.entities[1]?.attributes.some(({ name }) => name === 'order')).toBe(true);
    expect(checkContract(staffingContract())).toEqual([]);
  });
});

describe('values with quotes', () => {
  test("O'Top is a value where SQL quotes it, and no SQL where it does not", () => {
    expect(readExpression("city = 'O''Top'")).toMatchObject({ columns: [{ column: 'city' }] });
    expect(readExpression("city = 'O\\'Top'")).toMatchObject({ columns: [{ column: 'city' }] });
    expect(readExpression("city = 'O'Top'")).toMatch(/no SQL/);
  });

  test('as constant, separator, null value and reason they are data and need no quotes', () => {
    const text = JSON.stringify(staffingContract())
      .replace('"null_value":null', '"null_value":"O\'Top\\\\"')
      .replace('"separator":" "', '"separator":"\' OR 1=1 -- "');
    expect(checkContract(JSON.parse(text))).toEqual([]);
  });
});

describe('templates with braces', () => {
  test.each(['{{id}}', '{id}}', '{id', '}id{', '{i{d}', '{}', '{:fold}', '{:month}', '{id}{id}'])(
    '%s is refused',
    (template) => {
      const contract = JSON.parse(JSON.stringify(sampleContract()).replace('"pk_template":"{id}"', `"pk_template":${JSON.stringify(template)}`)) as unknown; // prettier-ignore
      expect(places(contract)).toContain('/tables/0/entities/0/pk_template');
    },
  );

  test.each(['a{b', 'a}b', '{id}'])('a column %s can be carried, and in no key', (name) => {
    expect(checkContract(renamed('title', name))).toEqual([]);
    const template = `X#{${name}:fold}`;
    const contract = sampleContract();
    const text = JSON.stringify(renamed('title', name, contract)).replace(
      '"{published_at}#{id}"',
      JSON.stringify(template),
    );
    expect(places(JSON.parse(text))).toContain('/tables/1/entities/0/index_templates/books_by_author/sk');
  });
});

describe('__proto__ and its like', () => {
  test.each([
    ['/tables/1/entities/0/attributes/2/name', 'title'],
    ['/tables/1/entities/0/attributes/2/source_column', 'title'],
    ['/tables/2/entities/0/source_table', 'loans'],
    ['/tables/0/gsis/0/index_name', 'authors_by_email'],
  ])('as a name is refused at %s', (at, name) => {
    const text = JSON.stringify(sampleContract()).replaceAll(`"${name}"`, '"__proto__"');
    expect(places(JSON.parse(text))).toContain(at);
  });

  test('as a field is an unknown field, and pollutes nothing', () => {
    const text = JSON.stringify(sampleContract()).replace('{', '{"__proto__":{"polluted":true},');
    expect(checkContract(JSON.parse(text))).toEqual([{ at: '', problem: 'has the unknown field "__proto__"' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each(['constructor', 'toString', 'hasOwnProperty'])('an index %s that no entity fills is told', (name) => {
    const contract = renamed('authors_by_email', name);
    expect(checkContract(contract)).toEqual([]);
    const emptied = contract.tables.map((table, at) =>
      at === 0 ? { ...table, entities: table.entities.map((entity) => ({ ...entity, index_templates: {} })) } : table,
    );
    expect(places({ ...contract, tables: emptied })).toContain('/tables/0/entities/0/index_templates');
  });

  test.each(['constructor', 'toString'])('a column %s is a column', (name) => {
    const contract = renamed('title', name);
    expect(checkContract(contract)).toEqual([]);
    expect(Object.keys(storeModel(contract, '').entities['books']?.columns ?? {})).toContain(name);
  });
});

describe('very long and very odd texts', () => {
  test('names longer than their store takes are refused', () => {
    expect(places(renamed('title', 'x'.repeat(65)))).toContain('/tables/1/entities/0/attributes/2/source_column');
    expect(places(renamed('title', 'x'.repeat(256)))).toContain('/tables/1/entities/0/attributes/2/name');
    const contract = JSON.stringify(sampleContract()).replaceAll('"books"', `"${'b'.repeat(256)}"`);
    expect(places(JSON.parse(contract))).toContain('/tables/1/table');
  });

  test('a condition of a megabyte is refused at once', () => {
    const text = Array.from({ length: 100_000 }, () => 'id = 1').join(' OR ');
    const contract = JSON.parse(JSON.stringify(staffingContract())) as {
      tables: { entities: { row_filter?: string }[] }[];
    };
    const entity = contract.tables[0]?.entities[0];
    if (entity) entity.row_filter = text;
    const begun = performance.now();
    expect(places(contract)).toEqual(['/tables/0/entities/0/row_filter']);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('the message of a contract with ten thousand problems stays short', () => {
    const contract = { ...sampleContract(), dropped_columns: Array.from({ length: 10_000 }, () => ({})) };
    const message = (() => {
      try {
        parseContract(JSON.stringify(contract));
        return '';
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    })();
    expect(message).toMatch(/and \d+ more/);
    expect(message.length).toBeLessThan(5000);
  });

  test.each(['a\u0000b', 'a\nb', '\u001b[31m'])('a name with a control character is refused', (name) => {
    expect(places(renamed('title', name))).toContain('/tables/1/entities/0/attributes/2/name');
  });

  test.each(['', 'null', '3', '"x"', '[]', '[[[]]]', '{"tables":{}}', '{"tables":[null]}', '{'])(
    'what is no contract at all is refused: %s',
    (text) => {
      expect(() => parseContract(text)).toThrow(/contract\.invalid/);
    },
  );
});
