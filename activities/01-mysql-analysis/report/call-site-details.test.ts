import { expect, test } from '@jest/globals';
import type { CallSite } from '../../../core/data-access.ts';
import type { SqlPart } from '../../../core/sql-template.ts';
import { inputsOf, variantsOf } from './call-site-details.ts';

const text = (sql: string): SqlPart => ({ kind: 'text', text: sql });
const site = (parts: SqlPart[], inputs: CallSite['inputs'] = []): CallSite =>
  ({ id: 'CS-001', template: { parts }, inputs }) as unknown as CallSite;

test('an input stands with what gives it and with its column, which may be unknown', () => {
  const inputs = [
    { name: 'name', source: 'body.name', type: 'string | null', column: 'full_name' },
    { name: 'limit', source: 'size', type: 'number' },
  ];
  expect(inputsOf([site([], inputs)])).toBe(
    '| call site | input | given by | type | column |\n| --- | --- | --- | --- | --- |\n' +
      '| CS-001 | `name` | `body.name` | `string \\| null` | `full_name` |\n| CS-001 | `limit` | `size` | `number` | – |\n',
  );
});

test('a stretch that is not always sent stands with all that must hold for it', () => {
  const inner: SqlPart = { kind: 'optional', condition: 'b', parts: [text(' OR y = 1')] };
  const parts: SqlPart[] = [
    text('SELECT 1 FROM t'),
    { kind: 'optional', condition: 'a', parts: [text(' WHERE x = '), { kind: 'parameter', expression: 'x' }, inner] },
    {
      kind: 'choice',
      alternatives: [
        { condition: 's', parts: [text(' ORDER BY x')] },
        { condition: 'true', parts: [] },
      ],
    },
  ];
  expect(
    variantsOf([site(parts)])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| CS-001 | `a` | `WHERE x = ?…` |',
    '| CS-001 | `a` and `b` | `OR y = 1` |',
    '| CS-001 | `s` | `ORDER BY x` |',
    '| CS-001 | otherwise | – |',
    '',
  ]);
});

test('a statement without conditions has no variants', () => {
  expect(variantsOf([site([text('SELECT 1')])])).toBe('None.\n');
});
