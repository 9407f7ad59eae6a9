import { expect, test } from '@jest/globals';
import type { LogShape } from '../../../core/analysis.ts';
import { withLogShapes } from './builder-calls.ts';

const shape = (fingerprint: string, kind: LogShape['kind'], table: string): LogShape => ({
  fingerprint,
  normalisedSql: `SELECT * FROM ${table}`,
  kind,
  tables: [table],
  keyColumns: [],
  count: 1,
  meanPerSecond: 1,
  peakPerSecond: 1,
  peakPerMinute: 1,
  firstSeen: '2026-01-01T00:00:00Z',
  lastSeen: '2026-01-01T00:00:00Z',
});

test('a model finds the shapes of its table, of its kind alone', () => {
  const call = {
    id: 'QB-001',
    library: 'prisma',
    file: 'a.ts',
    line: 1,
    within: 'a',
    operations: ['findMany'],
  } as const;
  const log = [shape('r', 'read', 'order_boxes'), shape('w', 'write', 'order_boxes'), shape('o', 'read', 'users')];
  const shapesOf = (target: string | undefined, kind: 'read' | 'write' | 'unknown') =>
    withLogShapes([{ ...call, kind, ...(target === undefined ? {} : { target }) }], log)[0]?.logShapes;
  expect(shapesOf('OrderBox', 'read')).toEqual(['r']);
  expect(shapesOf('orderBoxes', 'unknown')).toEqual(['r', 'w']);
  expect(shapesOf('User', 'write')).toBeUndefined();
  expect(shapesOf(undefined, 'read')).toBeUndefined();
});
