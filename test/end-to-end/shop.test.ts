import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { review } from '../review/review.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Seven stages, five phases and the shop's tests, on two busy cores. */
const MINUTES = 40;

test(
  'the demo takes the shop through seven stages and five phases, and its tests pass with MySQL stopped',
  async () => {
    const child = spawn('npx', ['tsx', 'scripts/demo/main.ts', '--orders', '300', '--requests', '800'], {
      cwd: ROOT,
      env: { ...process.env, CUTOVER_DEMO: 'test-demo' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number | null];
    await mkdir(join(ROOT, '.cutover'), { recursive: true });
    await writeFile(join(ROOT, '.cutover', 'test-demo.log'), output);
    if (code !== 0) throw new Error(output.slice(-6000));
    // The table of stages: every check of every stage passed, and every stage had some.
    const checks = [...output.matchAll(/(0\d-[a-z-]+)\s+│[^│]*│[^│]*│\s*(\d+) \/ (\d+)/g)].map(
      ([, stage, passed, total]) => ({ stage, passed: Number(passed), total: Number(total) }),
    );
    expect(checks).toHaveLength(7);
    for (const { passed, total } of checks) expect([passed > 0, total]).toEqual([true, passed]);
    const [, passed, total] = /DynamoDB alone: (\d+) of (\d+) tests passed/.exec(output) ?? [];
    expect(Number(passed)).toBeGreaterThanOrEqual(60);
    expect(passed).toBe(total);
    // What a strict reviewer would send back: blocks of six lines or more that stand twice, and `any`.
    expect(await review(join(ROOT, '.cutover', 'test-demo', 'shop-on-dynamodb'), join('src', 'dal'))).toEqual([]);
  },
  MINUTES * 60_000,
);
