import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { CutoverError } from '../core/errors/index.ts';
import type { MigrationPlan } from '../core/plan.ts';
import { validatePlan } from '../core/plan-validation.ts';

/**
 * Reads a plan (YAML, of which JSON is a part), makes its paths absolute against the current folder, and validates it
 * before it is sent: what is in a history once, a password for example, can't be taken out again.
 */
export function readPlan(file: string, changes: Partial<MigrationPlan> = {}): MigrationPlan {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CutoverError('client.file-unreadable', { where: file, detail, cause });
  }
  return withAbsolutePaths(validatePlan({ ...(content as object), ...changes }));
}

/** The worker may run elsewhere than the person who wrote the plan. */
function withAbsolutePaths(plan: MigrationPlan): MigrationPlan {
  const { source, application, contract } = plan;
  const { queryLog, password } = source;
  return {
    ...plan,
    artifactStore: plan.artifactStore.startsWith('s3://') ? plan.artifactStore : path.resolve(plan.artifactStore),
    source: {
      ...source,
      ...(queryLog === undefined ? {} : { queryLog: { ...queryLog, path: path.resolve(queryLog.path) } }),
      ...(password === undefined ? {} : { password: absoluteReference(password) }),
    },
    application: { ...application, path: path.resolve(application.path) },
    ...(contract === undefined ? {} : { contract: { ...contract, path: path.resolve(contract.path) } }),
  };
}

function absoluteReference(reference: string): string {
  return reference.startsWith('file:') ? `file:${path.resolve(reference.slice('file:'.length))}` : reference;
}
