import { expect, test } from '@jest/globals';
import { isAllowed, rankedStatement } from './ranking.ts';

test('a statement is ranked by what it orders by, aliases and places resolved, without limit and lock', () => {
  expect(
    rankedStatement(
      "SELECT p.id, COUNT(*) AS n FROM t p WHERE x = 'a, b' GROUP BY p.id ORDER BY n DESC, 1 LIMIT 3 OFFSET 2",
    ),
  ).toEqual({
    sql: "SELECT p.id, COUNT(*) AS n, DENSE_RANK() OVER (ORDER BY COUNT(*) DESC, p.id) AS cutover_rank FROM t p WHERE x = 'a, b' GROUP BY p.id ORDER BY cutover_rank",
    offset: 2,
  });
  expect(rankedStatement('SELECT * FROM t WHERE id = (SELECT MAX(id) FROM u ORDER BY id LIMIT 1) FOR UPDATE')).toEqual({
    sql: 'SELECT *, 1 AS cutover_rank FROM t WHERE id = (SELECT MAX(id) FROM u ORDER BY id LIMIT 1) ORDER BY cutover_rank',
    offset: 0,
  });
  expect(rankedStatement('SELECT a FROM t UNION SELECT b FROM u')).toBeUndefined();
});

test('ties may come in any order, and a limit may cut through them, but nothing else may move', () => {
  const all = [
    { row: 'a', rank: 1 },
    { row: 'b', rank: 2 },
    { row: 'c', rank: 2 },
    { row: 'd', rank: 3 },
  ];
  expect(isAllowed(['a', 'c', 'b', 'd'], all, 0)).toBe(true);
  expect(isAllowed(['a', 'c'], all, 0)).toBe(true);
  expect(isAllowed(['b', 'd'], all, 2)).toBe(true);
  expect(isAllowed(['b', 'a'], all, 0)).toBe(false);
  expect(isAllowed(['a', 'b', 'b'], all, 0)).toBe(false);
  expect(isAllowed(['a', 'd'], all, 0)).toBe(false);
  expect(isAllowed(['a', 'b', 'c', 'd', 'd'], all, 0)).toBe(false);
});
