import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactReference } from '../../../core/artifacts.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import type { StageContext } from '../../../core/stage.ts';
import {
  commitStep,
  fromJsonLines,
  git,
  openSession,
  recordTraffic,
  replayTraffic,
  resetTo,
  sessionWorkTree,
  toJsonLines,
  withServer,
  type ApplicationSession,
  type ReplayReport,
  type WorkTree,
} from '../../application/index.ts';
import { writeGuards } from './guard.ts';
import { runLane } from './lane.ts';
import { publish } from './publish.ts';
import { planFromSource, readAnalysis, type PlannedMove } from './source.ts';
import { loadState, TITLES, type DalState, type StepCheck, type StepRecord } from './state.ts';
import { userRefs } from './user-refs.ts';
import { writeFilesOfStep } from './write-files.ts';

/** What a step did besides changing files. */
interface StepOutcome {
  readonly notes?: readonly string[];
  /** Checks that it ran itself, instead of build, lint and tests. */
  readonly checks?: readonly StepCheck[];
}

/** The nine steps. Each is committed, checked and remembered before the next; a retry goes on after the last one. */
export async function executeStage(context: StageContext): Promise<ArtifactReference[]> {
  const analysis = await readAnalysis(context);
  const session = await openSession(context);
  const tree = await sessionWorkTree(context, session);
  let state = await loadState(context);
  if (state?.base !== tree.base) {
    state = { base: tree.base, refs: await userRefs(tree), steps: [] };
    await context.checkpoint.save(state);
  }
  await resetTo(tree, tree.base);
  const move = planFromSource(context, tree, analysis);
  await resetTo(tree, state.steps.at(-1)?.commit ?? tree.base);
  const trafficFile = path.join(session.workFolder, 'traffic.jsonl');
  const root = tree.application;

  const actions: (() => Promise<StepOutcome>)[] = [
    () => baseline(context, session, tree, trafficFile),
    async () => ({ notes: [inventory(move)] }),
    ...[3, 4, 5, 6, 7].map((step) => async (): Promise<StepOutcome> => {
      await writeFilesOfStep(root, move, step);
      return {};
    }),
    async () => ({
      notes: await writeGuards(root, {
        sources: context.plan.application.sources,
        allowed: `${move.layout.folder}/mysql`,
      }),
    }),
    () => handOver(context, session, tree, trafficFile),
  ];
  for (const [index, action] of actions.entries()) {
    context.signal.throwIfAborted();
    if (state.steps[index] !== undefined) continue;
    const step = await runStep(context, session, tree, state, index + 1, action);
    state = { ...state, steps: [...state.steps, step] };
    await context.checkpoint.save(state);
  }
  return publish(context, session, tree, state, move, trafficFile, analysis);
}

async function runStep(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  state: DalState,
  number: number,
  action: () => Promise<StepOutcome>,
): Promise<StepRecord> {
  const title = TITLES[number - 1] ?? '';
  const label = `Step ${number} of 9, ${title}`;
  const before = state.steps.at(-1)?.commit ?? tree.base;
  context.progress({ step: label, done: number - 1, total: 9, unit: 'steps' });
  // What a step that died half-way left behind must not get into this one.
  await resetTo(tree, before);
  const { notes = [], checks } = await action();
  const message = [`Data access layer ${number}/9: ${title}`, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
  const commit = await commitStep(tree, message);
  const names = await git(tree.folder, ['diff', '--name-only', '--no-renames', `${before}..${commit}`]);
  const prefix = tree.repository.prefix === '' ? '' : `${tree.repository.prefix}/`;
  const changedFiles = names === '' ? [] : names.split('\n').map((name) => name.slice(prefix.length));
  const judged =
    checks ??
    (changedFiles.length === 0
      ? []
      : await runLane(context, session, tree, { code: 'dal.step-red', step: label, withLint: number === 8 }));
  return { number, title, commit, changedFiles, checks: judged, notes };
}

/** Step 1: the application as it is must be green; its traffic is recorded for all later comparisons. */
async function baseline(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  trafficFile: string,
): Promise<StepOutcome> {
  await session.scratch.prepare(session.settings, {
    cwd: tree.application,
    signal: context.signal,
    secrets: session.secrets,
  });
  await session.scratch.snapshot();
  const checks = await runLane(context, session, tree, {
    code: 'dal.baseline-red',
    step: 'The untouched application',
    withLint: true,
  });
  const { traffic } = session.settings;
  const notes = [`node ${process.version}, commit ${tree.base}`];
  if (traffic === undefined) return { checks, notes };
  await session.scratch.restore();
  const recording = await withServer(context, session, tree, {}, (server) =>
    recordTraffic(traffic, server.url, { cwd: tree.application, signal: context.signal, secrets: session.secrets }),
  );
  await writeFile(trafficFile, toJsonLines(recording));
  return { checks, notes: [...notes, `${recording.exchanges.length} requests recorded`] };
}

function inventory(move: PlannedMove): string {
  const { methods, pings } = move.design;
  const count = methods.reduce((sum, method) => sum + method.callSites.length, pings.length);
  return `${count} statements, ${move.design.aggregates.length} aggregates, ${methods.length} methods`;
}

/** Step 9: the recorded traffic against the refactored application. Nothing changed since step 8 was judged. */
async function handOver(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  trafficFile: string,
): Promise<StepOutcome> {
  if (session.settings.traffic === undefined) return {};
  const started = Date.now();
  const replay = await replayRecorded(context, session, tree, await readFile(trafficFile, 'utf8'));
  const summary = [`${replay.equal} of ${replay.requests} answers equal`];
  if (replay.different > 0) {
    const first = replay.differences
      .slice(0, 5)
      .map((one) => `${one.request} at ${one.at}: ${one.recorded} became ${one.replayed}`);
    throw new CutoverError('dal.traffic-differs', {
      where: `branch ${tree.branch}`,
      detail: `${replay.different} of ${replay.requests} answers differ. ${first.join('; ')}`,
    });
  }
  const command = session.settings.traffic.command;
  return {
    checks: [{ name: 'traffic', command, passed: true, milliseconds: Date.now() - started, summary }],
  };
}

/** Replays recorded traffic against the work tree's server, from the state in which it was recorded. */
export async function replayRecorded(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  lines: string,
): Promise<ReplayReport> {
  await session.scratch.restore();
  return withServer(context, session, tree, {}, (server) =>
    replayTraffic(fromJsonLines(lines), server.url, { secrets: session.secrets, signal: context.signal }),
  );
}
