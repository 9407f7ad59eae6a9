import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Analysis } from '../../../core/analysis.ts';
import type { ArtifactReference } from '../../../core/artifacts.ts';
import type { StageContext } from '../../../core/stage.ts';
import { bundleBranch, fromJsonLines, type ApplicationSession, type WorkTree } from '../../application/index.ts';
import { describeLayer } from './layer.ts';
import { printReport } from './report.ts';
import type { PlannedMove } from './source.ts';
import { ARTIFACT, type DalState } from './state.ts';

/** Writes the stage's artifacts from what was done; may run again on the same state. */
export async function publish(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  state: DalState,
  move: PlannedMove,
  trafficFile: string,
  analysis: Analysis,
): Promise<ArtifactReference[]> {
  const last = state.steps.at(-1);
  const layer = describeLayer(move, analysis, tree.branch, last?.commit ?? tree.base);
  const traffic = last?.checks.find((check) => check.name === 'traffic');
  const lines = traffic === undefined ? undefined : await readFile(trafficFile, 'utf8');
  const requests = lines === undefined ? 0 : fromJsonLines(lines).exchanges.length;
  const replay = lines === undefined ? undefined : { requests, equal: requests, different: 0, differences: [] };
  const report = printReport({
    branch: tree.branch,
    base: tree.base,
    steps: state.steps,
    move,
    replay,
    transactions: analysis.application.transactions,
  });
  const bundle = await bundleBranch(tree, path.join(session.workFolder, 'branch.bundle'));
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return [
    await context.artifacts.write(ARTIFACT.steps, json({ schemaVersion: 1, ...state }), 1),
    await context.artifacts.write(ARTIFACT.layer, json(layer), 1),
    await context.artifacts.write(ARTIFACT.report, report),
    await context.artifacts.write(ARTIFACT.bundle, bundle),
    ...(lines === undefined ? [] : [await context.artifacts.write(ARTIFACT.traffic, lines, 1)]),
  ];
}
