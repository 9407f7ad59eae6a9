import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import {
  installDependencies,
  recordTraffic,
  replayTraffic,
  runCommand,
  runCommandOrFail,
  ScratchDatabase,
  startServer,
  type RunningServer,
} from '../../activities/application/index.ts';
import { readPlan } from '../../client/plan-file.ts';
import { testEndpoints, uniqueName } from '../support/shared-stack.ts';

/** As long as a command may take by itself: compilers and linters take minutes on a busy machine. */
const LIMIT = 600_000;

/**
 * The applications as their own plans say that they are built, tested and driven, and nothing of a migration: what
 * stages are tried on must work by itself.
 */
describe.each(['podium', 'drawers', 'toolshed'])('%s', (name) => {
  const cwd = new URL(name, import.meta.url).pathname;
  const { application } = readPlan(`${cwd}/migration.json`);
  const { host, port, user, password } = testEndpoints().mysql;
  const scratch = new ScratchDatabase({ host, port, user, database: 'nothing_is_migrated' }, password, {
    ...application.scratch,
    database: uniqueName(name),
  });
  let server: RunningServer | undefined;

  const serve = async (): Promise<string> => {
    await server?.stop();
    server = await startServer(application.server, { cwd, databaseUrl: scratch.url });
    return server.url;
  };

  beforeAll(async () => {
    const install = application.install === undefined ? {} : { install: application.install };
    await installDependencies({ original: cwd, application: cwd, ...install });
    await scratch.prepare(application, { cwd });
    await scratch.snapshot();
  }, LIMIT);

  afterAll(async () => {
    await server?.stop();
    await scratch.drop();
  });

  test(
    'it builds and is clean in its own style',
    async () => {
      if (application.build !== undefined) await runCommandOrFail(application.build, { cwd });
      await runCommandOrFail(application.lint ?? '', { cwd });
    },
    LIMIT,
  );

  test(
    'its own tests pass on a real MySQL',
    async () => {
      const serverUrl = await serve();
      const { environment = {}, command } = application.tests;
      const outcome = await runCommand(command, { cwd, environment, serverUrl });
      expect({ exitCode: outcome.exitCode, output: outcome.output }).toMatchObject({ exitCode: 0 });
      expect(testsPassed(outcome.output)).toBeGreaterThanOrEqual(25);
    },
    LIMIT,
  );

  test(
    'its traffic, sent again from the same state, is answered the same',
    async () => {
      if (application.traffic === undefined) throw new Error('The plan names no traffic.');
      await scratch.restore();
      const recording = await recordTraffic(application.traffic, await serve(), { cwd });
      const failed = recording.exchanges.filter(({ response }) => response.status >= 500);
      expect(failed).toEqual([]);
      await scratch.restore();
      const report = await replayTraffic(recording, await serve());
      expect(report).toMatchObject({ requests: 300, different: 0, differences: [] });
    },
    LIMIT,
  );
});

/** How many tests a runner's summary says have passed; vitest counts files too, of which there are fewer. */
function testsPassed(output: string): number {
  const summary = stripVTControlCharacters(output);
  const counts = [...summary.matchAll(/\bpass (\d+)|(\d+) pass(?:ed|ing)\b/g)];
  return Math.max(0, ...counts.map(([, after, before]) => Number(after ?? before)));
}
