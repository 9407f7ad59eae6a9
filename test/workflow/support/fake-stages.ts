import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from '../../../core/activity-contract.ts';
import type { CheckResult } from '../../../core/artifacts.ts';
import type { GateQuestion, Stage, StageContext } from '../../../core/stage.ts';
import { STAGE_IDS, type StageId } from '../../../core/stages.ts';

/** Where a test may interfere: `03-dal-abstraction.execute` and so on, called in the middle of the step. */
export type Hook = (context: StageContext, stage: StageId, step: Step) => void | Promise<void>;

/** What the stages of one test do besides the usual. */
export interface Script {
  /** Folder that stands for the world outside (MySQL, AWS, the application), with a folder for each migration. */
  readonly world: string;
  hook?: Hook;
  /** Questions by stage. */
  gates?: Partial<Record<StageId, readonly GateQuestion[]>>;
  checks?: (stage: StageId, step: Step) => CheckResult[] | undefined;
  /** Every step that ran, in order, by migration. */
  readonly calls: Map<string, string[]>;
}

/** Seven stages that leave a file each in the world, one artifact each, and take both away again. */
export function fakeStages(script: Script): Stage[] {
  return STAGE_IDS.map((id) => fakeStage(id, script));
}

/** The file by which a stage changes the world. */
function worldFile(world: string, migration: string, stage: StageId): string {
  return path.join(world, migration, `${stage}.done`);
}

function fakeStage(id: StageId, script: Script): Stage {
  const folder = `stage-${id.slice(0, 2)}`;
  const during = async (context: StageContext, step: Step): Promise<void> => {
    script.calls.set(context.migration, [...(script.calls.get(context.migration) ?? []), `${id}.${step}`]);
    await script.hook?.(context, id, step);
  };
  const held: CheckResult = { id: `S${Number(id.slice(0, 2))}-R1`, title: 'Holds', passed: 3, total: 3, failures: [] };
  return {
    id,
    async preflight(context) {
      await during(context, 'preflight');
      return script.checks?.(id, 'preflight') ?? [{ ...held, id: 'ready', passed: 1, total: 1 }];
    },
    async execute(context) {
      context.progress({ step: 'first half', done: 1, total: 2, unit: 'rows' });
      const file = worldFile(script.world, context.migration, id);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, id);
      await context.checkpoint.save({ half: true });
      await during(context, 'execute');
      context.progress({ step: 'second half', done: 2, total: 2, unit: 'rows' });
      const previous = context.inputs.at(-1)?.artifacts.find(({ name }) => name.endsWith('result.json'));
      const before = previous === undefined ? '' : Buffer.from(await context.input(previous.name)).toString('utf8');
      const result = JSON.stringify({ stage: id, before: before.length });
      return [await context.artifacts.write(`${folder}/result.json`, result, 1)];
    },
    async verify(context) {
      await during(context, 'verify');
      await access(worldFile(script.world, context.migration, id));
      return script.checks?.(id, 'verify') ?? [held];
    },
    async gates(context) {
      await during(context, 'gates');
      return [...(script.gates?.[id] ?? [])];
    },
    async compensate(context) {
      await during(context, 'compensate');
      await rm(worldFile(script.world, context.migration, id), { force: true });
    },
  };
}
