import { CutoverError, type ErrorCode } from '../core/errors/index.ts';
import type { StatusName } from '../workflows/status.ts';

/** What the process ends with; documented in docs/cli.md and never changed. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  /** The command line, a file or the plan is wrong. */
  usage: 2,
  /** Temporal or a worker did not answer: try again. */
  unreachable: 3,
  /** The migration does not exist, exists already, or refused the request. */
  refused: 4,
  /** A preflight, a check of a contract or the audit found something. */
  findings: 5,
  /** `--wait`: the migration waits for a person (parked, a gate, paused, rolled back). */
  waiting: 6,
  /** `--wait`: the migration ended without completing. */
  ended: 7,
} as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  'core.plan-invalid': EXIT.usage,
  'core.settings-invalid': EXIT.usage,
  'client.usage': EXIT.usage,
  'client.file-unreadable': EXIT.usage,
  'client.file-exists': EXIT.usage,
  'client.temporal-unreachable': EXIT.unreachable,
  'client.no-worker': EXIT.unreachable,
  'client.migration-unknown': EXIT.refused,
  'client.migration-exists': EXIT.refused,
  'client.refused': EXIT.refused,
  'client.check-failed': EXIT.findings,
  'client.audit-broken': EXIT.findings,
  'contract.invalid': EXIT.findings,
  'contract.not-buildable': EXIT.findings,
  'core.artifact-altered': EXIT.findings,
  'core.artifact-missing': EXIT.findings,
};

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CutoverError ? (BY_CODE[error.code] ?? EXIT.unexpected) : EXIT.unexpected;
}

/** The exit code of having waited for a migration. */
export function exitCodeOfStatus(status: StatusName): number {
  if (status === 'completed') return EXIT.ok;
  return status === 'aborted' || status === 'cancelled' ? EXIT.ended : EXIT.waiting;
}
