import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/common';
import type { AdoptInput, Adopted, AuditInput, Step, StepInput, ValidateInput } from '../core/activity-contract.ts';
import type { AuditHead } from '../core/audit.ts';
import type { MigrationPlan } from '../core/plan.ts';
import { HEARTBEAT_TIMEOUT, type StageRow } from './stage-table.ts';

/** The activities of the migration as a whole, by their type names. */
interface MigrationActivities {
  'migration.validate'(input: ValidateInput): Promise<MigrationPlan>;
  'migration.adopt'(input: AdoptInput): Promise<Adopted>;
  'migration.audit'(input: AuditInput): Promise<AuditHead>;
}

const PATIENT = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** Checks the input. */
export const validatePlan = proxyActivities<MigrationActivities>({
  startToCloseTimeout: '1m',
  retry: { ...PATIENT, maximumAttempts: 10 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  summary: 'Check the migration plan against its schema',
})['migration.validate'];

/** Looks at what earlier runs left. */
export const adoptEarlierRuns = proxyActivities<MigrationActivities>({
  startToCloseTimeout: '1h',
  retry: { ...PATIENT, maximumAttempts: 5 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  summary: 'Verify what earlier runs of this name recorded',
})['migration.adopt'];

/** Writes one audit record; tried without end, for nothing may go on unrecorded. */
export async function appendAudit(input: AuditInput): Promise<AuditHead> {
  const { what, stage } = input.event;
  const proxy = proxyActivities<MigrationActivities>({
    startToCloseTimeout: '1m',
    retry: PATIENT,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: stage === undefined ? `Audit: ${what}` : `Audit: ${what} ${stage}`,
  });
  return proxy['migration.audit'](input);
}

/** What each step is to people. */
const DOING: Readonly<Record<Step, string>> = {
  preflight: 'are inputs and servers there?',
  execute: 'do the work',
  verify: 'check the result independently',
  gates: 'what must be approved?',
  record: 'record what it gave',
  compensate: 'undo',
};

/** Runs one step of a stage as its activity `<stage-id>.<step>`. */
export async function runStep<T>(row: StageRow, step: Step, input: StepInput): Promise<T> {
  const type = `${row.id}.${step}`;
  const activities = proxyActivities<Record<string, (input: StepInput) => Promise<T>>>(optionsOf(row, step));
  const activity = activities[type];
  if (activity === undefined) throw new Error(`no activity ${type}`);
  return activity(input);
}

/** The options of one step, from the stage's row. */
export function optionsOf(row: StageRow, step: Step): ActivityOptions {
  return {
    startToCloseTimeout: row.longest[step],
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: step === 'compensate' ? PATIENT : row.retry,
    cancellationType: row.writes.includes(step)
      ? ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
      : ActivityCancellationType.TRY_CANCEL,
    summary: `${row.title}: ${DOING[step]}`,
  };
}
