import getPort from 'get-port';
import { randomBytes } from 'node:crypto';
import type { MigrationContract } from '../../contract/types.ts';
import type { StageContext } from '../../core/stage.ts';
import {
  openSession,
  type Recording,
  recordedTraffic,
  type ReplayReport,
  replayTraffic,
  runCommand,
  type RunningServer,
  startServer,
  tail,
  UNREACHABLE_MYSQL,
} from '../application/index.ts';
import type { Difference } from '../07-data-migration-execution/validate/compare.ts';
import { type Rehearsal, withRehearsal } from '../rehearsal/rehearsal.ts';
import { ControlClient } from './control-client.ts';

/** What was found when the application ran in one phase. */
export interface PhaseProof {
  readonly phase: number;
  readonly replay: ReplayReport;
  readonly tests: { readonly exitCode: number; readonly output: string };
  /** Rows compared with their items, in the phases in which both stores hold all. */
  readonly rows: number;
  readonly differences: readonly Difference[];
  readonly mismatches: number;
  /** Methods of the mismatches, and how they differed. */
  readonly mismatched: readonly string[];
  /** Undefined where the phase has no way back. */
  readonly wayBack: boolean | undefined;
  /** Whether the signed cookie sent a browser's reads to DynamoDB; only looked at in phase 2. */
  readonly cookie: boolean | undefined;
}

/** Drives the branch's application through each phase on real servers, from a fresh state each. */
export async function drivePhases(
  context: StageContext,
  contract: MigrationContract,
  application: string,
): Promise<PhaseProof[]> {
  const { settings, scratch, secrets } = await openSession(context);
  const recording = await recordedTraffic(context);
  context.progress({ step: 'Drive every phase', done: 0, total: 5, unit: 'phases' });
  const proofs: PhaseProof[] = [];
  for (const phase of [1, 2, 3, 4, 5]) {
    context.signal.throwIfAborted();
    // Stage 3's own state: the recording began from it.
    await scratch.restore();
    proofs.push(await withRehearsal(context, contract, (rehearsal) => drive(phase, rehearsal)));
    context.progress({ step: 'Drive every phase', done: phase, total: 5, unit: 'phases' });
  }
  return proofs;

  async function drive(phase: number, rehearsal: Rehearsal): Promise<PhaseProof> {
    let running = await start(rehearsal, scratch.url);
    try {
      if (phase >= 2) {
        await running.control.walk(2);
        await rehearsal.load();
      }
      await running.control.walk(phase);
      if (phase === 5) {
        await running.server.stop();
        running = await start(rehearsal, UNREACHABLE_MYSQL);
      }
      const { server, control } = running;
      const replay = await replayTraffic(recording, server.url, { secrets, signal: context.signal });
      const cookie = phase === 2 ? await cookieCounts(recording, server, control) : undefined;
      const tests = await runCommand(settings.tests.command, {
        cwd: application,
        environment: { ...settings.tests.environment },
        serverUrl: server.url,
        signal: context.signal,
        secrets,
      });
      const both = phase >= 2 && phase <= 4;
      if (both) await control.settled();
      const { entities, differences } = both ? await rehearsal.compare() : { entities: [], differences: [] };
      const { mismatches } = await control.status();
      const mismatched = await control.mismatched();
      let wayBack: boolean | undefined;
      if (both) {
        await control.walk(1);
        wayBack = (await control.status()).phase === 1;
      }
      return {
        phase,
        replay,
        tests: { exitCode: tests.exitCode, output: tail(tests.output) },
        rows: entities.reduce((sum, { rows }) => sum + rows, 0),
        differences,
        mismatches,
        mismatched,
        wayBack,
        cookie,
      };
    } finally {
      await running.server.stop();
    }
  }

  async function start(rehearsal: Rehearsal, databaseUrl: string) {
    const port = await getPort({ host: '127.0.0.1' });
    const token = randomBytes(24).toString('hex');
    const server = await startServer(settings.server, {
      cwd: application,
      databaseUrl,
      environment: {
        DAL_STORE: 'flags',
        FLAGS_CONTROL_PORT: String(port),
        FLAGS_CONTROL_TOKEN: token,
        FLAGS_COOKIE_SECRET: randomBytes(24).toString('hex'),
        ...rehearsal.environment,
      },
      signal: context.signal,
      secrets,
    });
    return { server, control: new ControlClient(`http://127.0.0.1:${port}`, token) };
  }
}

/** Sends some of the recorded reads with a cookie for DynamoDB, in a phase in which all others read MySQL. */
async function cookieCounts(recording: Recording, server: RunningServer, control: ControlClient): Promise<boolean> {
  const cookie = await control.cookie('dynamodb');
  const before = (await control.status()).reads.dynamodb;
  const reads = recording.exchanges.filter(
    ({ request, response }) => request.method === 'GET' && response.status === 200,
  );
  for (const { request } of reads.slice(0, 10)) {
    const answer = await fetch(`${server.url}${request.path}`, { headers: { cookie } });
    await answer.arrayBuffer();
  }
  return (await control.status()).reads.dynamodb > before;
}
