import type { ArtifactReference, CheckResult, StageManifest } from './artifacts.ts';
import type { MigrationPlan } from './plan.ts';
import type { StageId } from './stages.ts';

/** Where a migration's artifacts live; all names are relative, forward-slashed, and confined to its root. */
export interface ArtifactStore {
  /** Writes whole and atomically; returns the reference to put into the manifest. */
  write(name: string, content: string | Uint8Array, schemaVersion?: number): Promise<ArtifactReference>;
  /** Reads and verifies bytes and hash. Throws `core.artifact-missing` or `core.artifact-altered`. */
  read(reference: ArtifactReference): Promise<Uint8Array>;
  /** Removes every artifact below a folder such as `stage-03`; nothing there is not an error. */
  removeBelow(folder: string): Promise<void>;
  /** An absolute path of an ordinary folder for working files that are not artifacts, kept between retries. */
  workFolder(name: string): Promise<string>;
}

/** Progress of a step, shown in heartbeats, the CLI and the demo. `done`/`total` count `unit`s, such as rows. */
export interface Progress {
  readonly step: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: string;
}

/** What a stage's four activities are given. */
export interface StageContext {
  readonly migration: string;
  readonly plan: MigrationPlan;
  readonly artifacts: ArtifactStore;
  /** Manifests of the stages before this one; read upstream files through {@link input}. */
  readonly inputs: readonly StageManifest[];
  /** The verified content of an upstream artifact by name, such as `stage-01/analysis.json`. */
  input(name: string): Promise<Uint8Array>;
  /** What `execute` of this stage gave; empty during preflight. */
  readonly outputs: readonly ArtifactReference[];
  /** What people said when they rejected a gate of this stage in this run, oldest first; absent when nobody did. */
  readonly remarks?: readonly Remark[];
  /** Resolves a secret reference (`env:NAME`, `file:PATH`, `secretsmanager:ARN`) or gives a plain value back. */
  secret(reference: string): Promise<string>;
  progress(progress: Progress): void;
  /** Durable, per stage, survives retries, new activities and worker restarts. Small JSON; never secrets. */
  readonly checkpoint: {
    load<T>(): Promise<T | undefined>;
    save(state: unknown): Promise<void>;
    clear(): Promise<void>;
  };
  /** Aborted when the run is cancelled or the worker shuts down; check between units of work. */
  readonly signal: AbortSignal;
  readonly log: { info(message: string, fields?: object): void; warn(message: string, fields?: object): void };
}

/** Why a gate was rejected, and by whom: the stage runs again and should say what became of it. */
export interface Remark {
  readonly gate: string;
  readonly by: string;
  readonly why: string;
}

/** A question for a person (or the plan's policy) after a stage's checks have passed. */
export interface GateQuestion {
  /** Stable id, such as `02-dynamodb-data-modeling/design`. */
  readonly id: string;
  readonly question: string;
  /** What the answer should rest on: short lines, with artifact names. */
  readonly evidence: readonly string[];
  /** Asks to go on without something that was asked for: `auto` leaves it to a person, unless the plan accepts it by name. */
  readonly personOnly?: true;
}

/**
 * A stage: `preflight` → `execute` → `verify` → gates → record (the orchestrator's own). Each method is one
 * activity, may run more than once, and must tolerate that the work was already done.
 */
export interface Stage {
  readonly id: StageId;
  /** Inputs exist, formats valid, dependencies reachable. Changes nothing. Throws when the stage can't start. */
  preflight(context: StageContext): Promise<CheckResult[]>;
  /** Does the work, by the steps of `specs/<stage>/tasks.md`; returns every artifact it gave. */
  execute(context: StageContext): Promise<ArtifactReference[]>;
  /** Independent of execute: re-reads the world. A result with `passed < total` fails the stage. */
  verify(context: StageContext): Promise<CheckResult[]>;
  /** Questions that must be approved before the next stage; pure reading of outputs. */
  gates(context: StageContext): Promise<GateQuestion[]>;
  /** Puts back what execute did; idempotent; a no-op when it never happened; holds nothing execute made. */
  compensate(context: StageContext): Promise<void>;
}
