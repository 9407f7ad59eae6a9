import { condition, isCancellation } from '@temporalio/workflow';
import type { RecordInput, Step, StepInput } from '../core/activity-contract.ts';
import type { ArtifactReference, CheckResult } from '../core/artifacts.ts';
import { gateMatches } from '../core/gate-pattern.ts';
import type { GateQuestion } from '../core/stage.ts';
import { runStep } from './activities.ts';
import { failedChecks, problem, problemIn } from './problems.ts';
import type { Run } from './run.ts';
import type { StageRow } from './stage-table.ts';
import type { Problem } from './status.ts';

/** Runs one stage from its preflight to its record. Gives the reason to park, or nothing when the stage is complete. */
export async function runStage(run: Run, row: StageRow): Promise<Problem | undefined> {
  run.change((state) => {
    state.begin(row.id);
  });
  await run.audit.record({ who: 'cutover', what: 'stage.started', stage: row.id });
  try {
    return await stepThrough(run, row);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return problemIn(error, row.id, run.state.step ?? 'execute');
  }
}

async function stepThrough(run: Run, row: StageRow): Promise<Problem | undefined> {
  const ready = await step<CheckResult[]>(run, row, 'preflight');
  const notReady = failedChecks(ready, row.id, 'preflight');
  if (notReady !== undefined) return notReady;

  const outputs = await step<ArtifactReference[]>(run, row, 'execute');

  const checks = await step<CheckResult[]>(run, row, 'verify', { outputs });
  run.change((state) => {
    state.checked(row.id, checks);
  });
  const wrong = failedChecks(checks, row.id, 'verify');
  if (wrong !== undefined) return wrong;

  const questions = await step<GateQuestion[]>(run, row, 'gates', { outputs });
  const rejected = await answers(run, row, questions);
  if (rejected !== undefined) return rejected;

  const manifest = await step<ArtifactReference>(run, row, 'record', { outputs, checks });
  await recorded(run, row, manifest, outputs, checks);
  return undefined;
}

/** One activity, unless the run is paused or stopped before it. */
async function step<T>(
  run: Run,
  row: StageRow,
  name: Step,
  more: Partial<Pick<RecordInput, 'outputs' | 'checks'>> = {},
): Promise<T> {
  await run.notPaused();
  run.stopIfCancelled();
  run.change((state) => (state.step = name));
  const remarks = run.state.remarksFor(row.id);
  const input: StepInput = {
    plan: run.checkedPlan,
    manifests: run.state.manifestsBefore(row.id),
    outputs: [],
    ...(remarks.length === 0 ? {} : { remarks }),
    ...more,
  };
  return runStep<T>(row, name, input);
}

/** Waits until all questions are answered, by a person or by the plan's policy; a rejection is a reason to park. */
async function answers(run: Run, row: StageRow, questions: readonly GateQuestion[]): Promise<Problem | undefined> {
  run.change((state) => {
    state.ask(row.id, questions);
  });
  await approveByPolicy(run, row);
  const ours = (): typeof run.state.gates => run.state.gates.filter((gate) => gate.stage === row.id);
  const open = (): boolean => ours().some((gate) => gate.state === 'open');
  const rejection = (): (typeof run.state.gates)[number] | undefined =>
    ours().find(({ state }) => state === 'rejected');
  if (open()) {
    run.change((state) => {
      state.status = 'waiting';
      state.of(row.id).status = 'waiting';
    });
    await condition(() => !open() || rejection() !== undefined);
    run.change((state) => {
      state.status = 'running';
      state.of(row.id).status = 'running';
    });
  }
  const no = rejection();
  if (no === undefined) return undefined;
  const cause = `${no.by ?? 'somebody'} rejected it: ${no.why ?? 'without a remark'}`;
  return problem('workflow.gate-rejected', { stage: row.id, step: 'gates', where: no.id, cause });
}

async function approveByPolicy(run: Run, row: StageRow): Promise<void> {
  const { policy, manual = [], accepted = [] } = run.checkedPlan.gates;
  if (policy !== 'auto') return;
  const named = (patterns: readonly string[], id: string): boolean =>
    patterns.some((pattern) => gateMatches(pattern, id));
  const approved = run.state.gates
    .filter(({ stage, state }) => stage === row.id && state === 'open')
    .filter(({ id, personOnly }) => personOnly !== true || named(accepted, id))
    .map(({ id }) => id)
    .filter((id) => !named(manual, id));
  for (const { pattern, ids } of groups(approved)) {
    run.change((state) => {
      state.approve(new Set(ids), 'policy:auto');
    });
    await run.audit.record({
      who: 'policy:auto',
      what: 'gate.approved',
      stage: row.id,
      why: 'the plan says gates.policy: auto',
      evidence: pattern === undefined ? { gate: ids[0] ?? '' } : { gate: pattern, gates: ids.length },
    });
  }
}

/**
 * More gates of one kind than this are recorded as one: thousands of events would fill the history. No released stage
 * ever asked as many, so no history differs.
 */
const GROUP_FROM = 25;

/** Gates one by one, or where a stage asks the same of many things (`…/table/<name>`), together. */
function groups(ids: readonly string[]): { readonly pattern?: string; readonly ids: readonly string[] }[] {
  const kinds = new Map<string, string[]>();
  for (const id of ids) {
    const kind = id.slice(0, id.lastIndexOf('/') + 1);
    const own = kinds.get(kind);
    if (own) own.push(id);
    else kinds.set(kind, [id]);
  }
  return [...kinds].flatMap(([kind, own]) =>
    own.length < GROUP_FROM ? own.map((id) => ({ ids: [id] })) : [{ pattern: `${kind}*`, ids: own }],
  );
}

async function recorded(
  run: Run,
  row: StageRow,
  manifest: ArtifactReference,
  outputs: readonly ArtifactReference[],
  checks: readonly CheckResult[],
): Promise<void> {
  run.change((state) => {
    state.finish(row.id, manifest, outputs.length);
  });
  await run.audit.record({
    who: 'cutover',
    what: 'stage.recorded',
    stage: row.id,
    evidence: {
      manifest: manifest.name,
      sha256: manifest.sha256,
      bytes: manifest.bytes,
      artifacts: outputs.length,
      criteria: checks.length,
      passed: checks.reduce((sum, { passed }) => sum + passed, 0),
      total: checks.reduce((sum, { total }) => sum + total, 0),
    },
  });
}
