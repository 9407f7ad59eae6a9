import { expect, test } from '@jest/globals';
import type { GateStatus, MigrationStatus } from '../workflows/status.ts';
import { statusText } from './status-text.ts';

const gate = (id: string): GateStatus => ({
  stage: '02-dynamodb-data-modeling',
  id,
  question: 'Is it right?',
  evidence: ['because'],
  state: 'open',
});

function waitingFor(gates: readonly GateStatus[]): MigrationStatus {
  return {
    ...{ schemaVersion: 1, migration: 'shop', status: 'waiting', stage: null, step: null, pauseRequested: false },
    ...{ problem: null, gates, stages: [], accepts: ['approve'] },
  };
}

test('a few gates are shown with what they rest on', () => {
  const text = statusText(waitingFor([gate('02/table/a'), gate('02/table/b'), gate('02/contract')]));
  expect(text.match(/waits: Is it right\?\n {2}- because/g)).toHaveLength(3);
});

test('of a gate for each of 2,000 tables, ten are shown and the rest is counted, with how to answer them', () => {
  const tables = Array.from({ length: 2000 }, (_, at) => gate(`02/table/t${at}`));
  const text = statusText(waitingFor([...tables, gate('02/contract')]));
  expect(text.match(/waits: Is it right\?/g)).toHaveLength(11);
  expect(text).toContain("1990 more gates 02/table/… wait; all of them: cutover approve shop '02/table/*'");
  expect(text).toContain('gate 02/contract waits');
});
