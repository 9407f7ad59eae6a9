import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { CheckResult } from '../core/artifacts.ts';
import type { Step } from '../core/activity-contract.ts';
import { ERRORS, type ErrorCode, type ErrorReport } from '../core/errors/index.ts';
import type { StageId } from '../core/stages.ts';
import type { Problem } from './status.ts';

/** A catalogue entry with its place and cause, as the reason to park. */
export function problem(
  code: ErrorCode,
  at: { readonly stage: StageId; readonly step: Problem['step']; readonly where: string; readonly cause: string },
): Problem {
  return { ...at, code, remedy: ERRORS[code].remedy };
}

/**
 * The reason to park that is in an activity's failure. Anything else is a defect in workflow code: it is thrown again,
 * so that the workflow task fails and goes on when a corrected worker is deployed.
 */
export function problemIn(error: unknown, stage: StageId, step: Problem['step']): Problem {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const report = cause.details?.[0] as Partial<ErrorReport> | undefined;
    if (typeof report?.code === 'string') {
      const { code, where = '', detail = '', remedy = '' } = report;
      return { stage, step, code, where, cause: detail, remedy };
    }
  }
  const code = cause instanceof TimeoutFailure ? 'workflow.activity-timeout' : 'workflow.unexpected';
  return problem(code, { stage, step, where: error.activityType, cause: cause?.message ?? error.message });
}

/** The reason to park when checks did not hold; undefined when all did. */
export function failedChecks(checks: readonly CheckResult[], stage: StageId, step: Step): Problem | undefined {
  const failed = checks.filter(({ passed, total }) => passed < total);
  if (failed.length === 0) return undefined;
  const shown = failed.slice(0, 5).map(({ id, title, passed, total, failures }) => {
    const examples = failures.length === 0 ? '' : ` (${failures.slice(0, 3).join('; ')})`;
    return `${id} ${title}: ${passed} of ${total}${examples}`;
  });
  const where = failed.map(({ id }) => id).join(', ');
  return problem('workflow.checks-failed', { stage, step, where, cause: shown.join(' | ').slice(0, 2000) });
}
