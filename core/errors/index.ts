import { analysisErrors } from './analysis.ts';
import { applicationErrors } from './application.ts';
import { clientErrors } from './client.ts';
import { compileErrors } from './compile.ts';
import { contractErrors } from './contract.ts';
import { coreErrors } from './core.ts';
import { dalErrors } from './dal.ts';
import { dataErrors } from './data.ts';
import { flagsErrors } from './flags.ts';
import { infrastructureErrors } from './infrastructure.ts';
import { modelErrors } from './model.ts';
import { workflowErrors } from './workflow.ts';
import type { ErrorEntry } from './catalogue.ts';

/** The closed catalogue: every error that Cutover can give, one file a family. */
export const ERRORS = {
  ...coreErrors,
  ...workflowErrors,
  ...analysisErrors,
  ...applicationErrors,
  ...modelErrors,
  ...contractErrors,
  ...dalErrors,
  ...compileErrors,
  ...flagsErrors,
  ...infrastructureErrors,
  ...dataErrors,
  ...clientErrors,
};

export type ErrorCode = keyof typeof ERRORS;

/** What an operator is shown of an error; plain JSON, small enough for a Temporal failure. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly summary: string;
  /** File, table, column, line: as exact as is known. */
  readonly where: string;
  /** What was expected and what was found. */
  readonly detail: string;
  readonly remedy: string;
  readonly retryable: boolean;
}

/**
 * The one error class of Cutover. Carries a code of the catalogue, the place and the detail of the case.
 * Never put a secret or a row's values into `where` or `detail`.
 */
export class CutoverError extends Error {
  override readonly name = 'CutoverError';
  readonly code: ErrorCode;
  readonly where: string;
  readonly detail: string;

  constructor(code: ErrorCode, options: { where: string; detail: string; cause?: unknown }) {
    const entry: ErrorEntry = ERRORS[code];
    super(`${code}: ${entry.summary} Where: ${options.where}. ${options.detail} What to do: ${entry.remedy}`, {
      cause: options.cause,
    });
    this.code = code;
    this.where = options.where;
    this.detail = options.detail;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  report(): ErrorReport {
    const { summary, remedy, retryable } = ERRORS[this.code];
    return { code: this.code, summary, where: this.where, detail: this.detail, remedy, retryable };
  }
}
