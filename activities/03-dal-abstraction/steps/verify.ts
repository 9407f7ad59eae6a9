import path from 'node:path';
import { Node, type Project } from 'ts-morph';
import type { Analysis } from '../../../core/analysis.ts';
import type { CheckResult } from '../../../core/artifacts.ts';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import type { StageContext } from '../../../core/stage.ts';
import { isDriverModule, driverCall } from '../../01-mysql-analysis/application/driver.ts';
import { locateCallSites, openProject } from '../../01-mysql-analysis/application/index.ts';
import { git, openSession, sessionWorkTree, type ApplicationSession, type WorkTree } from '../../application/index.ts';
import { replayRecorded } from './execute.ts';
import { runLane } from './lane.ts';
import { ownFiles, readAnalysis } from './source.ts';
import { ARTIFACT, TITLES, type DalState } from './state.ts';
import { touchedRefs } from './user-refs.ts';

/** Looks at the branch anew: what execute remembers of it is compared, never believed. */
export async function verifyStage(context: StageContext): Promise<CheckResult[]> {
  const analysis = await readAnalysis(context);
  const layer = JSON.parse(await output(context, ARTIFACT.layer)) as DataAccessLayer;
  const steps = JSON.parse(await output(context, ARTIFACT.steps)) as DalState;
  const session = await openSession(context);
  const tree = await sessionWorkTree(context, session);
  const root = tree.application;
  const project = openProject({ root, sources: context.plan.application.sources });
  return [
    recorded(steps),
    await branchStands(tree, layer, steps),
    everyStatement(analysis, layer),
    verbatim(project, root, analysis, layer),
    driverOnlyInside(project, root, `${layer.folder}/mysql/`),
    await green(context, session, tree),
    ...(await traffic(context, session, tree)),
    result('S3-R8', 'Branches and tags of the user are untouched', 1, await touchedRefs(tree, steps.refs)),
  ];
}

function recorded(steps: DalState): CheckResult {
  const failures = TITLES.flatMap((title, index) => {
    const step = steps.steps[index];
    if (step === undefined) return [`step ${index + 1} (${title}) is not recorded`];
    const judged = step.checks.length > 0 && step.checks.every((check) => check.passed);
    return judged || step.changedFiles.length === 0 ? [] : [`step ${step.number} was not checked`];
  });
  return result('S3-R1', 'Nine steps are recorded, each green', TITLES.length, failures);
}

/** The commits of the steps are the branch, in order, on the base, and the work tree holds nothing else. */
async function branchStands(tree: WorkTree, layer: DataAccessLayer, steps: DalState): Promise<CheckResult> {
  const commits = (await git(tree.folder, ['rev-list', '--reverse', `${steps.base}..${layer.branch}`])).split('\n');
  const expected = steps.steps.map((step) => step.commit);
  const failures = expected.flatMap((commit, index) =>
    commits[index] === commit ? [] : [`commit ${index + 1} is ${commits[index] ?? 'missing'}, not ${commit}`],
  );
  if (layer.commit !== expected.at(-1)) failures.push(`data-access.json names ${layer.commit}`);
  return result('S3-R2', 'The branch is the nine commits', expected.length + 1, failures);
}

/** Each statement that stage 1 found is served by a method, or is one that sets up or asks for the connection. */
function everyStatement(analysis: Analysis, layer: DataAccessLayer): CheckResult {
  const moved = new Set(layer.methods.flatMap((method) => method.callSites));
  const { callSites } = analysis.application;
  const failures = callSites
    .filter(
      (callSite) =>
        !moved.has(callSite.id) &&
        !isOfConnection(callSite.template.parts.map((part) => (part.kind === 'text' ? part.text : '?')).join('')),
    )
    .map((callSite) => `${callSite.id} ${callSite.span.file}:${callSite.span.line}`);
  return result('S3-R3', 'Every statement of the analysis is behind the layer', callSites.length, failures);
}

/** Statements that are no data access: they stay with the pool, or became `ping()`. */
function isOfConnection(sql: string): boolean {
  return /^\s*(SELECT\s+1(\s+(AS\s+)?\w+)?\s*;?\s*$|SET\s+(SESSION\s+|NAMES\b|@@|\w+\s*=))/i.test(sql);
}

/** Analyses the MySQL side as if it were an application, and compares statement by statement with the original. */
function verbatim(project: Project, root: string, analysis: Analysis, layer: DataAccessLayer): CheckResult {
  const { callSites: found } = locateCallSites(project, root);
  const shapes = found
    .filter((one) => one.span.file.startsWith(`${layer.folder}/mysql/`))
    .map((one) => JSON.stringify([one.api, one.template]));
  const byId = new Map(analysis.application.callSites.map((one) => [one.id, one]));
  const failures = layer.methods.flatMap((method) => {
    const original = byId.get(method.callSites[0] ?? '');
    const isThere = original !== undefined && shapes.includes(JSON.stringify([original.api, original.template]));
    return isThere
      ? []
      : [`${method.aggregate}.${method.name} does not hold the statement of ${method.callSites[0] ?? '?'}`];
  });
  return result(
    'S3-R4',
    'The MySQL side holds the application’s own SQL, values and conditions',
    layer.methods.length,
    failures,
  );
}

/** By the compiler's types and by imports: no call of the driver, and no name of it, outside its one folder. */
function driverOnlyInside(project: Project, root: string, inside: string): CheckResult {
  const files = ownFiles(project);
  const failures = files.flatMap((file) => {
    const name = path.posix.relative(root, file.getFilePath());
    if (name.startsWith(inside)) return [];
    const uses = file.getDescendants().filter((node) => {
      if (Node.isImportDeclaration(node) || Node.isExportDeclaration(node))
        return isDriverModule(node.getModuleSpecifierValue() ?? '');
      return (
        driverCall(node) !== undefined ||
        (Node.isStringLiteral(node) &&
          isDriverModule(node.getLiteralValue()) &&
          Node.isCallExpression(node.getParent()))
      );
    });
    return uses.map((node) => `${name}:${node.getStartLineNumber()} ${node.getText().slice(0, 60)}`);
  });
  return result('S3-R5', 'No use of the driver outside the MySQL side', files.length, failures);
}

async function green(context: StageContext, session: ApplicationSession, tree: WorkTree): Promise<CheckResult> {
  const lane = [session.settings.build, session.settings.lint, session.settings.tests.command].filter(
    (one) => one !== undefined,
  );
  const dirty = await git(tree.folder, ['status', '--porcelain', '--', tree.repository.prefix || '.']);
  try {
    await runLane(context, session, tree, { code: 'dal.step-red', step: 'Verification', withLint: true });
    return result(
      'S3-R6',
      'The application on the branch builds and its tests are green',
      lane.length,
      dirty === '' ? [] : ['the work tree has changes that no commit holds'],
    );
  } catch (error) {
    if (!(error instanceof CutoverError) || error.code !== 'dal.step-red') throw error;
    return result('S3-R6', 'The application on the branch builds and its tests are green', lane.length, [error.where]);
  }
}

async function traffic(context: StageContext, session: ApplicationSession, tree: WorkTree): Promise<CheckResult[]> {
  if (session.settings.traffic === undefined) return [];
  const replay = await replayRecorded(context, session, tree, await output(context, ARTIFACT.traffic));
  const failures = replay.differences.map(
    (one) => `${one.request} at ${one.at}: ${one.recorded} became ${one.replayed}`,
  );
  return [
    {
      id: 'S3-R7',
      title: 'Recorded traffic is answered as before',
      passed: replay.equal,
      total: replay.requests,
      failures,
    },
  ];
}

async function output(context: StageContext, name: string): Promise<string> {
  const reference = context.outputs.find((one) => one.name === name);
  if (reference === undefined)
    throw new CutoverError('core.artifact-missing', { where: name, detail: 'The stage did not give it.' });
  return Buffer.from(await context.artifacts.read(reference)).toString('utf8');
}

function result(id: string, title: string, total: number, failures: readonly string[]): CheckResult {
  return { id, title, total, passed: Math.max(0, total - failures.length), failures: failures.slice(0, 10) };
}
