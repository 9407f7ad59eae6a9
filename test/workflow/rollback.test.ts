import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../core/errors/index.ts';
import { STAGE_IDS, type StageId } from '../../core/stages.ts';
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
const LAST = '07-data-migration-execution';

/** Fails the verification of the last stage, after everything was done, until the migration is mended. */
function failLast(): { mend: (name: string) => void } {
  const mended = new Set<string>();
  h.script.hook = ({ migration }, stage, step) => {
    if (!mended.has(migration) && stage === LAST && step === 'verify')
      throw new CutoverError('core.artifact-invalid', { where: 'orders', detail: '3 rows differ.' });
  };
  return { mend: (name) => mended.add(name) };
}

function compensated(name: string): string[] {
  return h
    .calls(name)
    .filter((call) => call.endsWith('.compensate'))
    .map((call) => call.split('.')[0] ?? '');
}

describe('rollback', () => {
  it('to each of the stages undoes backwards, waits, and retry completes from there', async () => {
    const { mend } = failLast();
    await Promise.all(STAGE_IDS.map((to) => rollBackAndRetry(to, mend)));
  });

  async function rollBackAndRetry(to: StageId, mend: (name: string) => void): Promise<void> {
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    await h.migrations.request(plan.name, 'rollback', { ...BY, to });
    const status = await h.until(plan.name, 'rolled-back');

    const index = STAGE_IDS.indexOf(to);
    expect(compensated(plan.name)).toEqual(STAGE_IDS.slice(index).reverse());
    expect(await h.world(plan.name)).toEqual(STAGE_IDS.slice(0, index).map((id) => `${id}.done`));
    expect(status.stages.map((stage) => stage.status)).toEqual(
      STAGE_IDS.map((_, at) => (at < index ? 'done' : 'rolled-back')),
    );
    for (const [at, id] of STAGE_IDS.entries()) {
      const folder = path.join(plan.artifactStore, plan.name, `stage-${id.slice(0, 2)}`);
      expect([id, existsSync(folder)]).toEqual([id, at < index]);
    }

    mend(plan.name);
    await h.migrations.request(plan.name, 'retry', BY);
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect(await h.world(plan.name)).toEqual(STAGE_IDS.map((id) => `${id}.done`));
  }

  it('parks when a compensation cannot go on, takes only retry, and ends what it began', async () => {
    let stuck = true;
    h.script.hook = (_context, stage, step) => {
      if (stage === LAST && step === 'verify')
        throw new CutoverError('core.artifact-invalid', { where: 'orders', detail: '3 rows differ.' });
      if (stuck && stage === '05-feature-flags-system' && step === 'compensate')
        throw new CutoverError('core.reference-unresolved', { where: 'env:X', detail: 'It is not set.' });
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    await h.migrations.request(plan.name, 'rollback', { ...BY, to: '04-dynamodb-implementation' });
    const parked = await waitFor(plan.name, 'compensate');
    expect(parked.problem).toMatchObject({ stage: '05-feature-flags-system', code: 'core.reference-unresolved' });
    expect(parked.accepts).toEqual(['retry']);
    await expect(h.migrations.request(plan.name, 'abort', BY)).rejects.toMatchObject({ code: 'client.refused' });
    expect(await h.world(plan.name)).toEqual(STAGE_IDS.slice(0, 5).map((id) => `${id}.done`));

    stuck = false;
    await h.migrations.request(plan.name, 'retry', BY);
    await h.until(plan.name, 'rolled-back');
    expect(await h.world(plan.name)).toEqual(STAGE_IDS.slice(0, 3).map((id) => `${id}.done`));
    await h.migrations.request(plan.name, 'abort', BY);
    expect((await h.migrations.result(plan.name)).outcome).toBe('aborted');
    expect(await h.world(plan.name)).toEqual([]);
  });

  it('tries a compensation again by itself while that may help', async () => {
    failLast();
    const inner = h.script.hook;
    let failures = 0;
    h.script.hook = async (context, stage, step) => {
      await inner?.(context, stage, step);
      if (stage === LAST && step === 'compensate' && ++failures <= 1) throw new Error('throttled');
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    await h.migrations.request(plan.name, 'rollback', { ...BY, to: LAST });
    await h.until(plan.name, 'rolled-back');
    expect(failures).toBe(2);
    await h.migrations.request(plan.name, 'abort', BY);
    await h.migrations.result(plan.name);
  });

  it('refuses a stage from which nothing was begun, and a request without its reason', async () => {
    h.script.hook = (_context, stage, step) => {
      if (stage === '02-dynamodb-data-modeling' && step === 'preflight')
        throw new CutoverError('core.artifact-invalid', { where: 'x', detail: 'y.' });
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    for (const request of [
      { ...BY, to: LAST as StageId },
      { by: 'ada', to: '01-mysql-analysis' as StageId },
      { ...BY, to: '08-no-stage' as StageId },
    ]) {
      await expect(h.migrations.request(plan.name, 'rollback', request)).rejects.toMatchObject({
        code: 'client.refused',
      });
    }
    await h.migrations.request(plan.name, 'abort', BY);
    await h.migrations.result(plan.name);
  });
});

describe('stopping while a stage works', () => {
  /** Holds stage 4 in execute until it is cancelled, then takes a while to stop, as a writer does. */
  function holdStage4(): { entered: Promise<void>; stopped: () => boolean } {
    let enter = (): void => undefined;
    let stopped = false;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    h.script.hook = async ({ signal }, stage, step) => {
      if (stage !== '04-dynamodb-implementation') return;
      if (step === 'compensate') expect(stopped).toBe(true);
      if (step !== 'execute') return;
      enter();
      while (!signal.aborted) await sleep(20);
      await sleep(300);
      stopped = true;
      signal.throwIfAborted();
    };
    return { entered, stopped: () => stopped };
  }

  it('abort waits for the stage to stop, then undoes everything', async () => {
    const { entered, stopped } = holdStage4();
    const plan = h.plan();
    await h.migrations.start(plan);
    await entered;
    await h.migrations.request(plan.name, 'abort', BY);
    const result = await h.migrations.result(plan.name);
    expect(result.outcome).toBe('aborted');
    expect(stopped()).toBe(true);
    expect(compensated(plan.name)).toEqual(STAGE_IDS.slice(0, 4).reverse());
    expect(await h.world(plan.name)).toEqual([]);
  });

  it('cancel does the same and ends as Cancelled', async () => {
    const { entered } = holdStage4();
    const plan = h.plan();
    await h.migrations.start(plan);
    await entered;
    await h.migrations.cancel(plan.name);
    await expect(h.handle(plan.name).result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await h.handle(plan.name).describe()).status.name).toBe('CANCELLED');
    expect((await h.migrations.status(plan.name)).status).toBe('cancelled');
    expect(compensated(plan.name)).toEqual(STAGE_IDS.slice(0, 4).reverse());
    expect(await h.world(plan.name)).toEqual([]);
    expect((await h.migrations.audit(plan.name)).recent.at(-1)?.what).toBe('migration.cancelled');
  });

  it('cancel of a parked migration undoes everything too', async () => {
    failLast();
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    await h.migrations.cancel(plan.name);
    await expect(h.handle(plan.name).result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await h.world(plan.name)).toEqual([]);
  });
});

async function waitFor(name: string, step: 'compensate'): Promise<Awaited<ReturnType<Harness['until']>>> {
  for (;;) {
    const status = await h.until(name, 'parked');
    if (status.problem?.step === step) return status;
    await sleep(50);
  }
}
