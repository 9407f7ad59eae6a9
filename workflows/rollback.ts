import { CancellationScope, condition } from '@temporalio/workflow';
import type { StageId } from '../core/stages.ts';
import { runStep } from './activities.ts';
import { problemIn } from './problems.ts';
import type { Run } from './run.ts';
import { STAGES } from './stage-table.ts';

/**
 * Undoes every stage that was begun, backwards, `to` included. Nothing stops it half way: it runs where cancellation
 * does not reach, retries without end what may get better, and waits for a person where it won't.
 */
export async function rollBack(run: Run, to: StageId): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    run.change((state) => {
      state.status = 'rolling-back';
      state.problem = null;
      state.pauseRequested = false;
    });
    for (const { id } of run.state.toUndo(to)) await undo(run, id);
    run.change((state) => (state.step = null));
  });
}

/** Undoes stages after `last`, which an earlier run left behind, before this one builds on something else. */
export async function undoLeftovers(run: Run, last: StageId): Promise<void> {
  const after = STAGES[STAGES.findIndex(({ id }) => id === last) + 1];
  if (after === undefined || run.state.toUndo(after.id).length === 0) return;
  await rollBack(run, after.id);
  run.change((state) => {
    state.run();
  });
}

async function undo(run: Run, stage: StageId): Promise<void> {
  for (;;) {
    const failed = await attempt(run, stage);
    if (failed === undefined) return;
    run.change((state) => {
      state.park(failed);
    });
    await run.audit.record({ who: 'cutover', what: 'rollback.parked', stage, evidence: { code: failed.code } });
    await condition(() => run.retry !== undefined);
    run.retry = undefined;
    run.change((state) => {
      state.status = 'rolling-back';
      state.problem = null;
    });
  }
}

async function attempt(run: Run, stage: StageId): Promise<ReturnType<typeof problemIn> | undefined> {
  const row = STAGES.find(({ id }) => id === stage);
  if (row === undefined) throw new Error(`no stage ${stage}`);
  run.change((state) => {
    state.step = 'compensate';
    state.of(stage).status = 'compensating';
  });
  try {
    const manifests = run.state.manifestsBefore(stage);
    await runStep<void>(row, 'compensate', { plan: run.checkedPlan, manifests, outputs: [] });
  } catch (error) {
    return problemIn(error, stage, 'compensate');
  }
  run.change((state) => {
    state.undone(stage);
  });
  await run.audit.record({ who: 'cutover', what: 'stage.compensated', stage });
  return undefined;
}
