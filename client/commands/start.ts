import type { Command } from 'commander';
import { CutoverError } from '../../core/errors/index.ts';
import { isStageId } from '../../core/stages.ts';
import { exitCodeOfStatus } from '../exit-codes.ts';
import { readPlan } from '../plan-file.ts';
import { session, type GlobalOptions } from '../session.ts';
import { statusText } from '../status-text.ts';
import { watch } from '../watch.ts';

interface StartOptions {
  readonly startAt?: string;
  readonly again?: boolean;
  readonly wait?: boolean;
}

/** `cutover start PLAN` */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('start a migration from a plan (JSON or YAML)')
    .argument('<plan>', 'file with the migration plan')
    .option('--start-at <stage>', 'start at a later stage, on the verified artifacts of an earlier run')
    .option('--again', 'start although a migration of this name has completed')
    .option('--wait', 'show progress until it ends or waits for a person')
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<StartOptions & GlobalOptions>();
      const plan = readPlan(file, startAt(options.startAt));
      process.exitCode = await session(options, async ({ migrations, out }) => {
        const { runId } = await migrations.start(plan, { again: options.again === true });
        if (options.wait !== true) {
          out.result(
            { migration: plan.name, runId },
            () => `started ${plan.name}; look with: cutover status ${plan.name} --watch`,
          );
          return 0;
        }
        const status = await watch(migrations, plan.name, out);
        out.result(status, statusText);
        return exitCodeOfStatus(status.status);
      });
    });
}

function startAt(stage: string | undefined): { startAt?: NonNullable<ReturnType<typeof readPlan>['startAt']> } {
  if (stage === undefined) return {};
  if (isStageId(stage)) return { startAt: stage };
  throw new CutoverError('client.usage', { where: '--start-at', detail: `${stage} is not the id of a stage.` });
}
