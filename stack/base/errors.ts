import type { PartName } from './types.ts';

/** Why a part could not be had or started; stable, so that callers can tell the cases apart. */
export type StackErrorCode =
  | 'MISSING_TOOL'
  | 'DOWNLOAD_FAILED'
  | 'INSTALL_FAILED'
  | 'PORT_IN_USE'
  | 'ALREADY_RUNNING'
  | 'NOT_RUNNING'
  | 'DIED'
  | 'NOT_HEALTHY'
  | 'BAD_INPUT';

/** An error of one clear sentence: what is missing or wrong, and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly code: StackErrorCode;
  readonly part: PartName | undefined;

  constructor(code: StackErrorCode, message: string, options: { part?: PartName; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.part = options.part;
  }
}

/** The last line that says something, shortened: enough to name the cause inside a one-sentence error. */
export function lastLine(text: string, max = 300): string {
  const line =
    text
      .trimEnd()
      .split('\n')
      .findLast((candidate) => candidate.trim() !== '') ?? '';
  const clean = line.trim();
  return clean.length > max ? `${clean.slice(0, max)}…` : clean;
}
