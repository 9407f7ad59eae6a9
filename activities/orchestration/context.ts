import type { StepInput } from '../../core/activity-contract.ts';
import type { ArtifactReference, StageManifest } from '../../core/artifacts.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { ArtifactStore, Progress, StageContext } from '../../core/stage.ts';
import type { StageId } from '../../core/stages.ts';
import { artifactStore } from './artifacts.ts';
import { stageCheckpoint } from './checkpoint.ts';
import { readManifest } from './manifests.ts';
import { openStore } from './open-store.ts';
import type { Redactor } from './redactor.ts';
import { secretResolver } from './secrets.ts';

/** What differs between an activity of a worker and `cutover check`, which runs preflights without a worker. */
export interface Surroundings {
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly log: StageContext['log'];
  readonly progress: (progress: Progress) => void;
}

/** How strict to be. */
export interface ContextOptions {
  /** Leave out manifests that are missing or altered: undoing must not depend on files that it does not read. */
  readonly withoutBrokenManifests?: boolean;
}

/** Builds what a stage is given; reads and verifies the manifests of the stages before it. */
export async function stageContext(
  stage: StageId,
  { plan, manifests, outputs, remarks = [] }: StepInput,
  { redactor, signal, log, progress }: Surroundings,
  options: ContextOptions = {},
): Promise<StageContext> {
  const store = openStore(plan);
  const artifacts = artifactStore(store, redactor);
  const inputs = await readManifests(artifacts, manifests, options);
  return {
    migration: plan.name,
    plan,
    artifacts,
    inputs,
    outputs,
    ...(remarks.length === 0 ? {} : { remarks }),
    input: (name) => readInput(artifacts, inputs, name),
    secret: secretResolver(redactor, plan.target),
    progress: (value) => {
      progress(redactor.value(value));
    },
    checkpoint: stageCheckpoint(store.blobs, stage, redactor),
    signal,
    log: {
      info: (message, fields) => {
        log.info(redactor.text(message), redactor.value(fields));
      },
      warn: (message, fields) => {
        log.warn(redactor.text(message), redactor.value(fields));
      },
    },
  };
}

async function readManifests(
  artifacts: ArtifactStore,
  references: readonly ArtifactReference[],
  { withoutBrokenManifests = false }: ContextOptions,
): Promise<StageManifest[]> {
  const found = references.map(async (reference) => {
    try {
      return [await readManifest(artifacts, reference)];
    } catch (error) {
      const broken = error instanceof CutoverError && error.code.startsWith('core.artifact-');
      if (withoutBrokenManifests && broken) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}

async function readInput(
  artifacts: ArtifactStore,
  inputs: readonly StageManifest[],
  name: string,
): Promise<Uint8Array> {
  const reference = inputs.flatMap((manifest) => manifest.artifacts).find((artifact) => artifact.name === name);
  if (reference === undefined) {
    const stages = inputs.map((manifest) => manifest.stage).join(', ');
    throw new CutoverError('core.artifact-missing', {
      where: name,
      detail: `Expected it in a manifest of an earlier stage, found manifests of: ${stages === '' ? 'none' : stages}.`,
    });
  }
  return artifacts.read(reference);
}
