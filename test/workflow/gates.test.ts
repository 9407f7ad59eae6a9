import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterAll(async () => {
  await h.close();
});

const STAGE = '02-dynamodb-data-modeling';
const GATES = [
  { id: `${STAGE}/design`, question: 'Is the design right?', evidence: ['stage-02/result.json'] },
  { id: `${STAGE}/cost`, question: 'Is the cost right?', evidence: [] },
];

describe('a gate', () => {
  it('holds the stage until every question is approved by a person', async () => {
    h.script.gates = { [STAGE]: GATES };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    const waiting = await h.until(plan.name, 'waiting');
    expect(waiting.gates.map(({ id, state }) => [id, state])).toEqual(GATES.map(({ id }) => [id, 'open']));
    expect(waiting.accepts).toEqual(['approve', 'reject', 'rollback', 'abort', 'pause']);

    await expect(h.migrations.request(plan.name, 'approve', { by: 'ada', gate: 'no-such-gate' })).rejects.toMatchObject(
      { code: 'client.refused', detail: expect.stringContaining(`${STAGE}/design`) },
    );
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: `${STAGE}/design` });
    expect((await h.migrations.status(plan.name)).status).toBe('waiting');
    await h.migrations.request(plan.name, 'approve', { by: 'bob', gate: `${STAGE}/cost`, why: 'cheap' });
    await h.migrations.result(plan.name);

    const { recent } = await h.migrations.audit(plan.name);
    expect(
      recent.filter(({ what }) => what === 'gate.approved').map(({ who, evidence }) => [who, evidence?.['gate']]),
    ).toEqual([
      ['ada', `${STAGE}/design`],
      ['bob', `${STAGE}/cost`],
    ]);
  });

  it('that is rejected parks the stage with the remark; retry runs it again and asks again', async () => {
    h.script.gates = { [STAGE]: GATES };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    await expect(h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/cost` })).rejects.toMatchObject(
      { code: 'client.refused' },
    );
    await h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/cost`, why: 'too dear' });
    const parked = await h.until(plan.name, 'parked');
    expect(parked.problem).toMatchObject({
      code: 'workflow.gate-rejected',
      where: `${STAGE}/cost`,
      cause: 'ada rejected it: too dear',
    });

    await h.migrations.request(plan.name, 'retry', { by: 'ada' });
    const again = await h.until(plan.name, 'waiting');
    expect(again.stages[1]).toMatchObject({ runs: 2, remarks: ['ada: too dear'] });
    expect(h.calls(plan.name).filter((call) => call === `${STAGE}.execute`)).toHaveLength(2);
    for (const { id } of GATES) await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: id });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });

  it('is approved by policy where the plan says so, except those that stay manual', async () => {
    h.script.gates = { [STAGE]: GATES };
    const plan = h.plan({ gates: { policy: 'auto', manual: [`${STAGE}/cost`] } });
    await h.migrations.start(plan);
    const waiting = await h.until(plan.name, 'waiting');
    expect(waiting.gates).toMatchObject([
      { id: `${STAGE}/design`, state: 'approved', by: 'policy:auto' },
      { id: `${STAGE}/cost`, state: 'open' },
    ]);
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: `${STAGE}/cost` });
    await h.migrations.result(plan.name);
    const { recent } = await h.migrations.audit(plan.name);
    expect(recent.find(({ who }) => who === 'policy:auto')).toMatchObject({ what: 'gate.approved', stage: STAGE });
  });
});

describe('a gate that asks to go on without something', () => {
  const REFUSED = ['books.rank', 'books.tree'].map((method) => ({
    id: `${STAGE}/refused/${method}`,
    question: 'Go on without it?',
    evidence: [],
    personOnly: true as const,
  }));

  it('waits for a person also where policy approves, but for those that the plan accepts by name', async () => {
    h.script.gates = { [STAGE]: [...GATES, ...REFUSED] };
    const plan = h.plan({ gates: { policy: 'auto', accepted: [`${STAGE}/refused/books.rank`] } });
    await h.migrations.start(plan);
    const waiting = await h.until(plan.name, 'waiting');
    expect(waiting.gates.map(({ state, by }) => [state, by])).toEqual([
      ['approved', 'policy:auto'],
      ['approved', 'policy:auto'],
      ['approved', 'policy:auto'],
      ['open', undefined],
    ]);
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: `${STAGE}/refused/*` });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });
});

describe('pause', () => {
  it('stops before the next step until resume', async () => {
    h.script.gates = { [STAGE]: GATES };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    await h.migrations.request(plan.name, 'pause', { by: 'ada' });
    await expect(h.migrations.request(plan.name, 'pause', { by: 'ada' })).rejects.toMatchObject({
      code: 'client.refused',
    });
    for (const { id } of GATES) await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: id });
    const paused = await h.until(plan.name, 'paused');
    expect(paused.accepts).toEqual(['rollback', 'abort', 'resume']);
    expect(h.calls(plan.name)).not.toContain('03-dal-abstraction.preflight');
    await h.migrations.request(plan.name, 'resume', { by: 'ada' });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });
});
