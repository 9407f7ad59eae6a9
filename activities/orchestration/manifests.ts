import type { ArtifactReference, StageManifest } from '../../core/artifacts.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { ArtifactStore } from '../../core/stage.ts';
import type { StageId } from '../../core/stages.ts';

/** Folder of a stage in the artifact store, such as `stage-03`. */
export function stageFolder(stage: StageId): string {
  return `stage-${stage.slice(0, 2)}`;
}

/** Name of a stage's manifest, such as `stage-03/manifest.json`. */
export function manifestName(stage: StageId): string {
  return `${stageFolder(stage)}/manifest.json`;
}

/** Writes what a stage gave; the reference is what later stages and the audit rely on. */
export async function writeManifest(
  artifacts: ArtifactStore,
  stage: StageId,
  outputs: readonly ArtifactReference[],
): Promise<ArtifactReference> {
  const sorted = [...outputs].sort((a, b) => (a.name < b.name ? -1 : 1));
  const manifest: StageManifest = { schemaVersion: 1, stage, artifacts: sorted };
  return artifacts.write(manifestName(stage), `${canonicalJson(manifest, 2)}\n`, 1);
}

/** Reads and verifies one manifest; its form is trusted because its hash is. */
export async function readManifest(artifacts: ArtifactStore, reference: ArtifactReference): Promise<StageManifest> {
  const bytes = await artifacts.read(reference);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as StageManifest;
  } catch (cause) {
    throw new CutoverError('core.artifact-invalid', { where: reference.name, detail: 'It is not JSON.', cause });
  }
}

/** Reads every artifact of the manifests and compares it with its recorded hash. */
export async function verifyManifests(artifacts: ArtifactStore, manifests: readonly StageManifest[]): Promise<void> {
  for (const manifest of manifests) {
    for (const reference of manifest.artifacts) await artifacts.read(reference);
  }
}
