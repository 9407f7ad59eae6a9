import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { ArtifactReference, CheckResult } from '../../core/artifacts.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
import { backToPhaseOne } from '../flags/back-to-phase-one.ts';
import { sourceTables } from '../flags/source-tables.ts';
import {
  bundleBranch,
  currentWorkTree,
  git,
  openSession,
  refuseChangesByOthers,
  resetTo,
  stageWorkTree,
  type WorkTree,
} from '../application/index.ts';
import { removeRehearsal } from '../rehearsal/rehearsal.ts';
import { phaseChecks } from './checks.ts';
import { drivePhases } from './drive.ts';
import { buildAndLint, install } from './install.ts';
import { phasesJson, reportMarkdown } from './reports.ts';

/** 05-feature-flags-system: the application can go to DynamoDB in five phases, and back from four of them. */
export const stage: Stage = { id: '05-feature-flags-system', preflight, execute, verify, gates, compensate };

async function preflight(context: StageContext): Promise<CheckResult[]> {
  const given = await inputs(context);
  const { contract, analysis } = given;
  await context.input('stage-03/traffic.jsonl');
  await branch(context, given);
  sourceTables(analysis, contract);
  const support = contract.tables.some(({ type }) => type === 'support');
  const failures = support ? [] : ['The contract has no support table, in which the flags live.'];
  return [{ id: 'S5-R1', title: 'Branch, contract, traffic and a place for the flags are there', passed: support ? 1 : 0, total: 1, failures }]; // prettier-ignore
}

async function execute(context: StageContext): Promise<ArtifactReference[]> {
  const given = await inputs(context);
  const { layer, contract, analysis, implemented } = given;
  context.progress({ step: 'Open the branch where stage 4 left it' });
  const tree = await branch(context, given);
  await refuseChangesByOthers(tree, implemented);
  await resetTo(tree, implemented);
  const tables = sourceTables(analysis, contract);
  const commits = await install(context, tree, layer, tables);
  context.progress({ step: 'Build and lint' });
  const failures = await buildAndLint(context, tree);
  if (failures.length > 0) {
    throw new CutoverError('flags.application-red', { where: tree.application, detail: failures.join('\n') });
  }
  context.progress({ step: 'Write the report' });
  const commit = await git(tree.folder, ['rev-parse', 'HEAD']);
  const bundle = await bundleBranch(tree, `${await context.artifacts.workFolder('stage-05')}/branch.bundle`);
  const write = (name: string, content: string | Uint8Array, version = 0) =>
    context.artifacts.write(`stage-05/${name}`, content, version);
  return [
    await write('phases.json', phasesJson(layer.branch, commit, commits), 1),
    await write('feature_flags_report.md', reportMarkdown(layer, commits, tables)),
    await write('branch.bundle', bundle),
  ];
}

/** Builds the branch again, and runs it in every phase on real servers. */
async function verify(context: StageContext): Promise<CheckResult[]> {
  const { layer, contract } = await inputs(context);
  const tree = await stageWorkTree(context, await openSession(context), layer.branch);
  const red = await buildAndLint(context, tree);
  const built: CheckResult = { id: 'S5-R2', title: 'The application builds and passes its lint', passed: red.length === 0 ? 1 : 0, total: 1, failures: red }; // prettier-ignore
  if (red.length > 0) return [built];
  return [built, ...phaseChecks(await drivePhases(context, contract, tree.application))];
}

async function gates(context: StageContext): Promise<GateQuestion[]> {
  return [
    {
      id: `${stage.id}/phases`,
      question: `Every phase was driven on real servers. Go on with the application as on branch cutover/${context.migration}?`,
      evidence: ['stage-05/feature_flags_report.md', 'stage-05/phases.json'],
    },
  ];
}

/** The flags go to phase 1, the branch to where stage 4 left it; what is gone needs nothing. */
async function compensate(context: StageContext): Promise<void> {
  const { layer, implemented } = await inputs(context);
  await backToPhaseOne(context);
  const tree = await currentWorkTree(await context.artifacts.workFolder('application'));
  if (tree !== undefined && tree.branch === layer.branch) await resetTo(tree, implemented);
  await removeRehearsal(context);
  await context.artifacts.removeBelow('stage-05');
}

interface Inputs {
  readonly layer: DataAccessLayer;
  readonly contract: MigrationContract;
  readonly analysis: Analysis;
  /** Where stage 4 left the branch. */
  readonly implemented: string;
}

async function inputs(context: StageContext): Promise<Inputs> {
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(Buffer.from(await context.input(name)).toString('utf8')) as T;
  return {
    layer: await read<DataAccessLayer>('stage-03/data-access.json'),
    contract: await read<MigrationContract>('stage-02/migrationContract.json'),
    analysis: await read<Analysis>('stage-01/analysis.json'),
    implemented: (await read<{ commit: string }>('stage-04/implementation.json')).commit,
  };
}

async function branch(context: StageContext, { layer, implemented }: Inputs): Promise<WorkTree> {
  const lost = { bundle: 'stage-04/branch.bundle', commit: implemented };
  return stageWorkTree(context, await openSession(context), layer.branch, lost);
}
