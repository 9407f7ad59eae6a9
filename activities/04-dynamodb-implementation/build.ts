import type { StageContext } from '../../core/stage.ts';
import { runCommand, tail, type WorkTree } from '../application/index.ts';

/** Builds and lints by the application's own commands; gives what is red. */
export async function buildAndLint(context: StageContext, tree: WorkTree): Promise<string[]> {
  const failures: string[] = [];
  for (const command of [context.plan.application.build, context.plan.application.lint]) {
    if (command === undefined) continue;
    const outcome = await runCommand(command, { cwd: tree.application, signal: context.signal });
    if (outcome.exitCode !== 0)
      failures.push(`\`${command}\` ended with ${outcome.exitCode}:\n${tail(outcome.output)}`);
  }
  return failures;
}
