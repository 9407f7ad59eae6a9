import { expect, test } from '@jest/globals';
import type { LogFacts, LogShape, TableFacts, ViewFacts } from '../../../core/analysis.ts';
import type { ApplicationAnalysis, CallSite } from '../../../core/data-access.ts';
import { mergeAccessPatterns } from './access-patterns.ts';
import { findUnused } from './unused.ts';

const table = (name: string, ...columns: string[]): TableFacts =>
  ({ name, columns: columns.map((column) => ({ name: column })) }) as unknown as TableFacts;
const tables = [table('things', 'id', 'name', 'old'), table('notes', 'id', 'text'), table('trail', 'id', 'what')];

const site = (id: string, sql: string, statement: CallSite['statement']): CallSite =>
  ({ id, template: { parts: [{ kind: 'text', text: sql }] }, inputs: [], statement }) as unknown as CallSite;
const application = (...callSites: CallSite[]): ApplicationAnalysis =>
  ({ callSites, routes: [], transactions: [], unresolved: [] }) as unknown as ApplicationAnalysis;

const log = (...shapes: [string, LogShape['kind']][]): LogFacts =>
  ({
    shapes: shapes.map(([normalisedSql, kind]) => ({
      normalisedSql,
      kind,
      count: 1,
      meanPerSecond: 1,
      peakPerSecond: 1,
      tables: [],
    })),
  }) as unknown as LogFacts;

const code = application(
  site('CS-001', 'SELECT id, name FROM things', 'select'),
  site('CS-002', "INSERT INTO trail (id, what) VALUES (1, 'x')", 'insert'),
);

function unused(facts: LogFacts | undefined, views: readonly ViewFacts[] = [], app = code) {
  return findUnused(mergeAccessPatterns(app, tables, facts), tables, views, facts);
}

test('without a log, the code alone says what is not read and not used', () => {
  expect(unused(undefined)).toEqual({
    lookedAt: { callSites: 2, unresolved: 0, unparsed: 0 },
    tables: [
      { table: 'notes', written: false },
      { table: 'trail', written: true },
    ],
    columns: [
      { table: 'things', column: 'old' },
      { table: 'notes', column: 'id' },
      { table: 'notes', column: 'text' },
    ],
  });
});

test('a statement that only the log has reads its tables and uses its columns', () => {
  const found = unused(log(['SELECT text FROM notes WHERE id = ?', 'read'], ['UPDATE things SET old = ?', 'write']));
  expect(found?.lookedAt.logShapes).toBe(2);
  expect(found?.tables).toEqual([{ table: 'trail', written: true }]);
  expect(found?.columns).toEqual([]);
});

test('an INSERT … SELECT reads what it selects from, not what it writes', () => {
  const found = unused(log(['INSERT INTO trail (id, what) SELECT id, text FROM notes', 'write']));
  expect(found?.tables).toEqual([{ table: 'trail', written: true }]);
});

test('a view that is read reads its tables, through other views too', () => {
  const views = [
    { name: 'Outer_view', definition: 'select `inner_view`.`what` AS `what` from `inner_view`' },
    { name: 'inner_view', definition: 'select `trail`.`what` AS `what` from `trail`' },
  ];
  expect(unused(log(['SELECT what FROM outer_view', 'read']), views)?.tables).toEqual([
    { table: 'notes', written: false },
  ]);
});

test('a statement beyond the grammar keeps the columns of its tables from being called unused', () => {
  const found = unused(log(['SELECT text FROM notes WHERE (( ...', 'read']));
  expect(found?.lookedAt.unparsed).toBe(1);
  expect(found?.columns).toEqual([{ table: 'things', column: 'old' }]);
});

test('nothing is said where there is no statement at all', () => {
  expect(unused(undefined, [], application())).toBeUndefined();
});
