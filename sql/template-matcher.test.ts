import { expect, test } from '@jest/globals';
import type { SqlPart } from '../core/sql-template.ts';
import { normalise } from './normalise.ts';
import { templateMatcher } from './template-matcher.ts';

const item = (name: string): SqlPart => ({
  kind: 'optional',
  condition: name,
  parts: [
    { kind: 'text', text: `${name} = ` },
    { kind: 'parameter', expression: name },
  ],
});

test('a builder fits what it can send and nothing else', () => {
  const fits = templateMatcher({
    parts: [
      { kind: 'text', text: 'UPDATE `t` SET ' },
      { kind: 'joined', separator: ', ', items: ['a', 'b', 'c', 'd'].map(item) },
      { kind: 'text', text: ' where id = ' },
      { kind: 'parameter', expression: 'id' },
    ],
  });
  const shape = (sql: string): string => normalise(sql).normalisedSql;
  expect(fits(shape("UPDATE t SET a = 'x', d=NULL WHERE id = 5"))).toBe(true);
  expect(fits(shape('UPDATE t SET c = 1 WHERE id = 5'))).toBe(true);
  expect(fits(shape('UPDATE t SET e = 1 WHERE id = 5'))).toBe(false);
  expect(fits(shape('UPDATE t SET a = 1 WHERE id = 5 AND b = 2'))).toBe(false);
});
