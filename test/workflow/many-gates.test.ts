import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StageContext } from '../../core/stage.ts';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterAll(async () => {
  await h.close();
});

const STAGE = '02-dynamodb-data-modeling';
const gate = (name: string, evidence: readonly string[] = []) => ({
  id: `${STAGE}/${name}`,
  question: `${name}?`,
  evidence,
});
const tables = (count: number) =>
  Array.from({ length: count }, (_, at) => gate(`table/t${at}`, [`one item a row of t${at}`, 'stage-02/result.json']));

/** Events of a kind, as soon as they are written: a request is answered before its record is durable. */
async function audited(name: string, what: string) {
  for (let attempt = 0; ; attempt++) {
    const { recent } = await h.migrations.audit(name);
    const found = recent.filter((event) => event.what === what);
    if (found.length > 0 || attempt === 50) return found.map(({ who, why, evidence }) => ({ who, why, ...evidence }));
    await sleep(100);
  }
}

describe('a gate for each of many tables', () => {
  it('is answered by one pattern, and the audit says which and how many', async () => {
    h.script.gates = { [STAGE]: [gate('requirement'), ...tables(60), gate('contract')] };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    const accepted = await h.migrations.request(plan.name, 'approve', {
      by: 'ada',
      gate: `${STAGE}/table/*`,
      why: 'read all of them',
    });
    expect(accepted.message).toBe('60 gates are approved');
    const waiting = await h.migrations.status(plan.name);
    expect(waiting.gates.filter(({ state }) => state === 'open').map(({ id }) => id)).toEqual([
      `${STAGE}/requirement`,
      `${STAGE}/contract`,
    ]);
    await expect(
      h.migrations.request(plan.name, 'approve', { by: 'ada', gate: `${STAGE}/table/*` }),
    ).rejects.toMatchObject({ code: 'client.refused', detail: expect.stringContaining('is not open') });
    await h.migrations.request(plan.name, 'approve', { by: 'bob', gate: '*' });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect(await audited(plan.name, 'gate.approved')).toEqual([
      { who: 'ada', why: 'read all of them', gate: `${STAGE}/table/*`, gates: 60 },
      { who: 'bob', why: undefined, gate: '*', gates: 2 },
    ]);
  });

  it('is refused one at a time, with its remark', async () => {
    h.script.gates = { [STAGE]: tables(30) };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    await expect(
      h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/table/*`, why: 'no' }),
    ).rejects.toMatchObject({ code: 'client.refused' });
    await expect(h.migrations.request(plan.name, 'approve', { by: 'ada', gate: 'nothing/*' })).rejects.toMatchObject({
      detail: expect.stringContaining('and 10 more'),
    });
    await h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/table/t7`, why: 'a hot key' });
    const parked = await h.until(plan.name, 'parked');
    expect(parked.problem).toMatchObject({ where: `${STAGE}/table/t7`, cause: 'ada rejected it: a hot key' });
    expect(await audited(plan.name, 'gate.rejected')).toEqual([
      { who: 'ada', why: 'a hot key', gate: `${STAGE}/table/t7` },
    ]);
    await h.migrations.request(plan.name, 'abort', { by: 'ada', why: 'enough' });
    await h.migrations.result(plan.name);
  });

  it('of two thousand tables is approved by policy in one record, but for those that stay manual', async () => {
    h.script.gates = { [STAGE]: [gate('design'), ...tables(2000)] };
    const plan = h.plan({ gates: { policy: 'auto', manual: [`${STAGE}/table/t1999*`, `${STAGE}/des*`] } });
    await h.migrations.start(plan);
    const waiting = await h.until(plan.name, 'waiting');
    expect(waiting.gates).toHaveLength(2001);
    expect(waiting.gates.filter(({ state }) => state === 'open').map(({ id }) => id)).toEqual([
      `${STAGE}/design`,
      `${STAGE}/table/t1999`,
    ]);
    expect(await audited(plan.name, 'gate.approved')).toEqual([
      { who: 'policy:auto', why: 'the plan says gates.policy: auto', gate: `${STAGE}/table/*`, gates: 1999 },
    ]);
    const { historyLength } = (await h.handle(plan.name).describe()).raw.workflowExecutionInfo ?? {};
    expect(Number(historyLength)).toBeLessThan(200);
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: '*' });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });
});

describe('the remark of a refusal', () => {
  it('reaches every step of the next run of its stage, and no other stage', async () => {
    h.script.gates = { [STAGE]: [gate('design'), gate('contract')] };
    const told: Record<string, StageContext['remarks']> = {};
    h.script.hook = (context, stage, step) => {
      told[`${stage}.${step}`] = context.remarks;
    };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    expect(told[`${STAGE}.execute`]).toBeUndefined();
    await h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/design`, why: 'too dear' });
    await h.until(plan.name, 'parked');
    await h.migrations.request(plan.name, 'retry', { by: 'ada' });
    await h.until(plan.name, 'waiting');
    const first = { gate: `${STAGE}/design`, by: 'ada', why: 'too dear' };
    for (const step of ['preflight', 'execute', 'verify', 'gates']) expect(told[`${STAGE}.${step}`]).toEqual([first]);

    await h.migrations.request(plan.name, 'reject', { by: 'bob', gate: `${STAGE}/contract`, why: 'a wrong key' });
    await h.until(plan.name, 'parked');
    await h.migrations.request(plan.name, 'retry', { by: 'bob' });
    await h.until(plan.name, 'waiting');
    expect(told[`${STAGE}.execute`]).toEqual([first, { gate: `${STAGE}/contract`, by: 'bob', why: 'a wrong key' }]);
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: '*' });
    await h.migrations.result(plan.name);
    expect(told['03-dal-abstraction.execute']).toBeUndefined();
    delete h.script.hook;
  });
});

describe('a contract in the place of the own design', () => {
  it('reaches stage 2 with the retry, and its hash is in the audit', async () => {
    h.script.gates = { [STAGE]: [gate('contract')] };
    const plans: (typeof plan)['contract'][] = [];
    h.script.hook = (context, stage, step) => {
      if (stage === STAGE && step === 'execute') plans.push(context.plan.contract);
    };
    const plan = h.plan({ gates: { policy: 'manual' } });
    await h.migrations.start(plan);
    await h.until(plan.name, 'waiting');
    await h.migrations.request(plan.name, 'reject', { by: 'ada', gate: `${STAGE}/contract`, why: 'see my file' });
    await h.until(plan.name, 'parked');
    const contract = { path: `${h.folder}/contract.json`, sha256: 'a'.repeat(64) };
    await h.migrations.request(plan.name, 'retry', { by: 'ada', plan: { ...plan, contract } });
    await h.until(plan.name, 'waiting');
    await h.migrations.request(plan.name, 'approve', { by: 'ada', gate: '*' });
    await h.migrations.result(plan.name);
    expect(plans).toEqual([undefined, contract]);
    expect(await audited(plan.name, 'migration.retry-requested')).toEqual([
      { who: 'ada', why: undefined, correctedPlan: true, contract: contract.sha256 },
    ]);
    delete h.script.hook;
  });
});
