import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testEndpoints, uniqueName } from '../support/shared-stack.ts';
import { harness, type Harness } from './support/harness.ts';
import { run, tctl, tctlAvailable, temporalCli } from './support/tools.ts';

let h: Harness;
const broken = new Set<string>();

beforeAll(async () => {
  h = await harness();
  h.script.hook = ({ migration }, stage, step) => {
    if (broken.has(migration) && stage === '02-dynamodb-data-modeling' && step === 'execute')
      throw new CutoverError('core.artifact-invalid', { where: 'x', detail: 'y.' });
  };
});
afterAll(async () => {
  await h.close();
});

async function inputFile(plan: unknown): Promise<string> {
  const file = path.join(h.folder, `${uniqueName('input')}.json`);
  await writeFile(file, JSON.stringify(plan));
  return file;
}

async function temporal(...args: string[]): ReturnType<typeof run> {
  const { address, namespace } = testEndpoints().temporal;
  return run(await temporalCli(), [...args, '--address', address, '--namespace', namespace]);
}

describe('the temporal command line', () => {
  it('starts a migration, updates it and reads its status', async () => {
    const plan = h.plan();
    broken.add(plan.name);
    const started = await temporal(
      ...['workflow', 'start', '--type', 'migration', '--task-queue', h.taskQueue, '--workflow-id', plan.name],
      ...['--input-file', await inputFile(plan)],
    );
    expect(started).toMatchObject({ code: 0 });
    await h.until(plan.name, 'parked');
    const status = await temporal('workflow', 'query', '--workflow-id', plan.name, '--type', 'status', '-o', 'json');
    expect(status.stdout).toContain('core.artifact-invalid');

    const update = ['workflow', 'update', 'execute', '--workflow-id', plan.name, '--name', 'retry', '--input'];
    const refused = await temporal(...update, '{}');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr + refused.stdout).toContain('retry needs \\"by\\"'.replaceAll('\\', ''));
    broken.delete(plan.name);
    expect(await temporal(...update, '{"by":"ada"}')).toMatchObject({ code: 0 });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
  });

  it.each<[string, (plan: MigrationPlan) => unknown, RegExp]>([
    ['without a target', (plan) => ({ ...plan, target: undefined }), /plan.*must have required property 'target'/],
    ['with another name than the workflow id', (plan) => ({ ...plan, name: 'other' }), /plan \/name.*must be the same/],
    [
      'with a password',
      (plan) => ({ ...plan, source: { ...plan.source, password: 'hunter2!' } }),
      /source\/password.*reference/,
    ],
  ])('gets a clear failure for an input %s', async (_name, change, message) => {
    const plan = h.plan();
    await temporal(
      ...['workflow', 'start', '--type', 'migration', '--task-queue', h.taskQueue, '--workflow-id', plan.name],
      ...['--input-file', await inputFile(change(plan))],
    );
    await expect(h.handle(plan.name).result()).rejects.toMatchObject({
      cause: { type: 'core.plan-invalid', nonRetryable: true, message: expect.stringMatching(message) },
    });
  });
});

describe('tctl', () => {
  it('starts a migration and signals it', async () => {
    if (!(await tctlAvailable())) {
      console.warn('SKIPPED: tctl is not tested, for there is no Go on PATH to build it with');
      return;
    }
    const { address, namespace } = testEndpoints().temporal;
    const program = await tctl();
    const call = (...args: string[]): ReturnType<typeof run> =>
      run(program, ['--ad', address, '--ns', namespace, ...args]);
    const plan = h.plan();
    broken.add(plan.name);
    const started = await call(
      ...['workflow', 'start', '--workflow_id', plan.name, '--tq', h.taskQueue, '--wt', 'migration'],
      ...['--et', '3600', '--input_file', await inputFile(plan)],
    );
    expect(started).toMatchObject({ code: 0 });
    await h.until(plan.name, 'parked');

    const signal = ['workflow', 'signal', '--workflow_id', plan.name, '--name'];
    expect(await call(...signal, 'approve', '--input', '{"by":"ada","gate":"none"}')).toMatchObject({ code: 0 });
    broken.delete(plan.name);
    expect(await call(...signal, 'retry', '--input', '{"by":"ada"}')).toMatchObject({ code: 0 });
    expect((await h.migrations.result(plan.name)).outcome).toBe('completed');
    // A signal has no answer, so the audit has it.
    const { recent } = await h.migrations.audit(plan.name);
    expect(recent.map(({ who, what }) => `${who} ${what}`)).toEqual(
      expect.arrayContaining(['ada refused.approve', 'ada migration.retry-requested']),
    );
    // Go builds tctl from the module proxy the first time, which took over five minutes beside other work.
  }, 1_200_000);
});
