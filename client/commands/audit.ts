import type { Command } from 'commander';
import { CutoverError } from '../../core/errors/index.ts';
import { table } from '../output.ts';
import type { GlobalOptions } from '../session.ts';
import { recordsSession } from '../trail.ts';

/** `cutover audit NAME` */
export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('who did what, when, with which evidence')
    .argument('<name>', 'name of the migration')
    .option('--verify', 'fail when a record was changed, removed or reordered')
    .option('--plan <file>', 'find the trail by the plan, when the run can no longer be asked')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ verify?: boolean; plan?: string } & GlobalOptions>();
      await recordsSession(options, name, async ({ out, trail }) => {
        if (options.verify === true && trail.broken !== undefined) {
          const { line, finding } = trail.broken;
          throw new CutoverError('client.audit-broken', { where: `audit.jsonl line ${line}`, detail: `${finding}.` });
        }
        out.result({ migration: name, ...trail }, ({ records, head, broken }) => {
          const rows = records.map(({ seq, when, who, what, stage, why }) => [
            seq,
            when,
            who,
            what,
            stage ?? '',
            why ?? '',
          ]);
          const verdict =
            broken === undefined
              ? `chain of ${head.count} records holds`
              : `BROKEN at line ${broken.line}: ${broken.finding}`;
          return `${table(['', 'when', 'who', 'what', 'stage', 'why'], rows)}\n${verdict}`;
        });
      });
    });
}
