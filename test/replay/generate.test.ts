import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { harness, planIn, type Harness } from '../workflow/support/harness.ts';

/**
 * Writes the histories that replay.test.ts replays. Run it on the *released* commit, never on the branch under test, for
 * then it would prove nothing: `CUTOVER_GENERATE_HISTORIES=0.1.0 npm run test:jest -- test/replay/generate`.
 */
const VERSION = process.env['CUTOVER_GENERATE_HISTORIES'];
const BY = { by: 'ada', why: 'replay fixture' };

const generating = VERSION === undefined ? describe.skip : describe;

generating('histories', () => {
  let h: Harness;
  const cwd = process.cwd();
  const broken = new Set<string>();

  beforeAll(async () => {
    h = await harness();
    // Relative paths, so that no machine's folders get into the fixtures.
    process.chdir(h.folder);
    h.script.gates = {
      '02-dynamodb-data-modeling': [{ id: '02-dynamodb-data-modeling/design', question: 'Right?', evidence: ['x'] }],
    };
    h.script.hook = ({ migration }, stage, step) => {
      if (broken.has(migration) && stage === '03-dal-abstraction' && step === 'verify')
        throw new CutoverError('core.artifact-invalid', { where: 'src/orders.ts:12', detail: 'Not this time.' });
    };
  });
  afterAll(async () => {
    process.chdir(cwd);
    await h.close();
  });

  it.each<[string, (plan: MigrationPlan) => Promise<void>]>([
    ['completed', async () => undefined],
    [
      'parked-and-resumed',
      async ({ name }) => {
        await h.until(name, 'parked');
        broken.delete(name);
        await h.migrations.request(name, 'retry', BY);
      },
    ],
    [
      'rolled-back',
      async ({ name }) => {
        await h.until(name, 'parked');
        await h.migrations.request(name, 'rollback', { ...BY, to: '02-dynamodb-data-modeling' });
        await h.until(name, 'rolled-back');
        await h.migrations.request(name, 'abort', BY);
      },
    ],
    [
      'cancelled',
      async ({ name }) => {
        await h.until(name, 'parked');
        await h.migrations.cancel(name);
      },
    ],
  ])('%s', async (scenario, operate) => {
    const plan = planIn('.', { name: `replay-${scenario}`, artifactStore: 'artifacts' });
    if (scenario !== 'completed') broken.add(plan.name);
    await h.migrations.start(plan);
    await operate(plan);
    await h
      .handle(plan.name)
      .result()
      .catch(() => undefined);
    const history = await h.handle(plan.name).fetchHistory();
    // Stack traces and identities name the machine; replay reads neither.
    const text = historyToJSON(history)
      .replaceAll(`${process.pid}@${hostname()}`, 'worker')
      .replaceAll(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": "removed"');
    expect(text).not.toContain(hostname());
    await writeFile(new URL(`./histories/${VERSION ?? ''}__${scenario}.json`, import.meta.url), `${text}\n`);
  });
});
