import type { RecordInput, StepInput } from '../../core/activity-contract.ts';
import type { ArtifactReference, CheckResult } from '../../core/artifacts.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { stageFolder, verifyManifests, writeManifest } from './manifests.ts';
import type { Redactor } from './redactor.ts';
import { runStep } from './run-step.ts';

/** The activities of one stage, without the stage's id in front of their names. */
export interface StageActivities {
  preflight(input: StepInput): Promise<CheckResult[]>;
  execute(input: StepInput): Promise<ArtifactReference[]>;
  verify(input: StepInput): Promise<CheckResult[]>;
  gates(input: StepInput): Promise<GateQuestion[]>;
  record(input: RecordInput): Promise<ArtifactReference>;
  compensate(input: StepInput): Promise<void>;
}

/** Wraps the methods of a stage as activities, and adds what the orchestrator does for every stage. */
export function stageActivities(stage: Stage, redactor: Redactor): StageActivities {
  return {
    preflight: (input) =>
      runStep(stage.id, input, redactor, async (context) => {
        // A file that was altered behind the workflow's back stops the stage before it builds on it.
        await verifyManifests(context.artifacts, context.inputs);
        return stage.preflight(context);
      }),

    execute: (input) =>
      runStep(stage.id, input, redactor, (context) => {
        for (const { gate, by, why } of context.remarks ?? []) context.log.info('Rejected before', { gate, by, why });
        return stage.execute(context);
      }),

    verify: (input) => runStep(stage.id, input, redactor, (context) => stage.verify(context)),

    gates: (input) => runStep(stage.id, input, redactor, (context) => stage.gates(context)),

    record: (input) =>
      runStep(stage.id, { ...input, outputs: [] }, redactor, async ({ artifacts }) => {
        for (const output of input.outputs) await artifacts.read(output);
        const checks = await artifacts.write(
          `${stageFolder(stage.id)}/checks.json`,
          `${canonicalJson({ schemaVersion: 1, stage: stage.id, checks: input.checks }, 2)}\n`,
          1,
        );
        return writeManifest(artifacts, stage.id, [...input.outputs, checks]);
      }),

    compensate: (input) =>
      runStep(stage.id, input, redactor, (context) => undo(stage, context), {
        withoutBrokenManifests: true,
      }),
  };
}

/** What the stage undoes itself, then what the orchestrator keeps for it: its artifacts, last, and its checkpoint. */
async function undo(stage: Stage, context: StageContext): Promise<void> {
  await stage.compensate(context);
  await context.artifacts.removeBelow(stageFolder(stage.id));
  await context.checkpoint.clear();
}
