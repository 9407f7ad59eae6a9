import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REQUEST_NAMES, auditQuery, planQuery, signals, statusQuery, updates } from '../../workflows/messages.ts';
import { refusal, type Standing } from '../../workflows/refusals.ts';
import { MigrationState } from '../../workflows/state.ts';
import * as workflows from '../../workflows/index.ts';
import { STAGE_TABLE, inDependencyOrder } from '../../workflows/stage-table.ts';
import { STAGE_IDS } from '../../core/stages.ts';

const document = readFileSync(new URL('../../docs/messages.md', import.meta.url), 'utf8');

const standing: Standing = {
  status: 'parked',
  compensating: false,
  pauseRequested: false,
  busy: false,
  openGates: ['g'],
  undoable: ['01-mysql-analysis'],
  name: 'shop',
  artifactStore: 'a',
};

describe('the names that others rely on', () => {
  it('are these, and are never changed', () => {
    expect(Object.keys(workflows)).toEqual(['migration']);
    expect(REQUEST_NAMES).toEqual(['retry', 'approve', 'reject', 'rollback', 'abort', 'pause', 'resume']);
    for (const name of REQUEST_NAMES) expect([updates[name].name, signals[name].name]).toEqual([name, name]);
    expect([statusQuery.name, auditQuery.name, planQuery.name]).toEqual(['status', 'audit', 'plan']);
  });

  it('are documented', () => {
    for (const name of [...REQUEST_NAMES, 'status', 'audit', 'plan']) expect(document).toContain(`| \`${name}\` |`);
  });

  it('have these shapes, frozen', () => {
    const minimal = {
      retry: [{ by: 'a' }, 'parked'],
      approve: [{ by: 'a', gate: 'g' }, 'waiting'],
      reject: [{ by: 'a', gate: 'g', why: 'w' }, 'waiting'],
      rollback: [{ by: 'a', to: '01-mysql-analysis', why: 'w' }, 'parked'],
      abort: [{ by: 'a', why: 'w' }, 'parked'],
      pause: [{ by: 'a' }, 'running'],
      resume: [{ by: 'a' }, 'paused'],
    } as const;
    for (const name of REQUEST_NAMES) {
      const [request, status] = minimal[name];
      const now = { ...standing, status, pauseRequested: name === 'resume' };
      expect([name, refusal(name, request, now)]).toEqual([name, undefined]);
      for (const field of Object.keys(request)) {
        const without = Object.fromEntries(Object.entries(request).filter(([key]) => key !== field));
        expect([name, field, refusal(name, without, now)]).toEqual([
          name,
          field,
          expect.stringContaining(`"${field}"`),
        ]);
      }
      expect(refusal(name, null, now)).toBeDefined();
      expect(refusal(name, 'text', now)).toBeDefined();
    }
  });

  it('of the status and of its parts', () => {
    const state = new MigrationState(() => '2026-01-01T00:00:00.000Z');
    state.begin('01-mysql-analysis');
    expect(Object.keys(state.of('01-mysql-analysis')).sort()).toEqual(
      ['artifacts', 'checks', 'id', 'remarks', 'runs', 'startedAt', 'status', 'title', 'toUndo'].sort(),
    );
    for (const field of ['schemaVersion', 'problem', 'gates', 'accepts']) expect(document).toContain(field);
  });
});

describe('the stage table', () => {
  it('has the seven stages, each after what it depends on, whatever the order of the rows', () => {
    expect(inDependencyOrder(STAGE_TABLE).map(({ id }) => id)).toEqual(STAGE_IDS);
    expect(inDependencyOrder([...STAGE_TABLE].reverse()).map(({ id }) => id)).toEqual(STAGE_IDS);
  });

  it('refuses a circle', () => {
    const circular = STAGE_TABLE.map((row) => ({ ...row, dependsOn: [STAGE_IDS[6]] }));
    expect(() => inDependencyOrder(circular)).toThrow(/circle/);
  });

  it('waits for the end of whatever writes', () => {
    for (const row of STAGE_TABLE)
      expect(row.writes).toEqual(expect.arrayContaining(['execute', 'record', 'compensate']));
  });
});
