import { cp, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CutoverError } from '../../../core/errors/index.ts';
import type { ExecutorSettings } from '../../../core/plan.ts';
import { runCommand, tail, type WorkTree } from '../../application/index.ts';
import type { TestBench } from '../tests/index.ts';
import { standing, unwantedChanges } from './changes.ts';
import { type ExecutorTask, readme } from './task.ts';

const SPECIFICATION = fileURLToPath(new URL('../../../specs/04-dynamodb-implementation', import.meta.url));

/** One run of the executor's command. */
export interface Attempt {
  readonly exitCode: number | null;
  readonly milliseconds: number;
  /** The last 64 KB of what it printed. */
  readonly output: string;
  /** Why there is nothing to verify; undefined when its file is there, and nothing else was changed. */
  readonly refusal: string | undefined;
}

/** Gives a task to the executor, in the work tree. What it changed stays, for the caller to take or to put back. */
export async function attempt(
  bench: TestBench,
  tree: WorkTree,
  settings: ExecutorSettings,
  task: ExecutorTask,
): Promise<Attempt> {
  const { context, session } = bench;
  const folder = path.join(await context.artifacts.workFolder('executor'), `${task.aggregate}.${task.method}`);
  await writeTask(folder, task);
  await mkdir(path.join(tree.application, path.dirname(task.file)), { recursive: true });
  const before = await standing(tree);
  const started = Date.now();
  const done = (exitCode: number | null, output: string, refusal: string | undefined): Attempt => ({
    exitCode,
    milliseconds: Date.now() - started,
    output,
    refusal,
  });
  try {
    const outcome = await runCommand(settings.command, {
      cwd: tree.application,
      sealed: true,
      environment: { CUTOVER_TASK: folder },
      input: `${JSON.stringify(task)}\n`,
      timeoutMs: settings.timeoutSeconds * 1000,
      signal: context.signal,
      secrets: session.secrets,
    });
    const wrong = await unwantedChanges(tree, before, task.file);
    return done(outcome.exitCode, outcome.output, await refusalOf(outcome.exitCode, outcome.output, wrong, tree, task));
  } catch (error) {
    if (!(error instanceof CutoverError) || !error.code.startsWith('dal.command-')) throw error;
    const why =
      error.code === 'dal.command-timeout'
        ? `It was ended after ${settings.timeoutSeconds} seconds.`
        : 'It could not be started.';
    return done(null, error.detail, `${why} ${error.detail}`);
  }
}

async function refusalOf(
  exitCode: number,
  output: string,
  wrong: readonly string[],
  tree: WorkTree,
  task: ExecutorTask,
): Promise<string | undefined> {
  if (exitCode !== 0) return `It ended with exit code ${exitCode}: ${tail(output, 10, 1000)}`;
  if (wrong.length > 0)
    return `It may write ${task.file} and nothing else, and changed: ${wrong.slice(0, 10).join(', ')}.`;
  const written = await lstat(path.join(tree.application, task.file)).catch(() => undefined);
  return written === undefined ? `It wrote no ${task.file}.` : undefined;
}

async function writeTask(folder: string, task: ExecutorTask): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {
    'README.md': readme(task),
    'task.json': json(task),
    'statement.sql': `${task.sql}\n`,
    'contract.json': json(task.contract),
    'interface.ts': task.interface.text,
    'tests.json': json(task.tests.cases),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  for (const name of ['requirements.md', 'design.md'])
    await cp(path.join(SPECIFICATION, name), path.join(folder, name));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
