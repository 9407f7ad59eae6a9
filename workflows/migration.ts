import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import type { StageId } from '../core/stages.ts';
import { adoptEarlierRuns, validatePlan } from './activities.ts';
import { problemIn } from './problems.ts';
import { listen } from './requests.ts';
import { rollBack, undoLeftovers } from './rollback.ts';
import { Run } from './run.ts';
import { runStage } from './stage-run.ts';
import { STAGES } from './stage-table.ts';
import type { MigrationResult, Problem } from './status.ts';

/**
 * Takes a MySQL application to DynamoDB in seven stages. Input: a migration plan (`core/plan.schema.json`).
 * Ends completed, or aborted or cancelled with everything undone; what fails in between is parked for a person.
 */
export async function migration(input: unknown): Promise<MigrationResult> {
  const run = new Run();
  listen(run);
  run.plan = await check(input);
  try {
    await run.audit.record({ who: 'cutover', what: 'migration.started', evidence: { run: workflowInfo().runId } });
    const outcome = await carryOut(run);
    return await end(run, outcome);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      await rollBack(run, first());
      await end(run, 'cancelled');
    });
    throw error;
  }
}

/** The stages one after the other; where one can't go on, what a person says. */
async function carryOut(run: Run): Promise<'completed' | 'aborted'> {
  let adopted = false;
  run.change(() => undefined);
  for (;;) {
    run.stopIfCancelled();
    const next = STAGES[run.state.position];
    if (run.demand !== undefined) {
      if ((await meet(run)) === 'aborted') return 'aborted';
    } else if (!adopted) {
      adopted = (await parkOn(run, await run.interruptible(() => adopt(run)))) === 'nothing';
    } else if (next !== undefined) {
      await parkOn(run, await run.interruptible(() => runStage(run, next)));
    } else {
      return 'completed';
    }
  }
}

/** Verifies the stages before the one to start at, and clears away what an earlier run left after it. */
async function adopt(run: Run): Promise<Problem | undefined> {
  const startAt = run.firstStage;
  const earlier = STAGES.slice(
    0,
    STAGES.findIndex(({ id }) => id === startAt),
  ).map(({ id }) => id);
  run.change((state) => (state.step = 'adopt'));
  try {
    const { manifests, leftovers } = await adoptEarlierRuns({ plan: run.checkedPlan, stages: earlier });
    run.change((state) => {
      state.adopt(startAt, manifests, leftovers);
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return problemIn(error, startAt, 'adopt');
  }
  await undoLeftovers(run, startAt);
  return undefined;
}

/** Parks on a problem until a person decides; a retry may bring a corrected plan. */
async function parkOn(run: Run, problem: Problem | undefined): Promise<'nothing' | 'problem'> {
  if (problem === undefined) return run.demand === undefined ? 'nothing' : 'problem';
  run.change((state) => {
    state.park(problem);
  });
  const { stage, step, code } = problem;
  await run.audit.record({ who: 'cutover', what: 'stage.parked', stage, evidence: { step, code } });
  await goOnAfterDecision(run);
  return 'problem';
}

/** Undoes what was demanded to be undone; after a rollback, waits for what comes next. */
async function meet(run: Run): Promise<'aborted' | 'rolled-back'> {
  const { demand } = run;
  run.demand = undefined;
  if (demand?.kind !== 'rollback') {
    await rollBack(run, first());
    return 'aborted';
  }
  await rollBack(run, demand.to);
  run.change((state) => {
    state.rolledBackTo(demand.to);
  });
  await run.audit.record({ who: 'cutover', what: 'migration.rolled-back', stage: demand.to });
  await goOnAfterDecision(run);
  return 'rolled-back';
}

async function goOnAfterDecision(run: Run): Promise<void> {
  const retry = await run.decision();
  if (retry === undefined) return;
  run.change((state) => {
    state.pauseRequested = false;
    state.run();
  });
  if (retry.plan === undefined) return;
  const stage = run.state.current?.id ?? first();
  try {
    run.plan = await validatePlan({ plan: retry.plan, workflowId: workflowInfo().workflowId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    await parkOn(run, problemIn(error, stage, 'adopt'));
  }
}

/** An invalid input can't be mended by waiting: the run fails at once and says what and where. */
async function check(input: unknown): Promise<NonNullable<Run['plan']>> {
  try {
    return await validatePlan({ plan: input ?? null, workflowId: workflowInfo().workflowId });
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure)) throw error;
    const { message, type, details } = cause;
    throw ApplicationFailure.create({
      message,
      ...(typeof type !== 'string' ? {} : { type }),
      nonRetryable: true,
      details: details ?? [],
    });
  }
}

/** The last record, then the answer, once nobody waits for one any more. */
async function end(run: Run, outcome: 'completed' | 'aborted'): Promise<MigrationResult>;
async function end(run: Run, outcome: 'cancelled'): Promise<unknown>;
async function end(run: Run, outcome: 'completed' | 'aborted' | 'cancelled'): Promise<unknown> {
  run.change((state) => (state.status = outcome));
  await run.audit.record({ who: 'cutover', what: `migration.${outcome}` });
  await condition(allHandlersFinished);
  await run.audit.flushed();
  const { migration: name, stages } = run.status();
  return { outcome, migration: name, stages, audit: run.audit.head };
}

function first(): StageId {
  const stage = STAGES[0];
  if (stage === undefined) throw new Error('there are no stages');
  return stage.id;
}
