import type { MigrationStatus, StageStatus } from '../workflows/status.ts';
import type { Execution } from './migrations.ts';
import { duration, table } from './output.ts';

/** The whole state of a migration, for a terminal. */
export function statusText(status: MigrationStatus, execution?: Execution): string {
  const parts = [headline(status), stageTable(status.stages)];
  if (status.problem !== null) {
    const { code, stage, step, where, cause, remedy } = status.problem;
    parts.push(`parked: ${code} in ${stage} (${step})\n  where: ${where}\n  cause: ${cause}\n  do:    ${remedy}`);
  }
  for (const gate of status.gates.filter(({ state }) => state === 'open')) {
    const evidence = gate.evidence.map((line) => `  - ${line}`).join('\n');
    parts.push(`gate ${gate.id} waits: ${gate.question}\n${evidence}`.trimEnd());
  }
  for (const activity of execution?.activities ?? []) {
    parts.push(activityText(activity));
  }
  if (status.accepts.length > 0) parts.push(`accepts now: ${status.accepts.join(', ')}`);
  return parts.join('\n\n');
}

/** One line that says what is going on. */
export function headline({ migration, status, stage, step, pauseRequested }: MigrationStatus): string {
  const at = stage === null ? '' : `, stage ${stage}${step === null ? '' : `, ${step}`}`;
  return `${migration}: ${status}${at}${pauseRequested && status !== 'paused' ? ' (pausing)' : ''}`;
}

/** Stage, status, time, checks, artifacts. */
export function stageTable(stages: readonly StageStatus[], now = Date.now()): string {
  return table(
    ['stage', 'status', 'duration', 'checks passed/total', 'artifacts', 'runs'],
    stages.map(({ id, status, startedAt, finishedAt, checks, artifacts, runs }) => [
      id,
      status,
      startedAt === undefined
        ? ''
        : duration((finishedAt === undefined ? now : Date.parse(finishedAt)) - Date.parse(startedAt)),
      `${checks.passed}/${checks.total}`,
      artifacts,
      runs,
    ]),
  );
}

function activityText({ type, attempt, progress, lastFailure }: Execution['activities'][number]): string {
  const of = progress?.total === undefined ? '' : ` of ${progress.total}`;
  const done = progress?.done === undefined ? '' : `: ${progress.done}${of} ${progress.unit ?? ''}`.trimEnd();
  const step = progress === undefined ? '' : ` ${progress.step}${done}`;
  const failure = lastFailure === undefined ? '' : `\n  last attempt failed: ${lastFailure}`;
  return `${type} (attempt ${attempt})${step}${failure}`;
}
