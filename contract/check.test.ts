import { describe, expect, test } from '@jest/globals';
import { checkContract, parseContract } from './check.ts';
import { sampleContract } from './sample.ts';
import { corruptions, type Corruption, type Json } from './testing/corruptions.ts';
import { staffingCorruptions } from './testing/corruptions-staffing.ts';
import { staffingContract } from './testing/staffing.ts';

const sample = () => JSON.parse(JSON.stringify(sampleContract())) as Json;

test('the sample is valid', () => {
  expect(checkContract(sampleContract())).toEqual([]);
  expect(parseContract(JSON.stringify(sampleContract()))).toEqual(sampleContract());
});

test('the contract that says everything is valid', () => {
  expect(checkContract(staffingContract())).toEqual([]);
});

test('an index that a pattern needs and that is not there is named, with the pattern', () => {
  const contract = sampleContract();
  const tables = contract.tables.map((table) => ({
    ...table,
    gsis: [],
    entities: table.entities.map((entity) => ({ ...entity, index_templates: {} })),
  }));
  expect(checkContract({ ...contract, tables })).toContainEqual({
    at: '/access_patterns/1/served_by/0/index',
    problem:
      'is books_by_author, which is no index of books: AP-002 needs one of that name, or another way to its rows',
  });
});

const LISTS: readonly (readonly [string, readonly Corruption[], () => Json])[] = [
  ['the sample', corruptions, sample],
  [
    'the contract that says everything',
    staffingCorruptions,
    () => JSON.parse(JSON.stringify(staffingContract())) as Json,
  ],
];

describe.each(LISTS)('corruptions by hand of %s', (_name, list, valid) => {
  test.each(list)('$name', ({ corrupt, at }) => {
    const contract = valid();
    corrupt(contract);
    const problems = checkContract(JSON.parse(JSON.stringify(contract)));
    expect(problems.map((problem) => problem.at)).toContain(at);
    expect(problems.every(({ problem }) => problem.length > 5)).toBe(true);
  });

  test('are all different, and a valid contract each but for one value', () => {
    const spoiled = list.map(({ corrupt }) => {
      const contract = valid();
      corrupt(contract);
      return JSON.stringify(contract);
    });
    expect(new Set([...spoiled, JSON.stringify(valid())]).size).toBe(list.length + 1);
    expect(list.length).toBeGreaterThan(100);
  });
});

/** Every object and list of a value with its pointer. */
function* nodes(value: unknown, at = ''): Generator<{ node: Json; at: string }> {
  if (typeof value !== 'object' || value === null) return;
  yield { node: value as Json, at };
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${at}/${key}`);
}

/** Lists by name, where a key is data and not a field. */
const isMap = (at: string) => at.endsWith('/index_templates');

describe('corruptions by rule', () => {
  const all = [...nodes(sample())].filter(({ node }) => !Array.isArray(node));

  test('a field too many is refused in every object', () => {
    for (const { at } of all.filter((entry) => !isMap(entry.at))) {
      const contract = sample();
      find(contract, at)['surplus'] = 1;
      expect(checkContract(contract).map((problem) => problem.at)).toContain(at);
    }
  });

  test('a field too few is refused in every object', () => {
    const optional = new Set(['labels', 'budget_items']);
    let count = 0;
    for (const { node, at } of all.filter((entry) => !isMap(entry.at))) {
      for (const field of Object.keys(node).filter((name) => !optional.has(name))) {
        const contract = sample();
        delete find(contract, at)[field];
        const problems = checkContract(contract);
        expect([at, field, problems.length > 0]).toEqual([at, field, true]);
        expect(problems.some((problem) => problem.at === at)).toBe(true);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(100);
  });

  test('a value of another type is refused in every field', () => {
    for (const { node, at } of all) {
      for (const field of Object.keys(node)) {
        const contract = sample();
        find(contract, at)[field] = { no: 'such thing' };
        expect(checkContract(contract).some((problem) => problem.at.startsWith(`${at}/${field}`))).toBe(true);
      }
    }
  });
});

test('text that is no JSON, and problems in one message', () => {
  expect(() => parseContract('{')).toThrow(/contract.invalid/);
  expect(() => parseContract('[]')).toThrow(/contract.invalid/);
  expect(() => parseContract(JSON.stringify({ ...sampleContract(), tables: [] }))).toThrow(/\/tables/);
});

function find(contract: Json, at: string): Json {
  const steps = at.split('/').slice(1);
  return steps.reduce<Json>((node, step) => node[step] as Json, contract);
}
