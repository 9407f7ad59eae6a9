import type { AuditEvent } from './audit.ts';
import type { ArtifactReference, CheckResult } from './artifacts.ts';
import type { MigrationPlan } from './plan.ts';
import type { Remark } from './stage.ts';
import type { StageId } from './stages.ts';

/**
 * What workflow and activities say to each other. Activity types are `<stage-id>.<step>` and `migration.<step>`;
 * the names are in histories for ever, so they are never changed, only added to.
 */
export const STEPS = ['preflight', 'execute', 'verify', 'gates', 'record', 'compensate'] as const;

export type Step = (typeof STEPS)[number];

/** Argument of every activity of a stage. */
export interface StepInput {
  readonly plan: MigrationPlan;
  /** Manifests of the stages before this one, as they were recorded. */
  readonly manifests: readonly ArtifactReference[];
  /** What `execute` gave; empty for preflight and execute. */
  readonly outputs: readonly ArtifactReference[];
  /** What people said when they rejected a gate of this stage, oldest first; absent when nobody did. */
  readonly remarks?: readonly Remark[];
}

/** Argument of `<stage-id>.record`. */
export interface RecordInput extends StepInput {
  readonly checks: readonly CheckResult[];
}

/** Argument of `migration.validate`. */
export interface ValidateInput {
  /** As it came: nobody has looked at it yet. */
  readonly plan: unknown;
  readonly workflowId: string;
}

/** Argument of `migration.adopt`: take over what earlier runs of the same name left. */
export interface AdoptInput {
  readonly plan: MigrationPlan;
  /** Stages before the one to start at; their manifests and artifacts are verified. */
  readonly stages: readonly StageId[];
}

/** What `migration.adopt` found. */
export interface Adopted {
  /** Verified manifests of the stages that were asked for, in the same order. */
  readonly manifests: readonly ArtifactReference[];
  /**
   * Stages that a run which never ended properly (terminated, reset, lost) had started, and that nobody has
   * compensated: by the audit, which outlives every run. Nothing is left of a completed, aborted or cancelled run.
   */
  readonly leftovers: readonly StageId[];
}

/** Argument of `migration.audit`. */
export interface AuditInput {
  readonly plan: MigrationPlan;
  readonly event: AuditEvent;
}
