import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CutoverError } from '../../core/errors/index.ts';
import { searchAttributes } from '../../core/search-attributes.ts';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterEach(() => {
  delete h.script.hook;
  delete h.script.checks;
});
afterAll(async () => {
  await h.close();
});

const BY = { by: 'ada', why: 'test' };

describe('a stage that fails', () => {
  it('parks with code, place, cause and remedy where operators look, and goes on when retried', async () => {
    let broken = true;
    h.script.hook = (_context, stage, step) => {
      if (broken && stage === '03-dal-abstraction' && step === 'execute')
        throw new CutoverError('core.artifact-invalid', { where: 'src/orders.ts:12', detail: 'Expected a, found b.' });
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    const parked = await h.until(plan.name, 'parked');
    expect(parked.problem).toEqual({
      stage: '03-dal-abstraction',
      step: 'execute',
      code: 'core.artifact-invalid',
      where: 'src/orders.ts:12',
      cause: 'Expected a, found b.',
      remedy: expect.stringContaining('run the stage that gives the artifact again'),
    });
    expect(parked.accepts).toEqual(['retry', 'rollback', 'abort']);
    const description = await h.handle(plan.name).describe();
    expect(description.typedSearchAttributes.get(searchAttributes.status)).toBe('parked');
    expect(description.typedSearchAttributes.get(searchAttributes.failedStage)).toBe('03-dal-abstraction');
    expect(description.typedSearchAttributes.get(searchAttributes.migration)).toBe(plan.name);
    const metadata = JSON.stringify(await h.handle(plan.name).query('__temporal_workflow_metadata'));
    expect(metadata).toContain('core.artifact-invalid');

    broken = false;
    await h.migrations.request(plan.name, 'retry', BY);
    const result = await h.migrations.result(plan.name);
    expect(result.outcome).toBe('completed');
    expect(result.stages[2]).toMatchObject({ id: '03-dal-abstraction', runs: 2, status: 'done' });
    // Stages that were done are not done again.
    expect(h.calls(plan.name).filter((call) => call === '01-mysql-analysis.execute')).toHaveLength(1);
    const after = await h.handle(plan.name).describe();
    expect(after.typedSearchAttributes.get(searchAttributes.failedStage)).toBeUndefined();
  });

  it('is tried again by itself while the error says that this may help', async () => {
    let failures = 0;
    h.script.hook = (_context, stage, step) => {
      if (stage === '01-mysql-analysis' && step === 'execute' && ++failures <= 1) throw new Error('socket hang up');
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect(failures).toBe(2);
  });

  it('parks when retries are used up, with the unknown error under a code of the catalogue', async () => {
    h.script.hook = (_context, stage, step) => {
      if (stage === '03-dal-abstraction' && step === 'preflight') throw new TypeError('x is not a function');
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    const { problem } = await h.until(plan.name, 'parked');
    expect(problem).toMatchObject({ code: 'core.unexpected', cause: 'TypeError: x is not a function' });
    expect(problem?.where).toMatch(/park\.test\.ts/);
    expect(h.calls(plan.name).filter((call) => call === '03-dal-abstraction.preflight')).toHaveLength(3);
    await h.migrations.request(plan.name, 'abort', BY);
    expect((await h.migrations.result(plan.name)).outcome).toBe('aborted');
  });

  it.each(['preflight', 'verify'] as const)('parks when a check of its %s does not hold', async (failing) => {
    h.script.checks = (stage, step) =>
      stage === '02-dynamodb-data-modeling' && step === failing
        ? [
            { id: 'S2-R1', title: 'Served', passed: 4, total: 4, failures: [] },
            { id: 'S2-R7', title: 'Columns mapped', passed: 7, total: 9, failures: ['orders.note', 'orders.flag'] },
          ]
        : undefined;
    const plan = h.plan();
    await h.migrations.start(plan);
    const { problem } = await h.until(plan.name, 'parked');
    expect(problem).toMatchObject({ code: 'workflow.checks-failed', step: failing, where: 'S2-R7' });
    expect(problem?.cause).toBe('S2-R7 Columns mapped: 7 of 9 (orders.note; orders.flag)');
    await h.migrations.request(plan.name, 'abort', BY);
    await h.migrations.result(plan.name);
  });

  it('goes on with a corrected plan, and refuses one of another name', async () => {
    h.script.hook = ({ plan }, stage) => {
      if (stage === '02-dynamodb-data-modeling' && plan.assumedRate === undefined)
        throw new CutoverError('core.artifact-invalid', { where: 'AP-007', detail: 'It has no rate.' });
    };
    const plan = h.plan();
    await h.migrations.start(plan);
    await h.until(plan.name, 'parked');
    await expect(
      h.migrations.request(plan.name, 'retry', { ...BY, plan: { ...plan, name: 'other' } }),
    ).rejects.toMatchObject({ code: 'client.refused' });

    const invalid = { ...plan, target: { region: '', prefix: 'shop-' } };
    await h.migrations.request(plan.name, 'retry', { ...BY, plan: invalid });
    const stillParked = await h.until(plan.name, 'parked');
    expect(stillParked.problem?.code).toMatch(/core\.(plan|artifact)-invalid/);

    const corrected = { ...plan, assumedRate: { name: 'guess', mean: 1, peak: 2 } };
    for (let tries = 0; ; tries++) {
      const status = await h.until(plan.name, 'parked');
      if (status.problem?.code === 'core.plan-invalid' || tries > 100) break;
    }
    await h.migrations.request(plan.name, 'retry', { ...BY, plan: corrected });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    expect((await h.migrations.plan(plan.name))?.assumedRate?.name).toBe('guess');
  });
});
