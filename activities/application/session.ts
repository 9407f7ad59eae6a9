import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '../../core/errors/index.ts';
import type { ApplicationSettings } from '../../core/plan.ts';
import type { StageContext } from '../../core/stage.ts';
import { restoreBranch } from './bundle.ts';
import { runCommandOrFail, type CommandOutcome } from './commands.ts';
import { installDependencies } from './dependencies.ts';
import { git } from './git.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { startServer, type RunningServer } from './server.ts';
import { branchName, currentWorkTree, findRepository, openWorkTree, type WorkTree } from './work-tree.ts';

/** The user's application as a stage works on it: its settings with secrets resolved, and its scratch database. */
export interface ApplicationSession {
  readonly settings: ApplicationSettings;
  readonly scratch: ScratchDatabase;
  /** Values that must never be shown or kept. */
  readonly secrets: readonly string[];
  /** Folder of the migration's work tree, shared by stages 3 to 5. */
  readonly workFolder: string;
}

const REFERENCE = /^(env|file|secretsmanager):/;

/** Resolves what the plan says of the application; changes nothing. */
export async function openSession(context: StageContext): Promise<ApplicationSession> {
  const { application, source } = context.plan;
  const secrets: string[] = [];
  const resolve = async (reference: string): Promise<string> => {
    const value = await context.secret(reference);
    if (REFERENCE.test(reference) && value !== '') secrets.push(value);
    return value;
  };
  const environment = async (given: Readonly<Record<string, string>> | undefined): Promise<Record<string, string>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(given ?? {}).map(async ([name, value]) => [name, await resolve(value)] as const),
      ),
    );
  const password = source.password === undefined ? undefined : await context.secret(source.password);
  if (password !== undefined && password !== '') secrets.push(password);
  const settings: ApplicationSettings = {
    ...application,
    server: { ...application.server, environment: await environment(application.server.environment) },
    tests: { ...application.tests, environment: await environment(application.tests.environment) },
    ...(application.traffic === undefined
      ? {}
      : { traffic: { ...application.traffic, environment: await environment(application.traffic.environment) } }),
  };
  return {
    settings,
    scratch: new ScratchDatabase(source, password, application.scratch),
    secrets,
    workFolder: await context.artifacts.workFolder('application'),
  };
}

/** The migration's work tree with its packages installed: as it stands, or made anew. */
export async function sessionWorkTree(context: StageContext, session: ApplicationSession): Promise<WorkTree> {
  const { path: applicationPath } = context.plan.application;
  const { migration } = context;
  const tree =
    (await currentWorkTree(session.workFolder)) ??
    (await openWorkTree({ applicationPath, migration, workFolder: session.workFolder }));
  return installed(context, session, tree);
}

/**
 * The work tree on the branch that an earlier stage left; where the work folder is gone (another machine), restored
 * from that stage's bundle at its commit.
 *
 * @throws CutoverError `application.branch-missing` when it stands on another branch, or is gone and `lost` is not given.
 */
export async function stageWorkTree(
  context: StageContext,
  session: ApplicationSession,
  branch: string,
  lost?: { readonly bundle: string; readonly commit: string },
): Promise<WorkTree> {
  let tree = await currentWorkTree(session.workFolder);
  if (tree === undefined && lost !== undefined) tree = await restored(context, session, lost);
  if (tree?.branch !== branch) {
    const detail = tree === undefined ? 'Its work tree is gone.' : `The work tree is on ${tree.branch}.`;
    throw new CutoverError('application.branch-missing', { where: `branch ${branch}`, detail });
  }
  return installed(context, session, tree);
}

async function restored(
  context: StageContext,
  session: ApplicationSession,
  lost: { readonly bundle: string; readonly commit: string },
): Promise<WorkTree> {
  const applicationPath = context.plan.application.path;
  const bytes = await context.input(lost.bundle);
  const file = path.join(session.workFolder, 'restore.bundle');
  await writeFile(file, bytes);
  const { root } = await findRepository(applicationPath);
  await git(root, ['worktree', 'prune']);
  await restoreBranch(root, branchName(context.migration), file, lost.commit);
  await rm(file);
  return openWorkTree({
    applicationPath,
    migration: context.migration,
    workFolder: session.workFolder,
    existingBranch: true,
  });
}

async function installed(context: StageContext, session: ApplicationSession, tree: WorkTree): Promise<WorkTree> {
  await installDependencies({
    original: context.plan.application.path,
    application: tree.application,
    ...(session.settings.install === undefined ? {} : { install: session.settings.install }),
    signal: context.signal,
    secrets: session.secrets,
  });
  return tree;
}

/** Runs work against the application's server, which is stopped afterwards whatever happens. */
export async function withServer<T>(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  environment: Readonly<Record<string, string>>,
  work: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(session.settings.server, {
    cwd: tree.application,
    databaseUrl: session.scratch.url,
    environment,
    signal: context.signal,
    secrets: session.secrets,
  });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Runs the application's own tests against its server on the scratch database, from the snapshot's state. */
export async function runApplicationTests(
  context: StageContext,
  session: ApplicationSession,
  tree: WorkTree,
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> {
  await session.scratch.restore();
  return withServer(context, session, tree, environment, async (server) => {
    try {
      return await runCommandOrFail(session.settings.tests.command, {
        cwd: tree.application,
        environment: { ...session.settings.tests.environment },
        serverUrl: server.url,
        signal: context.signal,
        secrets: session.secrets,
      });
    } catch (error) {
      if (!(error instanceof CutoverError)) throw error;
      // A red test says what was answered; why is in what the server printed.
      const detail = `${error.detail}\nThe server's last output:\n${server.output().slice(-1500)}`;
      throw new CutoverError(error.code, { where: error.where, detail, cause: error });
    }
  });
}
