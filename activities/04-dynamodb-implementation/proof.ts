import type { CheckResult } from '../../core/artifacts.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { StageContext } from '../../core/stage.ts';
import type { Difference } from '../07-data-migration-execution/validate/compare.ts';
import {
  type ApplicationSession,
  openSession,
  recordedTraffic,
  type ReplayReport,
  replayTraffic,
  runCommand,
  type RunningServer,
  startServer,
  tail,
  UNREACHABLE_MYSQL,
} from '../application/index.ts';
import { type Rehearsal, withRehearsal } from '../rehearsal/rehearsal.ts';
import { clockAttributes } from './clock-attributes.ts';

/** What was found when the implementation ran; `stage-04/proof.json`. */
export interface Proof {
  readonly schemaVersion: 1;
  readonly replay: ReplayReport;
  readonly tests: { readonly exitCode: number; readonly milliseconds: number; readonly output: string };
  readonly rows: number;
  /** Rows whose item differs in more than what the clock gave. */
  readonly differences: readonly Difference[];
}

/** Runs the branch's application on DynamoDB alone: recorded traffic, then its own tests, then a comparison of rows. */
export async function prove(context: StageContext, contract: MigrationContract, application: string): Promise<Proof> {
  const session = await openSession(context);
  const { settings, scratch, secrets } = session;
  const { signal } = context;
  const recording = await recordedTraffic(context);
  context.progress({ step: 'Prove it on both stores: put the scratch database back' });
  await scratch.restore();
  return withRehearsal(context, contract, async (rehearsal) => {
    await rehearsal.load();
    context.progress({ step: 'Prove it on both stores: replay the recorded traffic' });
    const replay = await onDynamo(rehearsal, (server) => replayTraffic(recording, server.url, { secrets, signal }));
    // The scratch database gets the same traffic, so that both stores must end in the same state.
    await serve(session, application, scratch.url, { DAL_STORE: 'mysql' }, signal, (server) =>
      replayTraffic(recording, server.url, { secrets, signal }),
    );
    const { entities, differences } = await rehearsal.compare();
    context.progress({ step: "Prove it on both stores: the application's own tests" });
    const tests = await onDynamo(rehearsal, (server) =>
      runCommand(settings.tests.command, {
        cwd: application,
        environment: { ...settings.tests.environment },
        serverUrl: server.url,
        signal,
        secrets,
      }),
    );
    return {
      schemaVersion: 1,
      replay,
      tests: { exitCode: tests.exitCode, milliseconds: tests.milliseconds, output: tail(tests.output) },
      rows: entities.reduce((sum, { rows }) => sum + rows, 0),
      differences: differences.filter((difference) => !explainedByClock(contract, difference)),
    };
  });

  function onDynamo<T>(rehearsal: Rehearsal, work: (server: RunningServer) => Promise<T>): Promise<T> {
    const environment = { DAL_STORE: 'dynamodb', ...rehearsal.environment };
    return serve(session, application, UNREACHABLE_MYSQL, environment, signal, work);
  }
}

async function serve<T>(
  session: ApplicationSession,
  application: string,
  databaseUrl: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  work: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const { settings, secrets } = session;
  const server = await startServer(settings.server, { cwd: application, databaseUrl, environment, signal, secrets });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Two runs at two times differ in what they took from the clock, and in the keys made of it. */
export function explainedByClock(contract: MigrationContract, difference: Difference): boolean {
  if (difference.kind !== 'different') return false;
  const clock = clockAttributes(contract, difference.source);
  return difference.attributes.every((attribute) => clock.has(attribute));
}

/** The criteria of the specification that running it can answer. */
export function proofChecks(proof: Proof): CheckResult[] {
  const passed = proof.tests.exitCode === 0 ? 1 : 0;
  return [
    {
      id: 'S4-R4',
      title: 'Recorded traffic gives equal answers on DynamoDB',
      passed: proof.replay.equal,
      total: proof.replay.requests,
      failures: proof.replay.differences.slice(0, 10).map((difference) => JSON.stringify(difference).slice(0, 500)),
    },
    {
      id: 'S4-R5',
      title: "The application's own tests pass on DynamoDB alone",
      passed,
      total: 1,
      failures: passed === 1 ? [] : [proof.tests.output.slice(-1500)],
    },
    {
      id: 'S4-R6',
      title: 'After the same traffic both stores hold the same rows',
      passed: Math.max(0, proof.rows - proof.differences.length),
      total: proof.rows,
      failures: proof.differences
        .slice(0, 10)
        .map(({ kind, table, key, attributes }) => `${kind} ${table} ${key} ${attributes.join(', ')}`),
    },
  ];
}
