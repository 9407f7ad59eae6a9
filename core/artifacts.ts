import type { StageId } from './stages.ts';

/** A file that a stage gave, by reference: workflows pass these, never contents. */
export interface ArtifactReference {
  /** Path below the migration's artifact root, forward slashes, such as `stage-01/analysis.json`. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Version of the artifact's own format; 0 for prose. */
  readonly schemaVersion: number;
}

/** What one stage gave; itself stored as `stage-NN/manifest.json`. */
export interface StageManifest {
  readonly schemaVersion: 1;
  readonly stage: StageId;
  readonly artifacts: readonly ArtifactReference[];
}

/** One acceptance criterion of a stage's spec, as checked. `passed` of `total` single facts held. */
export interface CheckResult {
  /** Id of the criterion in `specs/<stage>/requirements.md`, such as `S1-R3`. */
  readonly id: string;
  readonly title: string;
  readonly passed: number;
  readonly total: number;
  /** What did not hold, first few by name; empty when all passed. */
  readonly failures: readonly string[];
}
