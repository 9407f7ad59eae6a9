import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { stageContext } from '../activities/orchestration/context.ts';
import { parseS3 } from '../activities/orchestration/s3-blob-store.ts';
import { Redactor } from '../activities/orchestration/redactor.ts';
import { secretResolver } from '../activities/orchestration/secrets.ts';
import { openStore } from '../activities/orchestration/open-store.ts';
import { CutoverError } from '../core/errors/index.ts';
import type { MigrationPlan } from '../core/plan.ts';
import type { Stage, StageContext } from '../core/stage.ts';

/** One line of what `cutover check` found. */
export interface Finding {
  readonly subject: string;
  readonly what: string;
  /** `later`: can only be told once the stages before have run. */
  readonly verdict: 'ok' | 'fails' | 'later';
  readonly detail: string;
  readonly remedy: string;
}

/** Resolves every secret reference of the plan; the values are looked at by nobody. */
export async function checkSecrets(plan: MigrationPlan): Promise<Finding[]> {
  const resolve = secretResolver(new Redactor(), plan.target);
  const findings = referencesIn(plan).map((reference) =>
    finding('plan', `secret ${reference}`, async () => {
      await resolve(reference);
      return 'resolves here; the worker needs it too';
    }),
  );
  return Promise.all(findings);
}

/** Whether the artifact store could be written; without writing. */
export async function checkStore(plan: MigrationPlan): Promise<Finding> {
  return finding('plan', `artifact store ${plan.artifactStore}`, async () => {
    if (parseS3(plan.artifactStore) !== undefined) {
      await openStore(plan).blobs.get('audit.head.json');
      return 'the bucket answers';
    }
    const folder = await nearestFolder(plan.artifactStore);
    await access(folder, constants.W_OK);
    return folder === plan.artifactStore ? 'writable' : `will be made below ${folder}`;
  });
}

/** Runs the preflight of every stage. What a stage misses because the stages before it did not run yet is no fault. */
export async function checkStages(plan: MigrationPlan, stages: readonly Stage[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const stage of stages) {
    try {
      const results = await stage.preflight(await readOnlyContext(stage, plan));
      for (const { id, title, passed, total, failures } of results) {
        const verdict = passed === total ? 'ok' : 'fails';
        const detail = `${passed} of ${total}${failures.length === 0 ? '' : `: ${failures.slice(0, 3).join('; ')}`}`;
        findings.push({ subject: stage.id, what: `${id} ${title}`, verdict, detail, remedy: '' });
      }
    } catch (error) {
      findings.push(failureOf(stage.id, 'preflight', error));
    }
  }
  return findings;
}

/** The context of a stage that may look at everything and change nothing. */
async function readOnlyContext(stage: Stage, plan: MigrationPlan): Promise<StageContext> {
  const context = await stageContext(
    stage.id,
    { plan, manifests: [], outputs: [] },
    {
      redactor: new Redactor(),
      signal: new AbortController().signal,
      log: { info: () => undefined, warn: () => undefined },
      progress: () => undefined,
    },
  );
  const refuse = (): never => {
    throw new CutoverError('core.unexpected', { where: stage.id, detail: 'A preflight must not change anything.' });
  };
  return {
    ...context,
    artifacts: { ...context.artifacts, write: async () => refuse(), removeBelow: async () => refuse() },
    checkpoint: { ...context.checkpoint, save: async () => refuse(), clear: async () => refuse() },
  };
}

async function finding(subject: string, what: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, what, verdict: 'ok', detail: await check(), remedy: '' };
  } catch (error) {
    return failureOf(subject, what, error);
  }
}

function failureOf(subject: string, what: string, error: unknown): Finding {
  if (!(error instanceof CutoverError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return { subject, what, verdict: 'fails', detail, remedy: '' };
  }
  const { where, detail, remedy } = error.report();
  const verdict = error.code === 'core.artifact-missing' ? 'later' : 'fails';
  return { subject, what: `${what}: ${where}`, verdict, detail, remedy: verdict === 'later' ? '' : remedy };
}

function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^(env|file|secretsmanager):/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(referencesIn))];
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    return nearestFolder(path.dirname(folder));
  }
}
