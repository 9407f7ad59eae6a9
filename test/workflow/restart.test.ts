import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { STAGE_IDS } from '../../core/stages.ts';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterEach(() => {
  delete h.script.hook;
});
afterAll(async () => {
  await h.close();
});

const BY = { by: 'ada', why: 'test' };
const FIFTH = '05-feature-flags-system';

/** Fails stage 5 of one migration until it is mended. */
function failFifth(): { mend: (name: string) => void } {
  const mended = new Set<string>();
  h.script.hook = ({ migration }, stage, step) => {
    if (!mended.has(migration) && stage === FIFTH && step === 'execute')
      throw new CutoverError('core.artifact-invalid', { where: 'flags', detail: 'Not today.' });
  };
  return { mend: (name) => mended.add(name) };
}

async function parkedAtFifth(): Promise<MigrationPlan> {
  const plan = h.plan();
  await h.migrations.start(plan);
  await h.until(plan.name, 'parked');
  return plan;
}

function fileOf(plan: MigrationPlan, name: string): string {
  return path.join(plan.artifactStore, plan.name, name);
}

describe('an artifact that an earlier stage gave', () => {
  it('stops the stage that builds on it when it is altered, truncated or missing, and names it', async () => {
    const { mend } = failFifth();
    const plan = await parkedAtFifth();
    mend(plan.name);
    const file = fileOf(plan, 'stage-02/result.json');
    const good = await readFile(file);

    await writeFile(file, good.toString().replace('02', '20'));
    expect(await retried(plan.name)).toMatchObject({
      code: 'core.artifact-altered',
      where: 'stage-02/result.json',
      cause: expect.stringMatching(/Expected \d+ bytes with sha256 \w{64}, found \d+ bytes with sha256 \w{64}/),
    });
    await truncate(file, 5);
    expect(await retried(plan.name)).toMatchObject({
      code: 'core.artifact-altered',
      cause: expect.stringContaining('found 5 bytes'),
    });
    await rm(file);
    expect(await retried(plan.name)).toMatchObject({
      code: 'core.artifact-missing',
      cause: expect.stringContaining('found nothing'),
    });

    await writeFile(file, good);
    const manifest = fileOf(plan, 'stage-03/manifest.json');
    const whole = await readFile(manifest);
    await writeFile(manifest, whole.toString().replace('result', 'resulT'));
    expect(await retried(plan.name)).toMatchObject({ code: 'core.artifact-altered', where: 'stage-03/manifest.json' });
    await writeFile(manifest, whole);
    await h.migrations.request(plan.name, 'retry', BY);
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });

  async function retried(name: string): Promise<unknown> {
    const { stages } = await h.migrations.status(name);
    const runs = stages[4]?.runs ?? 0;
    await h.migrations.request(name, 'retry', BY);
    for (;;) {
      const status = await h.until(name, 'parked');
      if ((status.stages[4]?.runs ?? 0) > runs) return status.problem;
    }
  }
});

describe('restart from the failed stage', () => {
  it('by a new run with startAt, which verifies what earlier stages recorded', async () => {
    const { mend } = failFifth();
    const plan = await parkedAtFifth();
    // Lost, not rolled back: terminate runs no code of ours.
    await h.handle(plan.name).terminate('the cluster was lost');
    mend(plan.name);
    await h.migrations.start({ ...plan, startAt: FIFTH });
    const result = await h.migrations.result(plan.name);
    expect(result.stages.map(({ id, status, runs }) => [id, status, runs])).toEqual(
      STAGE_IDS.map((id, at) => [id, 'done', at < 4 ? 0 : 1]),
    );
    expect(h.calls(plan.name).filter((call) => call === '01-mysql-analysis.execute')).toHaveLength(1);
    expect(h.calls(plan.name).filter((call) => call.endsWith('compensate'))).toEqual([]);
  });

  it('by startAt before what was left: later stages are undone first', async () => {
    const { mend } = failFifth();
    const plan = await parkedAtFifth();
    await h.handle(plan.name).terminate('lost');
    mend(plan.name);
    await h.migrations.start({ ...plan, startAt: '03-dal-abstraction' });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect(h.calls(plan.name).filter((call) => call.endsWith('compensate'))).toEqual([
      `${FIFTH}.compensate`,
      '04-dynamodb-implementation.compensate',
    ]);
  });

  it('by startAt is refused on an altered or missing artifact, and on stages that never ran', async () => {
    failFifth();
    const plan = await parkedAtFifth();
    await h.handle(plan.name).terminate('lost');
    const file = fileOf(plan, 'stage-02/result.json');
    await writeFile(file, 'tampered');
    await h.migrations.start({ ...plan, startAt: FIFTH });
    const parked = await h.until(plan.name, 'parked');
    expect(parked.problem).toMatchObject({
      step: 'adopt',
      code: 'core.artifact-altered',
      where: 'stage-02/result.json',
    });
    await h.migrations.request(plan.name, 'abort', BY);
    await h.migrations.result(plan.name);

    const never = h.plan({ startAt: FIFTH });
    await h.migrations.start(never);
    expect((await h.until(never.name, 'parked')).problem).toMatchObject({
      code: 'core.artifact-missing',
      where: 'stage-01/manifest.json',
    });
    await h.migrations.request(never.name, 'abort', BY);
    expect((await h.migrations.result(never.name)).outcome).toBe('aborted');
  });

  it('by temporal workflow reset to before the failed stage', async () => {
    const { mend } = failFifth();
    const plan = await parkedAtFifth();
    const { events } = await h.handle(plan.name).fetchHistory();
    const started = events?.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === `${FIFTH}.preflight`,
    );
    const point = events?.findLast(
      (event) =>
        Boolean(event.workflowTaskCompletedEventAttributes) && Number(event.eventId) <= Number(started?.eventId ?? 0),
    );
    mend(plan.name);
    const { runId } = (await h.handle(plan.name).describe()).raw.workflowExecutionInfo?.execution ?? {};
    await h.client.workflowService.resetWorkflowExecution({
      namespace: h.client.options.namespace,
      workflowExecution: { workflowId: plan.name, runId: runId ?? '' },
      reason: 'a bad deployment was replaced',
      workflowTaskFinishEventId: point?.eventId ?? null,
      requestId: randomUUID(),
    });
    const result = await h.migrations.result(plan.name);
    expect(result.outcome).toBe('completed');
    expect(h.calls(plan.name).filter((call) => call === '04-dynamodb-implementation.execute')).toHaveLength(1);
  });
});

describe('one migration of a name', () => {
  it('is refused while one runs and after one completed, unless asked for again', async () => {
    const { mend } = failFifth();
    const plan = await parkedAtFifth();
    await expect(h.migrations.start(plan)).rejects.toMatchObject({ code: 'client.migration-exists' });
    mend(plan.name);
    await h.migrations.request(plan.name, 'retry', BY);
    await h.migrations.result(plan.name);
    await expect(h.migrations.start(plan)).rejects.toMatchObject({ code: 'client.migration-exists' });
    await h.migrations.start(plan, { again: true });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect(h.calls(plan.name).filter((call) => call.endsWith('compensate'))).toEqual([]);
  });
});
