import { artifactStore } from '../activities/orchestration/artifacts.ts';
import { manifestName, readManifest } from '../activities/orchestration/manifests.ts';
import { Redactor } from '../activities/orchestration/redactor.ts';
import type { AuditRecord } from '../core/audit.ts';
import type { ArtifactReference } from '../core/artifacts.ts';
import { CutoverError } from '../core/errors/index.ts';
import { STAGE_IDS, type StageId } from '../core/stages.ts';
import type { MigrationStore } from '../activities/orchestration/open-store.ts';

/** What the audit says of one stage that stands recorded now. */
export interface RecordedStage {
  readonly stage: StageId;
  readonly startedAt: string;
  readonly recordedAt: string;
  readonly durationMs: number;
  readonly artifacts: number;
  readonly checks: { readonly passed: number; readonly total: number };
  readonly manifest: ArtifactReference;
}

/** Reads the recorded stages out of the trail; what was compensated later is not there any more. */
export function recordedStages(records: readonly AuditRecord[]): RecordedStage[] {
  return STAGE_IDS.flatMap((stage) => {
    const own = records.filter((record) => record.stage === stage);
    const last = own.findLast(({ what }) => what === 'stage.recorded' || what === 'stage.compensated');
    const start = own.findLast(({ what, seq }) => what === 'stage.started' && seq < (last?.seq ?? 0));
    if (last?.what !== 'stage.recorded' || start === undefined) return [];
    const { sha256, bytes, artifacts, passed, total } = last.evidence ?? {};
    return [
      {
        stage,
        startedAt: start.when,
        recordedAt: last.when,
        durationMs: Date.parse(last.when) - Date.parse(start.when),
        artifacts: Number(artifacts),
        checks: { passed: Number(passed), total: Number(total) },
        manifest: { name: manifestName(stage), sha256: String(sha256), bytes: Number(bytes), schemaVersion: 1 },
      },
    ];
  });
}

/** One artifact, and whether it still is what was recorded. */
export interface CheckedArtifact extends ArtifactReference {
  readonly stage: StageId;
  /** `intact`, or what is wrong. */
  readonly finding: string;
}

/** Every recorded artifact, compared with its recorded hash. */
export async function checkedArtifacts(
  store: MigrationStore,
  stages: readonly RecordedStage[],
): Promise<CheckedArtifact[]> {
  const artifacts = artifactStore(store, new Redactor());
  const found: CheckedArtifact[] = [];
  const check = async (stage: StageId, reference: ArtifactReference, read: () => Promise<unknown>): Promise<void> => {
    try {
      await read();
      found.push({ ...reference, stage, finding: 'intact' });
    } catch (error) {
      if (!(error instanceof CutoverError) || !error.code.startsWith('core.artifact-')) throw error;
      found.push({ ...reference, stage, finding: `${error.code}: ${error.detail}` });
    }
  };
  for (const { stage, manifest } of stages) {
    let listed: readonly ArtifactReference[] = [];
    await check(stage, manifest, async () => {
      listed = (await readManifest(artifacts, manifest)).artifacts;
    });
    for (const reference of listed) await check(stage, reference, () => artifacts.read(reference));
  }
  return found;
}
