import { createHash } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactReference } from '../../core/artifacts.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import type { Progress, StageContext } from '../../core/stage.ts';

/** A stage's context over memory, for tests of one stage alone; what it wrote can be looked at. */
export interface TestContext extends StageContext {
  readonly written: Map<string, Uint8Array>;
  readonly progressed: Progress[];
  readonly aborter: AbortController;
  text(name: string): string;
}

/** `inputs` are the contents of upstream artifacts by name. */
export async function stageContext(
  plan: MigrationPlan,
  inputs: Readonly<Record<string, string>>,
): Promise<TestContext> {
  const written = new Map<string, Uint8Array>();
  const progressed: Progress[] = [];
  const aborter = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'cutover-test-'));
  let checkpoint: string | undefined;
  const context: TestContext = {
    migration: plan.name,
    plan,
    written,
    progressed,
    aborter,
    inputs: [],
    outputs: [],
    signal: aborter.signal,
    artifacts: {
      write: async (name, content, schemaVersion = 0): Promise<ArtifactReference> => {
        const bytes = Buffer.from(content);
        written.set(name, bytes);
        return { name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, schemaVersion };
      },
      read: async ({ name }) => content(name),
      removeBelow: async (below) => {
        for (const name of written.keys()) if (name.startsWith(`${below}/`)) written.delete(name);
      },
      workFolder: async (name) => {
        const path = join(folder, name);
        await mkdir(path, { recursive: true });
        return path;
      },
    },
    input: async (name) => content(name),
    text: (name) => Buffer.from(content(name)).toString('utf8'),
    secret: async (reference) => reference,
    progress: (progress) => void progressed.push(progress),
    checkpoint: {
      load: async <T>() => (checkpoint === undefined ? undefined : (JSON.parse(checkpoint) as T)),
      save: async (state) => void (checkpoint = JSON.stringify(state)),
      clear: async () => void (checkpoint = undefined),
    },
    log: { info: () => undefined, warn: () => undefined },
  };
  return context;

  function content(name: string): Uint8Array {
    const bytes = written.get(name) ?? (inputs[name] === undefined ? undefined : Buffer.from(inputs[name]));
    if (bytes === undefined) throw new Error(`The test gave no ${name}.`);
    return bytes;
  }
}
