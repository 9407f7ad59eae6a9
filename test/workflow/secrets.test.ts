import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { stackDir } from '../../stack/base/paths.ts';
import { listStacks } from '../../stack/index.ts';
import { testEndpoints } from '../support/shared-stack.ts';
import { harness, type Harness } from './support/harness.ts';

let h: Harness;
const logged: string[] = [];

const BY_ENVIRONMENT = 'Planted-in-env-4711!';
const BY_FILE = 'Planted/in file "4712"';

beforeAll(async () => {
  process.env['CUTOVER_TEST_PLANTED'] = BY_ENVIRONMENT;
  h = await harness({ onLog: (line) => logged.push(line) });
});
afterEach(() => {
  delete h.script.hook;
});
afterAll(async () => {
  delete process.env['CUTOVER_TEST_PLANTED'];
  await h.close();
});

/** The ways in which a text can stand in a file: as it is, in JSON, in a URL, in base64 of a payload. */
function forms(secret: string): string[] {
  const base64 = (text: string): string[] =>
    [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + text)
        .toString('base64')
        .slice(4, -4),
    );
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64(secret)];
}

describe('secrets', () => {
  it('are in nothing that is kept: history, artifacts, audit, checkpoints, logs, failures, heartbeats', async () => {
    const secretFile = path.join(h.folder, 'secret.txt');
    await writeFile(secretFile, `${BY_FILE}\n`);
    let attempts = 0;
    h.script.hook = async (context, stage, step) => {
      if (step !== 'execute') return;
      const password = await context.secret(context.plan.source.password ?? '');
      const other = await context.secret(`file:${secretFile}`);
      // Everything a careless stage could do with them.
      context.progress({ step: `connecting with ${password} and ${other}`, done: 1, total: 2 });
      context.log.info(`connected with ${password}`, { url: `mysql://root:${encodeURIComponent(other)}@host` });
      if (stage === '01-mysql-analysis') {
        expect(password).toBe(BY_ENVIRONMENT);
        expect(other).toBe(BY_FILE);
        await expect(context.artifacts.write('stage-01/leak.txt', other)).rejects.toThrow(/core\.artifact-secret/);
        await expect(context.checkpoint.save({ password })).rejects.toThrow(/core\.artifact-secret/);
        if (++attempts === 1) throw new Error(`Access denied with ${password}`, { cause: new Error(other) });
      }
      if (stage === '02-dynamodb-data-modeling' && attempts++ < 3)
        throw Object.assign(new Error(other), { code: password });
    };
    const base = h.plan();
    const plan = { ...base, source: { ...base.source, password: 'env:CUTOVER_TEST_PLANTED' } };
    await h.migrations.start(plan);
    await h.migrations.result(plan.name);

    const kept = new Map<string, string>();
    kept.set('history', historyToJSON(await h.handle(plan.name).fetchHistory()));
    kept.set('log', logged.join('\n'));
    const root = path.join(plan.artifactStore, plan.name);
    for (const name of await readdir(root, { recursive: true })) {
      const text = await readFile(path.join(root, name), 'utf8').catch(() => undefined);
      if (text !== undefined) kept.set(name, text);
    }
    expect([...kept.keys()]).toEqual(expect.arrayContaining(['audit.jsonl', 'stage-07/manifest.json']));
    expect(kept.get('log')).toContain('connected with [env:CUTOVER_TEST_PLANTED]');

    for (const [name, text] of kept) {
      for (const form of [...forms(BY_ENVIRONMENT), ...forms(BY_FILE)])
        expect([name, text.includes(form)]).toEqual([name, false]);
    }
    await expectAbsentFromDatabase();
  });
});

/** Heartbeats are in no history, but in the server's database file while they last. */
async function expectAbsentFromDatabase(): Promise<void> {
  const { address } = testEndpoints().temporal;
  const stack = listStacks().find(({ parts }) => {
    const endpoint = parts.temporal?.endpoint;
    return endpoint !== undefined && 'address' in endpoint && endpoint.address === address;
  });
  const file = path.join(stackDir(stack?.name ?? 'none'), 'temporal', 'temporal.db');
  expect(existsSync(file)).toBe(true);
  const copy = path.join(h.folder, 'temporal.db');
  for (const suffix of ['', '-wal']) {
    const content = await copyFile(`${file}${suffix}`, copy).then(
      () => readFile(copy),
      () => Buffer.alloc(0),
    );
    for (const secret of [BY_ENVIRONMENT, BY_FILE]) expect(content.includes(secret)).toBe(false);
  }
}
