import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { validatePlan } from '../../core/plan-validation.ts';
import { testEndpoints } from '../support/shared-stack.ts';
import { harness, type Harness } from './support/harness.ts';
import { run } from './support/tools.ts';

/** Every call is a process of its own, and a loaded machine starts them slowly. */
const SLOW_MS = 240_000;

const BIN = fileURLToPath(new URL('../../client/bin/cutover.js', import.meta.url));
const GATE = '02-dynamodb-data-modeling/design';

let h: Harness;
const broken = new Set<string>();

beforeAll(async () => {
  // The command line starts migrations on the queue of the published contract.
  h = await harness({ taskQueue: 'cutover' });
  h.script.gates = {
    '02-dynamodb-data-modeling': [{ id: GATE, question: 'Right?', evidence: ['stage-02/result.json'] }],
  };
  h.script.hook = ({ migration }, stage, step) => {
    if (broken.has(migration) && stage === '03-dal-abstraction' && step === 'execute')
      throw new CutoverError('core.artifact-invalid', { where: 'src/x.ts:1', detail: 'Broken.' });
  };
});
afterAll(async () => {
  await h.close();
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: unknown;
}

/** Runs `cutover …`; with `--json` its output comes parsed. */
async function cutover(...args: string[]): Promise<Outcome> {
  return cutoverAt(testEndpoints().temporal.address, ...args);
}

/** The same against another address of Temporal. */
async function cutoverAt(address: string, ...args: string[]): Promise<Outcome> {
  const { namespace } = testEndpoints().temporal;
  const env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, CUTOVER_USER: 'ada' };
  const result = await run(process.execPath, [BIN, ...args], env);
  const json: unknown = args.includes('--json') && result.stdout !== '' ? JSON.parse(result.stdout) : undefined;
  return { ...result, json };
}

async function planFile(changes: Partial<MigrationPlan> = {}): Promise<{ file: string; plan: MigrationPlan }> {
  const plan = h.plan(changes);
  const file = path.join(h.folder, `${plan.name}.json`);
  await writeFile(file, JSON.stringify(plan));
  return { file, plan };
}

describe('cutover', () => {
  it(
    'leads a migration from init to report',
    async () => {
      const { file, plan } = await planFile({ gates: { policy: 'manual' } });
      const { name } = plan;
      broken.add(name);
      expect(await cutover('start', file, '--wait')).toMatchObject({ code: 6, stdout: expect.stringContaining(GATE) });
      expect(await cutover('start', file)).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('migration-exists'),
      });

      expect(await cutover('status', name, '--json')).toMatchObject({
        code: 0,
        json: { status: 'waiting', stage: '02-dynamodb-data-modeling', run: { execution: 'RUNNING' } },
      });
      expect(await cutover('approve', name, 'nonsense')).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(GATE),
      });
      expect(await cutover('approve', name, GATE, '--why', 'looks right')).toMatchObject({ code: 0 });

      const parked = await cutover('status', name, '--watch');
      expect(parked.code).toBe(6);
      for (const part of ['core.artifact-invalid', 'src/x.ts:1', 'Broken.', 'accepts now: retry, rollback, abort'])
        expect(parked.stdout).toContain(part);
      expect(await cutover('rollback', name, '--to', 'nowhere', '--why', 'x')).toMatchObject({ code: 2 });
      broken.delete(name);
      expect(await cutover('retry', name, '--json')).toMatchObject({
        code: 0,
        json: { accepted: true, migration: name },
      });
      expect(await cutover('status', name, '--watch', '--json')).toMatchObject({
        code: 0,
        json: { status: 'completed' },
      });

      expect(await cutover('audit', name, '--verify')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('chain of'),
      });
      expect(await cutover('artifacts', name)).toMatchObject({ code: 0, stdout: expect.stringContaining('intact') });
      const report = path.join(h.folder, 'report.md');
      expect(await cutover('report', name, '--output', report, '--json')).toMatchObject({
        code: 0,
        json: { outcome: 'migration.completed', decisions: [{ who: 'ada', why: 'looks right' }, { who: 'ada' }] },
      });
      expect(await readFile(report, 'utf8')).toContain('| 07-data-migration-execution |');

      await writeFile(path.join(plan.artifactStore, name, 'stage-04', 'result.json'), 'x');
      expect(await cutover('artifacts', name, '--json')).toMatchObject({ code: 5 });
      const trail = path.join(plan.artifactStore, name, 'audit.jsonl');
      await writeFile(trail, (await readFile(trail, 'utf8')).replace('looks right', 'looks wrong'));
      expect(await cutover('audit', name, '--verify', '--plan', file)).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/client\.audit-broken[^]*was changed/),
      });
      await writeFile(trail, (await readFile(trail, 'utf8')).replace('looks wrong', 'looks right'));
      const nobody = '127.0.0.1:1';
      expect(await cutoverAt(nobody, 'audit', name, '--verify')).toMatchObject({ code: 3 });
      expect(await cutoverAt(nobody, 'audit', name, '--verify', '--plan', file)).toMatchObject({ code: 0 });
    },
    SLOW_MS,
  );

  it(
    'aborts, pauses and resumes',
    async () => {
      const { file, plan } = await planFile({ gates: { policy: 'manual' } });
      await cutover('start', file, '--wait');
      expect(await cutover('pause', plan.name)).toMatchObject({ code: 0 });
      expect(await cutover('resume', plan.name)).toMatchObject({ code: 0 });
      expect(await cutover('abort', plan.name)).toMatchObject({ code: 4, stderr: expect.stringContaining('why') });
      expect(await cutover('abort', plan.name, '--why', 'enough')).toMatchObject({ code: 0 });
      expect(await cutover('status', plan.name, '--watch')).toMatchObject({ code: 7 });
    },
    SLOW_MS,
  );

  it('init writes a plan that is valid, and never over another one', async () => {
    const file = path.join(h.folder, 'new.yaml');
    expect(await cutover('init', file, '--yes', '--set', 'name=mine', '--set', 'source.port=3307')).toMatchObject({
      code: 0,
    });
    expect(validatePlan(parse(await readFile(file, 'utf8')))).toMatchObject({ name: 'mine', source: { port: 3307 } });
    expect(await cutover('init', file, '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('exists') });
    expect(await cutover('init', `${file}.json`, '--yes', '--set', 'source.password=hunter2')).toMatchObject({
      code: 2,
      stderr: expect.not.stringContaining('hunter2'),
    });
  });

  it('says what happened, where and what to do', async () => {
    expect(await cutover('status', 'no-such')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/error: There is no migration[^]*where: migration no-such[^]*do: /),
    });
    const asJson = await cutover('status', 'no-such', '--json');
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: 'client.migration-unknown' } });
    expect(await cutover('start', '/nonexistent.json')).toMatchObject({ code: 2 });
    expect(await cutover('nonsense')).toMatchObject({ code: 2 });
    expect(await run(process.execPath, [BIN, 'status', 'x'], { TEMPORAL_ADDRESS: '127.0.0.1:1' })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('TEMPORAL_ADDRESS'),
    });
  });
});
