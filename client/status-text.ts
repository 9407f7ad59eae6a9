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
  parts.push(...gateTexts(status));
  for (const activity of execution?.activities ?? []) {
    parts.push(activityText(activity));
  }
  if (status.accepts.length > 0) parts.push(`accepts now: ${status.accepts.join(', ')}`);
  return parts.join('\n\n');
}

/** Gates of one kind beyond this many are counted: the documents say more of them than a terminal can. */
const GATES_SHOWN = 10;

/** Open gates with what they rest on; of many of one kind, the first ones and how to answer the rest. */
function gateTexts({ migration, gates }: MigrationStatus): string[] {
  const kinds = new Map<string, MigrationStatus['gates'][number][]>();
  for (const gate of gates.filter(({ state }) => state === 'open')) {
    const kind = gate.id.slice(0, gate.id.lastIndexOf('/') + 1);
    const own = kinds.get(kind);
    if (own) own.push(gate);
    else kinds.set(kind, [gate]);
  }
  return [...kinds].flatMap(([kind, own]) => {
    const texts = own.slice(0, GATES_SHOWN).map((gate) => {
      const evidence = gate.evidence.map((line) => `  - ${line}`).join('\n');
      return `gate ${gate.id} waits: ${gate.question}\n${evidence}`.trimEnd();
    });
    const more = own.length - GATES_SHOWN;
    if (more <= 0) return texts;
    return [...texts, `${more} more gates ${kind}… wait; all of them: cutover approve ${migration} '${kind}*'`];
  });
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
