import { ApplicationFailure } from '@temporalio/common';
import type { AdoptInput, Adopted, AuditInput, ValidateInput } from '../../core/activity-contract.ts';
import type { ArtifactReference } from '../../core/artifacts.ts';
import { verifyAudit, type AuditHead, type AuditRecord } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { validatePlan } from '../../core/plan-validation.ts';
import { isStageId, type StageId } from '../../core/stages.ts';
import { artifactStore } from './artifacts.ts';
import { appendEvent, readHead, readTrail } from './audit-trail.ts';
import type { BlobStore } from './blob-store.ts';
import { toFailure } from './failures.ts';
import { manifestName, readManifest, verifyManifests } from './manifests.ts';
import { openStore } from './open-store.ts';
import type { Redactor } from './redactor.ts';

/** The activities that belong to the migration as a whole. */
export interface MigrationActivities {
  validate(input: ValidateInput): Promise<MigrationPlan>;
  adopt(input: AdoptInput): Promise<Adopted>;
  audit(input: AuditInput): Promise<AuditHead>;
}

/** Builds them; they share the redactor with the stages of the same worker. */
export function migrationActivities(redactor: Redactor): MigrationActivities {
  return {
    /** Checks the input and gives it back with its keys in order, so that equal plans look equal in a history. */
    validate: ({ plan, workflowId }) =>
      failing(redactor, async () => {
        const valid = validatePlan(plan);
        // The workflow id is the lock: under another name two runs could share one folder of artifacts.
        if (valid.name !== workflowId) {
          const detail = `Expected the workflow id ${workflowId}, found the name ${valid.name}; they must be the same.`;
          throw new CutoverError('core.plan-invalid', { where: 'plan /name', detail });
        }
        return JSON.parse(canonicalJson(valid)) as MigrationPlan;
      }),

    /** Finds what earlier runs left, and verifies the manifests and artifacts that this one builds on. */
    adopt: ({ plan, stages }) =>
      failing(redactor, async () => {
        const store = openStore(plan);
        const artifacts = artifactStore(store, redactor);
        const records = await verifiedTrail(store.blobs);
        const manifests = await Promise.all(stages.map((stage) => recordedManifest(store.blobs, records, stage)));
        await verifyManifests(artifacts, await Promise.all(manifests.map((found) => readManifest(artifacts, found))));
        return { manifests, leftovers: leftoversOf(records) };
      }),

    /** Never gives up: whatever stops it is for a person to mend, and the migration must not go on unrecorded. */
    audit: async ({ plan, event }) => {
      try {
        return await appendEvent(openStore(plan).blobs, redactor.value(event));
      } catch (error) {
        const { message, type, details } = toFailure(error, redactor);
        throw ApplicationFailure.create({
          message,
          ...(typeof type !== 'string' ? {} : { type }),
          nonRetryable: false,
          details: details ?? [],
        });
      }
    },
  };
}

async function verifiedTrail(blobs: BlobStore): Promise<readonly AuditRecord[]> {
  const trail = verifyAudit(await readTrail(blobs), { head: await readHead(blobs) });
  if (trail.ok) return trail.records;
  throw new CutoverError('core.audit-broken', {
    where: `audit.jsonl line ${trail.broken?.line ?? 0}`,
    detail: trail.broken?.finding ?? 'It does not verify.',
  });
}

/** Events after which nothing of a run is left to be undone. */
const ENDINGS = ['migration.completed', 'migration.aborted', 'migration.cancelled'];

/** Stages of a run that never ended which were started and not compensated. */
export function leftoversOf(records: readonly AuditRecord[]): StageId[] {
  const left = new Set<StageId>();
  for (const { what, stage } of records) {
    if (ENDINGS.includes(what)) left.clear();
    if (!isStageId(stage)) continue;
    if (what === 'stage.started') left.add(stage);
    if (what === 'stage.compensated') left.delete(stage);
  }
  return [...left].sort();
}

/** The reference under which the audit says that a stage's manifest was recorded: a file can't vouch for itself. */
async function recordedManifest(
  blobs: BlobStore,
  records: readonly AuditRecord[],
  stage: StageId,
): Promise<ArtifactReference> {
  const name = manifestName(stage);
  const last = records.findLast((record) => record.stage === stage && DECISIVE.includes(record.what));
  const { sha256: expected, bytes } = last?.what === 'stage.recorded' ? (last.evidence ?? {}) : {};
  if (typeof expected === 'string' && typeof bytes === 'number')
    return { name, sha256: expected, bytes, schemaVersion: 1 };
  const present = (await blobs.get(name)) === undefined ? 'and no such file' : 'though such a file is there';
  throw new CutoverError('core.artifact-missing', {
    where: name,
    detail: `Expected that an earlier run recorded stage ${stage}; found no such record in the audit, ${present}.`,
  });
}

/** Events that say whether what a stage recorded still stands. */
const DECISIVE = ['stage.recorded', 'stage.compensated'];

async function failing<T>(redactor: Redactor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(error, redactor);
  }
}
