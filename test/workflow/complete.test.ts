import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../core/audit.ts';
import { STAGE_IDS } from '../../core/stages.ts';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await harness();
});
afterAll(async () => {
  await h.close();
});

describe('a migration without trouble', () => {
  it('runs all seven stages in order, records each, and completes', async () => {
    const plan = h.plan();
    await h.migrations.start(plan);
    const result = await h.migrations.result(plan.name);

    expect(result.outcome).toBe('completed');
    expect(result.stages.map(({ id, status }) => [id, status])).toEqual(STAGE_IDS.map((id) => [id, 'done']));
    expect(h.calls(plan.name)).toEqual(
      STAGE_IDS.flatMap((id) => ['preflight', 'execute', 'verify', 'gates'].map((step) => `${id}.${step}`)),
    );
    expect(await h.world(plan.name)).toEqual(STAGE_IDS.map((id) => `${id}.done`));

    const trail = await readFile(path.join(plan.artifactStore, plan.name, 'audit.jsonl'), 'utf8');
    const audit = verifyAudit(trail, { remembered: [result.audit] });
    expect(audit.ok).toBe(true);
    expect(audit.records.map(({ what }) => what)).toEqual([
      'migration.started',
      ...STAGE_IDS.flatMap(() => ['stage.started', 'stage.recorded']),
      'migration.completed',
    ]);
  });
});
