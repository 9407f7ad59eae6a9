import { CutoverError, type ErrorCode } from '../../../core/errors/index.ts';
import type { StageContext } from '../../../core/stage.ts';
import {
  runApplicationTests,
  runCommandOrFail,
  type ApplicationSession,
  type CommandOutcome,
  type WorkTree,
} from '../../application/index.ts';
import type { StepCheck } from './state.ts';

/** Builds, lints (where asked) and tests the application as it stands; the first failure is an error of the given code. */
export async function runLane(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  failure: { readonly code: ErrorCode; readonly step: string; readonly withLint: boolean },
): Promise<StepCheck[]> {
  const { build, lint } = session.settings;
  const options = { cwd: tree.application, signal: context.signal, secrets: session.secrets };
  const checks: StepCheck[] = [];
  const run = async (name: StepCheck['name'], work: () => Promise<CommandOutcome>): Promise<void> => {
    context.progress({ step: `${failure.step}: ${name}` });
    try {
      const outcome = await work();
      checks.push({
        name,
        command: outcome.command,
        passed: true,
        milliseconds: outcome.milliseconds,
        summary: summaryOf(outcome.output),
      });
    } catch (error) {
      if (!(error instanceof CutoverError) || error.code !== 'dal.command-failed') throw error;
      throw new CutoverError(failure.code, {
        where: `${failure.step}, ${name}: ${error.where}`,
        detail: error.detail,
        cause: error,
      });
    }
  };
  if (build !== undefined) await run('build', () => runCommandOrFail(build, options));
  if (lint !== undefined && failure.withLint) await run('lint', () => runCommandOrFail(lint, options));
  await run('tests', () => runApplicationTests(context, session, tree));
  return checks;
}

/** The lines in which test runners count: node's `# pass 62`, jest's and vitest's `Tests: 62 passed`, mocha's `62 passing`. */
export function summaryOf(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trim().replace(/^[ℹ#]\s*/, ''))
    .filter((line) =>
      /^(tests|pass|fail|skipped) \d+$|^Tests:?\s+.*\d+ passed|^\d+ (passing|failing|pending)/.test(line),
    )
    .slice(-6);
}
