import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AuditEvent, AuditHead } from '../core/audit.ts';
import type { MigrationPlan } from '../core/plan.ts';
import type { StageId } from '../core/stages.ts';
import type { MigrationStatus } from './status.ts';

/** Somebody says something: `by` is who, as they name themselves; it goes into the audit. */
export interface Request {
  readonly by: string;
  readonly why?: string;
}

/** Runs a parked stage again, or goes on from where a rollback ended. */
export interface RetryRequest extends Request {
  /** A corrected plan (same name, same artifact store); without it the plan stays. */
  readonly plan?: MigrationPlan;
}

/** Answers a gate. */
export interface DecisionRequest extends Request {
  /** Id of an open gate; to approve several at once, a pattern such as `02-dynamodb-data-modeling/table/*`. */
  readonly gate: string;
}

/** Undoes stages backwards, `to` included; `retry` then goes on from `to`. */
export interface RollbackRequest extends Request {
  readonly to: StageId;
}

/** The requests by name. Updates answer or refuse; signals of the same names are for tools that can only signal. */
export interface Requests {
  readonly retry: RetryRequest;
  readonly approve: DecisionRequest;
  readonly reject: DecisionRequest;
  readonly rollback: RollbackRequest;
  readonly abort: Request;
  readonly pause: Request;
  readonly resume: Request;
}

export type RequestName = keyof Requests;

/** What an update answers; a refused one fails with the reason instead. */
export interface Accepted {
  readonly accepted: true;
  readonly message: string;
}

/** What the query `audit` answers: the end of the trail, and the newest events that are in it. */
export interface AuditAnswer {
  readonly head: AuditHead;
  readonly recent: readonly AuditEvent[];
}

/** Names of all requests. */
export const REQUEST_NAMES = ['retry', 'approve', 'reject', 'rollback', 'abort', 'pause', 'resume'] as const;

/** Updates: `temporal workflow update execute --name retry …`. */
export const updates = {
  retry: defineUpdate<Accepted, [RetryRequest]>('retry'),
  approve: defineUpdate<Accepted, [DecisionRequest]>('approve'),
  reject: defineUpdate<Accepted, [DecisionRequest]>('reject'),
  rollback: defineUpdate<Accepted, [RollbackRequest]>('rollback'),
  abort: defineUpdate<Accepted, [Request]>('abort'),
  pause: defineUpdate<Accepted, [Request]>('pause'),
  resume: defineUpdate<Accepted, [Request]>('resume'),
};

/** Signals: `tctl workflow signal --name retry …`. */
export const signals = {
  retry: defineSignal<[RetryRequest]>('retry'),
  approve: defineSignal<[DecisionRequest]>('approve'),
  reject: defineSignal<[DecisionRequest]>('reject'),
  rollback: defineSignal<[RollbackRequest]>('rollback'),
  abort: defineSignal<[Request]>('abort'),
  pause: defineSignal<[Request]>('pause'),
  resume: defineSignal<[Request]>('resume'),
};

export const statusQuery = defineQuery<MigrationStatus>('status');
export const auditQuery = defineQuery<AuditAnswer>('audit');
export const planQuery = defineQuery<MigrationPlan | null>('plan');
