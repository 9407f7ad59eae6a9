import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { prebuiltBundle } from '../../worker/bundle.ts';
import { installQuietRuntime } from '../workflow/support/harness.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const HISTORIES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const SCENARIOS = ['completed', 'parked-and-resumed', 'rolled-back', 'cancelled'];

let codePath: string;
beforeAll(async () => {
  installQuietRuntime();
  codePath = await prebuiltBundle();
});

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

async function replay(name: string, text: string): Promise<void> {
  const workflowId = `replay-${/__(.*)\.json$/.exec(name)?.[1] ?? name}`;
  await Worker.runReplayHistory({ workflowBundle: { codePath } }, JSON.parse(text), workflowId);
}

describe('histories of earlier versions', () => {
  it('are there for every scenario', () => {
    const found = HISTORIES.map((name) => /__(.*)\.json$/.exec(name)?.[1]);
    expect(found).toEqual(expect.arrayContaining(SCENARIOS));
  });

  it.each(HISTORIES)('%s replays on this code', async (name) => {
    await replay(name, read(name));
  });

  it('that were forged are found out', async () => {
    const name = HISTORIES.find((candidate) => candidate.includes('__completed')) ?? '';
    const forged = read(name).replaceAll('"02-dynamodb-data-modeling.execute"', '"03-dal-abstraction.execute"');
    await expect(replay(name, forged)).rejects.toBeInstanceOf(DeterminismViolationError);
  });

  it('name no machine', () => {
    for (const name of HISTORIES) {
      const text = read(name);
      const payloads = [...text.matchAll(/"data": "([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
        Buffer.from(data, 'base64').toString(),
      );
      const found = [text, ...payloads].flatMap((part) => /\/(tmp|home|root|work)\/.{0,30}/.exec(part)?.[0] ?? []);
      expect([name, found]).toEqual([name, []]);
    }
  });
});

describe('protobufjs', () => {
  it('is one copy for all packages of Temporal: with two, JSON histories cannot be read', () => {
    const from = (module: string): string =>
      createRequire(createRequire(import.meta.url).resolve(module)).resolve('protobufjs');
    const copies = new Set(['@temporalio/common', '@temporalio/worker', '@temporalio/client'].map(from));
    expect([...copies]).toHaveLength(1);
  });
});
