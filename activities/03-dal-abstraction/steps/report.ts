import type { ReplayReport } from '../../application/index.ts';
import type { PlannedMove } from './source.ts';
import type { StepRecord } from './state.ts';

/** What the report is made of. */
export interface ReportFacts {
  readonly branch: string;
  readonly base: string;
  readonly steps: readonly StepRecord[];
  readonly move: PlannedMove;
  readonly replay: ReplayReport | undefined;
  readonly transactions: readonly { readonly within: string; readonly file: string; readonly line: number }[];
}

/** `stage-03/dal_report.md`, for people. */
export function printReport(facts: ReportFacts): string {
  const { move, steps, replay } = facts;
  const { design, layout } = move;
  const callSites = design.methods.flatMap((method) => method.callSites);
  return `# Data access layer

Branch \`${facts.branch}\`, from ${facts.base.slice(0, 12)}. ${callSites.length + design.pings.length} statements of the application became ${design.methods.length}
methods of ${design.aggregates.length} aggregates in \`${layout.folder}\`; ${design.pings.length} that only asked whether the database is there became \`ping()\`.

## The nine steps

| step | commit | files changed | checks |
|---|---|---|---|
${steps.map(stepRow).join('\n')}

## Recorded traffic, replayed on the refactored application

${replay === undefined ? 'The plan names no traffic command: behaviour was compared by the tests alone.' : traffic(replay)}

## Aggregates and methods

| method | statement | call sites |
|---|---|---|
${design.methods.map((method) => `| ${method.aggregate}.${method.name} | ${method.kind} | ${method.callSites.map((one) => `${one.id} ${one.span.file}:${one.span.line}`).join(', ')} |`).join('\n')}

## Transactions, now units of work

${facts.transactions.length === 0 ? 'None.' : facts.transactions.map((one) => `- ${one.within} (${one.file}:${one.line})`).join('\n')}

## Taking it over

The branch can be fetched from the bundle beside this report: \`git fetch branch.bundle ${facts.branch}:${facts.branch}\`.
`;
}

function stepRow(step: StepRecord): string {
  const checks = step.checks.map(
    (check) =>
      `${check.name} green in ${(check.milliseconds / 1000).toFixed(1)} s${check.summary.length === 0 ? '' : ` (${check.summary.join(', ')})`}`,
  );
  const shown = [...(checks.length === 0 ? ['nothing changed: as after the step before'] : checks), ...step.notes];
  return `| ${step.number}. ${step.title} | ${step.commit.slice(0, 12)} | ${step.changedFiles.length} | ${shown.join('; ').replaceAll('|', '\\|')} |`;
}

function traffic(replay: ReplayReport): string {
  const differences = replay.differences.map(
    (one) => `- request ${one.number}, ${one.request}, at ${one.at}: \`${one.recorded}\` became \`${one.replayed}\``,
  );
  return [
    `${replay.equal} of ${replay.requests} answers equal, order of lists and keys included.`,
    ...differences,
  ].join('\n');
}
