import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { CutoverError, type ErrorReport } from '../../core/errors/index.ts';
import type { Redactor } from './redactor.ts';

/** The server keeps about 4 KB of a failed attempt; the rest would be cut off in the middle. */
const MAX_DETAIL = 1500;

/**
 * Anything thrown by a stage as the failure that Temporal keeps: code of the catalogue as its type, the report as its
 * details, no secrets. Never a cause: what decides about retries is the outermost error, and causes are not redacted.
 */
export function toFailure(error: unknown, redactor: Redactor): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  return asFailure(reduce(reportOf(error), redactor));
}

function asFailure(report: ErrorReport): ApplicationFailure {
  return ApplicationFailure.create({
    type: report.code,
    message: `${report.summary} Where: ${report.where}. ${report.detail}`,
    nonRetryable: !report.retryable,
    details: [report],
  });
}

/** What to throw when the activity's signal is aborted: Cancelled only when the workflow asked for it. */
export function interruption(cancelRequested: boolean): CancelledFailure | ApplicationFailure {
  if (cancelRequested) return new CancelledFailure('The stage was stopped on request');
  return asFailure(
    new CutoverError('core.worker-stopped', { where: 'worker', detail: 'Another attempt goes on.' }).report(),
  );
}

function reportOf(error: unknown): ErrorReport {
  if (error instanceof CutoverError) return error.report();
  const known = error instanceof Error ? error : new Error(String(error));
  const detail = [known.name, (known as NodeJS.ErrnoException).code, known.message].filter(Boolean).join(': ');
  return new CutoverError('core.unexpected', { where: firstFrame(known), detail }).report();
}

/** The place in Cutover where it was thrown, relative, so that no machine's paths get into a history. */
function firstFrame(error: Error): string {
  const frames = (error.stack ?? '').split('\n').slice(1);
  const own = frames.find((frame) => frame.includes('.ts') && !frame.includes('node_modules'));
  return /((?:activities|core|contract|runtime|test|stack)\/[^\s)]+)/.exec(own ?? '')?.[1] ?? 'unknown place';
}

function reduce(report: ErrorReport, redactor: Redactor): ErrorReport {
  const cut = (text: string): string => (text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)} …` : text);
  return { ...report, where: cut(redactor.text(report.where)), detail: cut(redactor.text(report.detail)) };
}
