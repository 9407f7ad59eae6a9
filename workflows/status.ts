import type { Step } from '../core/activity-contract.ts';
import type { AuditHead } from '../core/audit.ts';
import type { StageId } from '../core/stages.ts';
import type { RequestName } from './messages.ts';

/** What a migration is doing, in one word. */
export type StatusName =
  | 'running'
  /** A gate asks a person. */
  | 'waiting'
  | 'paused'
  /** Something failed that retries can't mend; a person decides. */
  | 'parked'
  | 'rolling-back'
  /** Rolled back to a stage, ready for `retry` from there. */
  | 'rolled-back'
  | 'completed'
  | 'aborted'
  | 'cancelled';

/** What a stage is doing. */
export type StageStatusName = 'pending' | 'running' | 'waiting' | 'failed' | 'done' | 'compensating' | 'rolled-back';

/** Why a migration is parked, and what to do. */
export interface Problem {
  readonly stage: StageId;
  readonly step: Step | 'adopt';
  /** Code of the error catalogue. */
  readonly code: string;
  readonly where: string;
  readonly cause: string;
  readonly remedy: string;
}

/** A question to a person, and its answer. */
export interface GateStatus {
  readonly stage: StageId;
  readonly id: string;
  readonly question: string;
  readonly evidence: readonly string[];
  /** Policy does not answer it, unless the plan's `gates.accepted` does. */
  readonly personOnly?: true;
  readonly state: 'open' | 'approved' | 'rejected';
  readonly by?: string;
  readonly why?: string;
}

/** One line of the table of stages. */
export interface StageStatus {
  readonly id: StageId;
  readonly title: string;
  readonly status: StageStatusName;
  /** How often it was begun, retries of single steps not counted. */
  readonly runs: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly artifacts: number;
  /** Of the acceptance criteria's single facts, as `verify` counted them. */
  readonly checks: { readonly passed: number; readonly total: number };
  /** What people said when they rejected a gate of this stage, newest last. */
  readonly remarks: readonly string[];
}

/** What the query `status` answers. */
export interface MigrationStatus {
  readonly schemaVersion: 1;
  readonly migration: string;
  readonly status: StatusName;
  readonly stage: StageId | null;
  readonly step: Step | 'adopt' | null;
  readonly pauseRequested: boolean;
  readonly problem: Problem | null;
  readonly gates: readonly GateStatus[];
  readonly stages: readonly StageStatus[];
  /** Requests that would be accepted now. */
  readonly accepts: readonly RequestName[];
}

/** What the workflow returns. */
export interface MigrationResult {
  readonly outcome: 'completed' | 'aborted';
  readonly migration: string;
  readonly stages: readonly StageStatus[];
  /** End of the audit trail; its last record says the outcome. */
  readonly audit: AuditHead;
}
