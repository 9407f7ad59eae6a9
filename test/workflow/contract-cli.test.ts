import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sampleContract } from '../../contract/sample.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { testEndpoints } from '../support/shared-stack.ts';
import { harness, type Harness } from './support/harness.ts';
import { run } from './support/tools.ts';

/** Every call is a process of its own, and a loaded machine starts them slowly. */
const SLOW_MS = 240_000;

const BIN = fileURLToPath(new URL('../../client/bin/cutover.js', import.meta.url));
const STAGE = '02-dynamodb-data-modeling';

let h: Harness;
const contracts: MigrationPlan['contract'][] = [];
beforeAll(async () => {
  h = await harness();
  const gate = (name: string) => ({ id: `${STAGE}/${name}`, question: 'Right?', evidence: [] });
  h.script.gates = { [STAGE]: [gate('table/a'), gate('table/b'), gate('contract')] };
  h.script.hook = ({ plan }, stage, step) => {
    if (stage === STAGE && step === 'execute') contracts.push(plan.contract);
  };
});
afterAll(async () => {
  await h.close();
});

function cutover(...args: string[]): ReturnType<typeof run> {
  const { address, namespace } = testEndpoints().temporal;
  return run(process.execPath, [BIN, ...args], {
    ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, CUTOVER_USER: 'ada' },
  });
}

it(
  'a refused contract comes back edited, is taken by its hash, given up again, and approved by pattern',
  async () => {
    const plan = h.plan({ gates: { policy: 'manual' } });
    const { name } = plan;
    await h.migrations.start(plan);
    await h.until(name, 'waiting');
    expect(await cutover('reject', name, `${STAGE}/contract`, '--why', 'a wrong key')).toMatchObject({ code: 0 });
    await h.until(name, 'parked');

    const file = path.join(h.folder, 'edited.json');
    await writeFile(file, JSON.stringify({ ...sampleContract(), tables: [] }));
    const invalid = await cutover('retry', name, '--contract', file);
    expect(invalid).toMatchObject({ code: 5, stderr: expect.stringContaining('contract.invalid') });
    expect((await h.migrations.status(name)).status).toBe('parked');

    const text = JSON.stringify(sampleContract());
    await writeFile(file, text);
    expect(await cutover('retry', name, '--contract', file)).toMatchObject({ code: 0 });
    await h.until(name, 'waiting');
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect((await h.migrations.plan(name))?.contract).toEqual({ path: file, sha256 });

    await cutover('reject', name, `${STAGE}/contract`, '--why', 'the own one after all');
    await h.until(name, 'parked');
    expect(await cutover('retry', name, '--contract', file, '--own-contract')).toMatchObject({ code: 2 });
    expect(await cutover('retry', name, '--own-contract')).toMatchObject({ code: 0 });
    await h.until(name, 'waiting');
    expect(contracts).toEqual([undefined, { path: file, sha256 }, undefined]);

    expect(await cutover('approve', name)).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') });
    expect(await cutover('approve', name, `${STAGE}/table/*`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 gates are approved'),
    });
    expect(await cutover('approve', name, '--all', '--why', 'read it')).toMatchObject({ code: 0 });
    expect((await h.migrations.result(name)).outcome).toBe('completed');
  },
  SLOW_MS,
);
