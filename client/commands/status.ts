import type { Command } from 'commander';
import { exitCodeOfStatus } from '../exit-codes.ts';
import { session, type GlobalOptions } from '../session.ts';
import { statusText } from '../status-text.ts';
import { watch } from '../watch.ts';

/** `cutover status NAME` */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('what a migration is doing, and what it waits for')
    .argument('<name>', 'name of the migration')
    .option('--watch', 'show progress until it ends or waits for a person')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ watch?: boolean } & GlobalOptions>();
      process.exitCode = await session(options, async ({ migrations, out }) => {
        const watched = options.watch === true ? await watch(migrations, name, out) : undefined;
        const execution = await migrations.execution(name);
        const status = watched ?? (await migrations.status(name));
        out.result({ ...status, run: execution }, () => statusText(status, execution));
        return watched === undefined ? 0 : exitCodeOfStatus(watched.status);
      });
    });
}
