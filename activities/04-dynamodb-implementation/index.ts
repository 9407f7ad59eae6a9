import path from 'node:path';
import type { MigrationContract } from '../../contract/types.ts';
import type { ArtifactReference, CheckResult } from '../../core/artifacts.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { GateQuestion, Stage, StageContext } from '../../core/stage.ts';
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
import { handFolder, handMethods, keepHandFiles, readHandFiles } from '../generated/by-hand.ts';
import { languageOfLayer } from '../generated/language.ts';
import { removeRehearsal } from '../rehearsal/rehearsal.ts';
import { buildAndLint } from './build.ts';
import { removeUnfinished } from './executor/records.ts';
import { handworkCheck, vouchQuestions, withRefusals } from './handwork.ts';
import { make } from './make.ts';
import { type Proof, proofChecks, prove } from './proof.ts';
import { testFramework, type TestBench } from './tests/index.ts';
import { runAgain } from './tests/drive.ts';
import { generatedTestsCheck, type GeneratedTestsRecord } from './tests/record.ts';
import { type Coverage, refusalQuestions } from './coverage.ts';
import { coverageMarkdown, implementationMarkdown } from './reports.ts';

/** 04-dynamodb-implementation: the interface of stage 3, implemented by compiling the application's SQL. */
export const stage: Stage = { id: '04-dynamodb-implementation', preflight, execute, verify, gates, compensate };

async function preflight(context: StageContext): Promise<CheckResult[]> {
  const { layer, contract } = await inputs(context);
  await context.input('stage-02/Stage3_DataModel.md');
  await branch(context, layer);
  return [
    {
      id: 'S4-R1',
      title: 'Contract, data model, data access layer and branch are there',
      passed: contract.tables.length > 0 && layer.methods.length > 0 ? 1 : 0,
      total: 1,
      failures: [],
    },
  ];
}

async function execute(context: StageContext): Promise<ArtifactReference[]> {
  const { layer, contract, analysis } = await inputs(context);
  context.progress({ step: 'Open the branch where stage 3 left it' });
  const tree = await branch(context, layer);
  const folder = path.posix.join(tree.repository.prefix, handFolder(layer));
  await removeUnfinished(context, tree);
  await refuseChangesByOthers(tree, layer.commit, folder);
  const files = await keepHandFiles(context, tree, layer);
  // Before the branch goes back: a file that is refused stays where it was written.
  handMethods(layer, files);
  await resetTo(tree, layer.commit);
  const bench = await testBench(context, tree, layer);
  const settings = context.plan.application.executor;
  const { coverage, commits, generated, proof, attempts } = await make(
    { bench, tree, layer, contract, settings },
    files,
    analysis,
  );
  context.progress({ step: 'Write the report' });
  const commit = await git(tree.folder, ['rev-parse', 'HEAD']);
  const write = (name: string, content: string | Uint8Array, version = 0) =>
    context.artifacts.write(`stage-04/${name}`, content, version);
  return [
    await write('coverage.json', json(coverage), 1),
    await write('coverage.md', coverageMarkdown(coverage)),
    ...(attempts.length === 0 ? [] : [await write('executor.json', json({ schemaVersion: 1, attempts }), 1)]),
    await write('generated_tests.json', json(generated), 1),
    await write('proof.json', json(proof), 1),
    await write('implementation.json', json({ schemaVersion: 1, branch: layer.branch, commit, commits }), 1),
    await write('implementation_report.md', implementationMarkdown(layer.branch, commits, coverage, proof, generated)),
    await write(
      'branch.bundle',
      await bundleBranch(tree, `${await context.artifacts.workFolder('stage-04')}/branch.bundle`),
    ),
  ];
}

/** Reads the branch again, builds it again, runs it again: what execute wrote down is not evidence. */
async function verify(context: StageContext): Promise<CheckResult[]> {
  const { layer, contract } = await inputs(context);
  const tree = await stageWorkTree(context, await openSession(context), layer.branch);
  const coverage = await output<Coverage>(context, 'stage-04/coverage.json');
  const known = new Set(coverage.methods.map(({ aggregate, name }) => `${aggregate}.${name}`));
  const missing = layer.methods.map(({ aggregate, name }) => `${aggregate}.${name}`).filter((name) => !known.has(name));
  const red = await buildAndLint(context, tree);
  const generated = await output<GeneratedTestsRecord>(context, 'stage-04/generated_tests.json');
  const again = await runAgain(await testBench(context, tree, layer), contract, generated);
  const proof: Proof = await prove(context, contract, tree.application);
  const onBranch = handMethods(layer, await readHandFiles(path.join(tree.application, handFolder(layer))));
  return [
    {
      id: 'S4-R2',
      title: 'Every method of the interface is compiled, written by hand, or refused with a reason',
      passed: layer.methods.length - missing.length,
      total: layer.methods.length,
      failures: missing.slice(0, 10),
    },
    {
      id: 'S4-R3',
      title: 'The application builds and passes its lint',
      passed: red.length === 0 ? 1 : 0,
      total: 1,
      failures: red,
    },
    ...withRefusals(proofChecks(proof), coverage),
    generatedTestsCheck(generated, again.dynamo, again.mysql),
    handworkCheck(coverage, onBranch, generated, again),
  ];
}

async function gates(context: StageContext): Promise<GateQuestion[]> {
  const coverage = await output<Coverage>(context, 'stage-04/coverage.json');
  const generated = await output<GeneratedTestsRecord>(context, 'stage-04/generated_tests.json');
  return [...refusalQuestions(coverage), ...vouchQuestions(coverage, generated)];
}

/** The branch goes back to where stage 3 left it, work by hand kept beside it; a branch that is gone needs nothing. */
async function compensate(context: StageContext): Promise<void> {
  const { layer } = await inputs(context);
  const tree = await currentWorkTree(await context.artifacts.workFolder('application'));
  if (tree !== undefined) {
    await removeUnfinished(context, tree);
    await keepHandFiles(context, tree, layer);
    await resetTo(tree, layer.commit);
  }
  await removeRehearsal(context);
  await context.artifacts.removeBelow('stage-04');
}

async function inputs(
  context: StageContext,
): Promise<{ layer: DataAccessLayer; contract: MigrationContract; analysis: Analysis }> {
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(Buffer.from(await context.input(name)).toString('utf8')) as T;
  return {
    layer: await read<DataAccessLayer>('stage-03/data-access.json'),
    contract: await read<MigrationContract>('stage-02/migrationContract.json'),
    analysis: await read<Analysis>('stage-01/analysis.json'),
  };
}

async function output<T>(context: StageContext, name: string): Promise<T> {
  const reference = context.outputs.find((candidate) => candidate.name === name);
  if (reference === undefined) {
    throw new CutoverError('core.artifact-missing', { where: name, detail: 'This stage gave no such artifact.' });
  }
  return JSON.parse(Buffer.from(await context.artifacts.read(reference)).toString('utf8')) as T;
}

async function branch(context: StageContext, layer: DataAccessLayer): Promise<WorkTree> {
  const lost = { bundle: 'stage-03/branch.bundle', commit: layer.commit };
  return stageWorkTree(context, await openSession(context), layer.branch, lost);
}

async function testBench(context: StageContext, tree: WorkTree, layer: DataAccessLayer): Promise<TestBench> {
  const { application } = tree;
  const framework = await testFramework(application, languageOfLayer(layer));
  return { context, session: await openSession(context), application, framework };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
