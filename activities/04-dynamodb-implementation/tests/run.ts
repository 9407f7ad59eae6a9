import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StageContext } from '../../../core/stage.ts';
import { type ApplicationSession, runCommand, tail, UNREACHABLE_MYSQL } from '../../application/index.ts';
import type { TestFramework } from './framework.ts';

/** Everything that a run of generated tests needs. */
export interface TestBench {
  readonly context: StageContext;
  readonly session: ApplicationSession;
  /** Folder of the application in the work tree. */
  readonly application: string;
  readonly framework: TestFramework;
}

/** Results by name of test; `output` for when something is missing among them. */
export interface TestRun {
  readonly results: ReadonlyMap<string, boolean>;
  readonly exitCode: number;
  readonly output: string;
}

/** Environment of the MySQL run. */
export function onMysql(bench: TestBench): Record<string, string> {
  const { server } = bench.session.settings;
  return { ...server.environment, [server.databaseUrlVariable]: bench.session.scratch.url, DAL_STORE: 'mysql' };
}

/** Environment of the DynamoDB run, MySQL out of reach. */
export function onDynamo(bench: TestBench, tables: Readonly<Record<string, string>>): Record<string, string> {
  const { server } = bench.session.settings;
  return { ...server.environment, [server.databaseUrlVariable]: UNREACHABLE_MYSQL, DAL_STORE: 'dynamodb', ...tables };
}

/** Runs test files by the application's framework. Red is a result, not an error. */
export async function runTests(
  bench: TestBench,
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<TestRun> {
  if (files.length === 0) return { results: new Map(), exitCode: 0, output: '' };
  const folder = await mkdtemp(path.join(tmpdir(), 'cutover-tests-'));
  try {
    const results = path.join(folder, 'results');
    const outcome = await runCommand(bench.framework.command(files, results), {
      cwd: bench.application,
      environment,
      signal: bench.context.signal,
      secrets: bench.session.secrets,
    });
    const text = await readFile(results, 'utf8').catch(() => '');
    return {
      results: text === '' ? new Map() : bench.framework.parse(text),
      exitCode: outcome.exitCode,
      output: tail(`${outcome.output}\n${firstFailures(text)}`),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the first failing tests of a TAP report say; nothing of another one. */
function firstFailures(text: string): string {
  return [...text.matchAll(/^not ok[\s\S]{0,700}/gm)]
    .slice(0, 3)
    .map(([found]) => found)
    .join('\n');
}
