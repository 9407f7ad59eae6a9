import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Analysis, TableFacts } from '../../core/analysis.ts';
import { checkContract } from '../check.ts';
import { analysisOf, column, foreignKey, table } from '../testing/analysis.ts';
import { exportKnown } from './export.ts';
import type { KnownAttribute, KnownContract, KnownTable } from './form.ts';
import { importKnown } from './import.ts';

/** Names as databases have them, some of which need quotes. */
const NAMES = ['id', 'order', 'Größe', "o'top", 'a`b', 'constructor', 'two words', 'n', 'value', 'kind', 'x1'] as const;

/** Types, and the types of attributes that the known form may ask of them. */
const TYPES: Readonly<Record<string, readonly KnownAttribute['type'][]>> = {
  bigint: ['N', 'S', 'BOOL'],
  decimal: ['N', 'S'],
  varchar: ['S'],
  datetime: ['S', 'N'],
  date: ['S'],
  json: ['S', 'M', 'L'],
  tinyint: ['N', 'BOOL'],
  varbinary: ['B'],
};

interface Case {
  readonly analysis: Analysis;
  readonly known: KnownContract;
}

const oneTable = (at: number): fc.Arbitrary<{ facts: TableFacts; known: KnownTable }> =>
  fc
    .record({
      columns: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(...NAMES),
          type: fc.constantFrom(...Object.keys(TYPES)),
          nullable: fc.boolean(),
        }),
        { selector: ({ name }) => name, minLength: 2, maxLength: 8 },
      ),
      carried: fc.array(fc.record({ which: fc.nat(7), type: fc.nat(2), renamed: fc.boolean() }), { maxLength: 8 }),
      composite: fc.boolean(),
      parent: fc.boolean(),
      index: fc.boolean(),
      size: fc.integer({ min: 1, max: 400_000 }),
    })
    .map(({ columns, carried, composite, parent, index, size }) => {
      const source = `source ${at}`;
      const refers = parent && at > 0;
      const facts = table(
        source,
        [
          column('key_a', 'bigint'),
          column('key_b', 'int'),
          ...(refers ? [column('up', 'bigint')] : []),
          ...columns.map(({ name, type, nullable }) => column(name, type, { nullable, ...(type === 'varbinary' ? { collation: null } : {}) })), // prettier-ignore
        ],
        composite ? ['key_a', 'key_b'] : ['key_a'],
        refers ? { foreignKeys: [foreignKey(`fk ${at}`, 'up', `source ${at - 1}`, 'key_a')] } : {},
      );
      const direct = new Map(
        carried.flatMap(({ which, type, renamed }) => {
          const of = columns[which % columns.length];
          const types = of && TYPES[of.type];
          if (!of || !types) return [];
          const attribute: KnownAttribute = {
            name: renamed ? `my ${of.name}` : of.name,
            type: types[type % types.length] ?? 'S',
            source_table: source,
            source_column: of.name,
          };
          return [[of.name, attribute] as const];
        }),
      );
      const dated = columns.find(({ type }) => type === 'datetime');
      const attributes: KnownAttribute[] = [
        { name: 'key_a', type: 'N', source_table: source, source_column: 'key_a' },
        { name: 'key_b', type: 'N', source_table: source, source_column: 'key_b' },
        ...direct.values(),
        ...(dated ? [{ name: 'a day', type: 'S' as const, source_table: source, source_column: dated.name, transformation: { type: 'date-format', format: 'YYYY-MM-DD' } }] : []), // prettier-ignore
      ];
      const known: KnownTable = {
        table: `Table-${at}`,
        type: 'single-entity',
        source_table: source,
        pk: 'key_a',
        sk: composite ? 'key_b' : null,
        gsis: index ? [{ index_name: `index-${at}`, pk: 'key_b', sk: 'key_a', projection: 'KEYS_ONLY', projected_attributes: [] }] : [], // prettier-ignore
        attributes,
        satisfies: [],
        estimated_item_size_bytes: size,
      };
      return { facts, known };
    });

const contracts: fc.Arbitrary<Case> = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => oneTable(at))))
  .filter((tables) =>
    // A parent's key must be one column for a foreign key of one column.
    tables.every(({ facts }, at) => facts.foreignKeys.length === 0 || tables[at - 1]?.facts.primaryKey.length === 1),
  )
  .map((tables) => ({
    analysis: analysisOf(
      'random',
      tables.map(({ facts }) => facts),
    ),
    known: { tables: tables.map(({ known }) => known) },
  }));

test('export(import(x)) keeps what x says, and what was imported is valid', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2_147_483_647);
  // Printed so that a failure can be run again: SEED=… jest round-trip.
  process.stdout.write(`round trip of contracts: seed ${seed}\n`);
  fc.assert(
    fc.property(contracts, ({ analysis, known }) => {
      const { contract, problems, repairs } = importKnown(known, analysis);
      expect(problems).toEqual([]);
      if (!contract) throw new Error('no contract');
      expect(checkContract(contract, analysis)).toEqual([]);
      const back = exportKnown(contract).known;
      expect(back.tables).toHaveLength(known.tables.length);
      known.tables.forEach((one, at) => {
        const { attributes: given = [], ...rest } = one;
        const { attributes: written = [], ...others } = back.tables[at] ?? ({} as KnownTable);
        expect(others).toEqual(rest);
        // Attributes may be added for constraints; none is lost or changed.
        for (const attribute of given) expect(written).toContainEqual(attribute);
        const added = written.filter(({ name }) => !given.some((attribute) => attribute.name === name));
        for (const { name } of added)
          expect(repairs).toContainEqual(expect.objectContaining({ at: `/tables/${at}/attributes`, became: JSON.stringify(name) })); // prettier-ignore
      });
      // Nothing that was said needed a repair: all of them add what was not said.
      for (const { was, became } of repairs) expect([was === 'nothing', became === '"dropped"']).toContain(true);
    }),
    { seed, numRuns: 150 },
  );
});

/** Every place of a value, for one of them to be replaced. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))];
}

function replaced(value: unknown, at: readonly string[], by: unknown): unknown {
  const [first, ...rest] = at;
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((inner: unknown, which): unknown => (String(which) === first ? replaced(inner, rest, by) : inner)); // prettier-ignore
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).map(([key, inner]) => [key, key === first ? replaced(inner, rest, by) : inner]); // prettier-ignore
  return Object.fromEntries(entries);
}

test('a valid one with any value in any place is read, or refused with a report, and never thrown at', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2_147_483_647);
  process.stdout.write(`any value in any place: seed ${seed}\n`);
  const derivations = fc.constantFrom(
    { type: 'chain', joins: [null] },
    { type: 'json-construction', target_table: 'source 0', join_condition: 'x', construction: 'y' },
    { type: 'multi-column', join_conditions: 'a = b' },
    { type: 'aggregate', target_table: 3 },
    { type: 'toString' },
  );
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    derivations,
    fc.constantFrom('', '{', '#', '__proto__', 'id#'),
  );
  const cases = contracts.chain(({ analysis, known }) =>
    fc.tuple(fc.constant(analysis), fc.constant(known), fc.constantFrom(...places(known)), anything),
  );
  let refused = 0;
  fc.assert(
    fc.property(cases, ([analysis, known, at, by]) => {
      const { problems, contract } = importKnown(replaced(known, at, by), analysis);
      expect(problems.length > 0 || contract !== undefined).toBe(true);
      expect(problems.every(({ at: place }) => place === '' || place.startsWith('/'))).toBe(true);
      if (problems.length > 0) refused += 1;
      else expect(checkContract(contract, analysis)).toEqual([]);
    }),
    { seed, numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(50);
});
