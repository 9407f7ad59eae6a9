import { expect, test } from '@jest/globals';
import type { LogShape } from '../../../core/analysis.ts';
import { canonicalFacts } from './log-facts.ts';

function shape(normalisedSql: string, count: number, more: Partial<LogShape>): LogShape {
  return {
    fingerprint: '',
    normalisedSql,
    kind: 'read',
    tables: ['t'],
    keyColumns: [],
    count,
    meanPerSecond: count / 10,
    peakPerSecond: count,
    peakPerMinute: count,
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:10Z',
    ...more,
  };
}

test('shapes that are one statement are added up: means exactly, peaks and percentiles as upper bounds', () => {
  const { shapes } = canonicalFacts({
    source: 'log',
    statements: 4,
    unparsed: 0,
    firstSeen: '',
    lastSeen: '',
    shapes: [
      shape('select a from `t` where b=?', 3, {
        keyColumns: ['t.b'],
        latencyMs: { mean: 1, p50: 1, p95: 2, p99: 9, max: 9 },
        rowsExamined: { mean: 10, max: 20 },
        firstSeen: '',
      }),
      shape('SELECT a FROM t WHERE b = ?', 1, {
        keyColumns: ['t.b'],
        latencyMs: { mean: 5, p50: 5, p95: 5, p99: 5, max: 5 },
        rowsExamined: { mean: 30, max: 30 },
        rowsSent: { mean: 1, max: 1 },
      }),
    ],
  });
  expect(shapes).toHaveLength(1);
  expect(shapes[0]).toMatchObject({
    normalisedSql: 'SELECT a FROM t WHERE b = ?',
    keyColumns: ['t.b'],
    count: 4,
    meanPerSecond: 0.4,
    peakPerSecond: 4,
    latencyMs: { mean: 2, p50: 5, p95: 5, p99: 9, max: 9 },
    rowsExamined: { mean: 15, max: 30 },
    rowsSent: { mean: 1, max: 1 },
    firstSeen: '2026-01-01T00:00:00Z',
  });
});
