import { CancellationScope, CancelledFailure, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { MigrationPlan } from '../core/plan.ts';
import type { StageId } from '../core/stages.ts';
import { AuditWriter } from './audit-writer.ts';
import { REQUEST_NAMES, type Request, type RetryRequest, type RollbackRequest } from './messages.ts';
import { stateRefuses, type Standing } from './refusals.ts';
import { MigrationState } from './state.ts';
import type { MigrationStatus, Problem, StageStatus } from './status.ts';
import { Visibility } from './visibility.ts';

/** A request that stops whatever is being done. */
export type Demand = ({ readonly kind: 'rollback' } & RollbackRequest) | ({ readonly kind: 'abort' } & Request);

/** One execution of the workflow: its plan, its state, what people asked for and have not got yet. */
export class Run {
  plan: MigrationPlan | undefined;
  readonly state = new MigrationState(() => new Date().toISOString());
  readonly audit = new AuditWriter(() => this.plan);
  demand: Demand | undefined;
  retry: RetryRequest | undefined;
  readonly #visibility = new Visibility();
  #interruptible: CancellationScope | undefined;

  /** The plan, once it was checked. */
  get checkedPlan(): MigrationPlan {
    if (this.plan === undefined) throw new Error('the plan was not checked yet');
    return this.plan;
  }

  /** Changes the state and shows it. */
  change(by: (state: MigrationState) => void): void {
    by(this.state);
    this.#visibility.show(this.status());
  }

  /** Answers the open gates that a text means; gives how many. */
  decide(gate: string, state: 'approved' | 'rejected', by: string, why: string | undefined): number {
    let decided = 0;
    this.change((current) => (decided = current.decide(gate, state, by, why)));
    return decided;
  }

  /** Does work that a rollback or an abort may stop; a cancellation of the whole run passes through. */
  async interruptible(work: () => Promise<Problem | undefined>): Promise<Problem | undefined> {
    const scope = new CancellationScope();
    this.#interruptible = scope;
    try {
      return await scope.run(work);
    } catch (error) {
      if (isCancellation(error) && this.demand !== undefined) return undefined;
      throw error;
    } finally {
      this.#interruptible = undefined;
      this.stopIfCancelled();
    }
  }

  /** Stops what is interruptible, so that a demand can be met. */
  interrupt(demand: Demand): void {
    this.demand = demand;
    this.#interruptible?.cancel();
  }

  /** An activity that ignored its cancellation just finishes: whoever goes on after one asks here first. */
  stopIfCancelled(): void {
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The migration was cancelled');
  }

  /** Holds here while a pause is asked for. */
  async notPaused(): Promise<void> {
    if (!this.state.pauseRequested) return;
    this.change((state) => (state.status = 'paused'));
    await condition(() => !this.state.pauseRequested);
    this.change((state) => (state.status = 'running'));
  }

  /** Waits until a person says how to go on: by retry, or by a demand. */
  async decision(): Promise<RetryRequest | undefined> {
    await condition(() => this.retry !== undefined || this.demand !== undefined);
    const { retry } = this;
    this.retry = undefined;
    return retry;
  }

  /** What decides whether a request is accepted. */
  standing(): Standing {
    const { status, problem, pauseRequested, gates, stages } = this.state;
    return {
      status,
      compensating: problem?.step === 'compensate',
      pauseRequested,
      busy: this.retry !== undefined || this.demand !== undefined,
      openGates: gates.filter((gate) => gate.state === 'open').map((gate) => gate.id),
      undoable: stages.filter((stage) => stage.toUndo).map((stage) => stage.id),
      name: this.plan?.name,
      artifactStore: this.plan?.artifactStore,
    };
  }

  /** What the query `status` answers. */
  status(): MigrationStatus {
    const { status, current, step, pauseRequested, problem, gates, stages } = this.state;
    const standing = this.standing();
    return {
      schemaVersion: 1,
      migration: this.plan?.name ?? workflowInfo().workflowId,
      status,
      stage: problem?.stage ?? current?.id ?? null,
      step: problem?.step ?? step,
      pauseRequested,
      problem,
      gates,
      stages: stages.map(shown),
      accepts: REQUEST_NAMES.filter((name) => stateRefuses(name, standing) === undefined),
    };
  }

  /** The first of all stages, or the one that the plan says to start at. */
  get firstStage(): StageId {
    const first = this.checkedPlan.startAt ?? this.state.stages[0]?.id;
    if (first === undefined) throw new Error('there are no stages');
    return first;
  }
}

/** A stage as others see it: without what only this run needs to know. */
function shown(stage: MigrationState['stages'][number]): StageStatus {
  const { id, title, status, runs, startedAt, finishedAt, artifacts, checks, remarks } = stage;
  const times = {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
  return { id, title, status, runs, ...times, artifacts, checks, remarks };
}
