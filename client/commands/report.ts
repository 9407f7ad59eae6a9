import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AuditRecord, AuditVerification } from '../../core/audit.ts';
import { duration, table } from '../output.ts';
import { recordedStages, type RecordedStage } from '../recorded.ts';
import type { GlobalOptions } from '../session.ts';
import { recordsSession, storeOf } from '../trail.ts';

/** `cutover report NAME` */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('the whole migration on one page, from its audit trail')
    .argument('<name>', 'name of the migration')
    .option('--plan <file>', 'find the trail by the plan, when the run can no longer be asked')
    .option('--output <file>', 'write it to a file too')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ plan?: string; output?: string } & GlobalOptions>();
      await recordsSession(options, name, async ({ out, plan, trail }) => {
        const report = {
          migration: name,
          outcome: outcomeOf(trail.records),
          artifacts: storeOf(plan).blobs.location,
          stages: recordedStages(trail.records),
          decisions: trail.records.filter(isDecision),
          audit: auditLine(trail),
        };
        if (options.output !== undefined) await writeFile(options.output, `${markdown(report)}\n`);
        out.result(report, text);
      });
    });
}

interface Report {
  readonly migration: string;
  readonly outcome: string;
  readonly artifacts: string;
  readonly stages: readonly RecordedStage[];
  readonly decisions: readonly AuditRecord[];
  readonly audit: string;
}

/** The last event of the migration that says how it stands. */
function outcomeOf(records: readonly AuditRecord[]): string {
  const telling = ['stage.parked', 'rollback.parked', 'migration.retry-requested', 'stage.started', 'stage.recorded'];
  const last = records.findLast(({ what }) => what.startsWith('migration.') || telling.includes(what));
  return last === undefined ? 'nothing is recorded' : `${last.what}${last.stage === undefined ? '' : ` ${last.stage}`}`;
}

function isDecision({ what, who }: AuditRecord): boolean {
  return (
    who !== 'cutover' && (what.startsWith('gate.') || what.startsWith('migration.') || what.startsWith('refused.'))
  );
}

function auditLine({ broken, head }: AuditVerification): string {
  return broken === undefined
    ? `chain of ${head.count} records holds, its end is ${head.hash}`
    : `BROKEN at line ${broken.line}: ${broken.finding}`;
}

const HEAD = ['stage', 'duration', 'artifacts', 'checks passed/total'];

function row({ stage, durationMs, artifacts, checks }: RecordedStage): (string | number)[] {
  return [stage, duration(durationMs), artifacts, `${checks.passed}/${checks.total}`];
}

function decisionLine({ when, who, what, why, evidence }: AuditRecord): string {
  const gate = evidence?.['gate'];
  return `${when} ${who}: ${what}${gate === undefined ? '' : ` ${gate}`}${why === undefined ? '' : ` (${why})`}`;
}

function text({ migration, outcome, artifacts, stages, decisions, audit }: Report): string {
  return [
    `${migration}: ${outcome}`,
    table(HEAD, stages.map(row)),
    ...(decisions.length === 0 ? [] : ['decisions:', ...decisions.map((decision) => `  ${decisionLine(decision)}`)]),
    `artifacts: ${artifacts}`,
    `audit: ${audit}`,
  ].join('\n');
}

function markdown({ migration, outcome, artifacts, stages, decisions, audit }: Report): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    `# Migration ${migration}: ${outcome}`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...stages.map((stage) => line(row(stage))),
    '',
    '## Decisions',
    '',
    ...decisions.map((decision) => `- ${decisionLine(decision)}`),
    '',
    `Artifacts: \`${artifacts}\`. Audit: ${audit}.`,
  ].join('\n');
}
