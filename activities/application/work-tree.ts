import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '../../core/errors/index.ts';
import { COMMITTER, git, tryGit } from './git.ts';
import { forgetMarker, readMarker, treeFolder, writeMarker, type Marker } from './work-tree-marker.ts';

/** The application's repository, and where in it the application lies. */
export interface Repository {
  /** Top folder of the user's work tree. */
  readonly root: string;
  /** The application's folder below it, forward slashes, empty when it is the top folder. */
  readonly prefix: string;
  readonly head: string;
}

/** A git work tree of the application on the migration's own branch. */
export interface WorkTree {
  readonly repository: Repository;
  readonly branch: string;
  /** Commit of the application that the branch starts from. */
  readonly base: string;
  /** Top folder of the work tree. */
  readonly folder: string;
  /** The application's folder in it. */
  readonly application: string;
}

/** The branch of a migration. */
export function branchName(migration: string): string {
  return `cutover/${migration}`;
}

/** Finds the application's repository. Throws when there is none, when it has no commit, or git is missing. */
export async function findRepository(applicationPath: string): Promise<Repository> {
  const where = applicationPath;
  const top = await tryGit(applicationPath, ['rev-parse', '--show-toplevel', '--show-prefix']).catch(
    (error: unknown) => {
      throw new CutoverError('dal.no-repository', { where, detail: `git could not be run here: ${String(error)}` });
    },
  );
  if (top.exitCode !== 0) throw new CutoverError('dal.no-repository', { where, detail: top.stderr.trim() });
  const [root = '', prefix = ''] = top.stdout.split('\n');
  const head = await tryGit(applicationPath, ['rev-parse', '--verify', 'HEAD^{commit}']);
  if (head.exitCode !== 0) throw new CutoverError('dal.no-repository', { where, detail: 'There is no commit yet.' });
  return { root, prefix: prefix.replace(/\/$/, ''), head: head.stdout };
}

/** Refuses an application with changes that no commit holds; of a larger repository only its own folder counts. */
export async function requireClean(repository: Repository): Promise<void> {
  const changed = await git(repository.root, ['status', '--porcelain', '--', repository.prefix || '.']);
  if (changed === '') return;
  const lines = changed.split('\n');
  throw new CutoverError('dal.dirty-tree', {
    where: path.join(repository.root, repository.prefix),
    detail: `${lines.length} changed: ${lines
      .slice(0, 5)
      .map((line) => line.slice(3))
      .join(', ')}${lines.length > 5 ? ' …' : ''}.`,
  });
}

/** The work tree that was opened in this work folder, if it still stands. */
export async function currentWorkTree(workFolder: string): Promise<WorkTree | undefined> {
  const marker = await readMarker(workFolder);
  if (marker === undefined) return undefined;
  const folder = treeFolder(workFolder);
  const branch = await tryGit(folder, ['symbolic-ref', '--short', 'HEAD']).catch(() => undefined);
  if (branch?.exitCode !== 0 || branch.stdout !== marker.branch) return undefined;
  return toWorkTree(marker, folder);
}

/**
 * Opens the migration's work tree in its work folder: the one that is there, or a new one at the application's HEAD.
 * The user's own work tree, index and branches are not touched.
 */
export async function openWorkTree(options: {
  readonly applicationPath: string;
  readonly migration: string;
  readonly workFolder: string;
  /** Stands on the branch as it is (restored from a bundle) instead of making it. */
  readonly existingBranch?: boolean;
}): Promise<WorkTree> {
  const existing = await currentWorkTree(options.workFolder);
  if (existing !== undefined) return existing;
  const repository = await findRepository(options.applicationPath);
  if (options.existingBranch === true) return attach(repository, options);
  await requireClean(repository);
  const branch = branchName(options.migration);
  const taken = await tryGit(repository.root, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
  // A marker of the same branch means that we died between making it and finishing: then it is ours to make anew.
  const ours = (await readMarker(options.workFolder))?.branch === branch;
  if (taken.exitCode === 0 && !ours) {
    throw new CutoverError('dal.branch-taken', {
      where: `branch ${branch} of ${repository.root}`,
      detail: `It stands at ${taken.stdout.slice(0, 12)}.`,
    });
  }
  const folder = treeFolder(options.workFolder);
  const marker: Marker = { root: repository.root, prefix: repository.prefix, branch, base: repository.head };
  if (ours) await dropTreeAndBranch(marker, folder);
  await writeMarker(options.workFolder, marker);
  await git(repository.root, ['worktree', 'add', '--quiet', '-b', branch, folder, repository.head]);
  return toWorkTree(marker, folder);
}

/** A work tree on a branch that is there already; its base is where it left the user's own commits. */
async function attach(
  repository: Repository,
  options: { readonly migration: string; readonly workFolder: string },
): Promise<WorkTree> {
  const branch = branchName(options.migration);
  const ours = await git(repository.root, ['rev-list', `--author=^${COMMITTER.name} <`, branch]);
  const oldest = ours.split('\n').at(-1) ?? '';
  const base = await git(repository.root, ['rev-parse', oldest === '' ? branch : `${oldest}^`]);
  const marker: Marker = { root: repository.root, prefix: repository.prefix, branch, base };
  await writeMarker(options.workFolder, marker);
  const folder = treeFolder(options.workFolder);
  await rm(folder, { recursive: true, force: true });
  await git(repository.root, ['worktree', 'add', '--quiet', folder, branch]);
  return toWorkTree(marker, folder);
}

/**
 * Commits everything that changed in the application. Author, dates and message are a function of the input, so that
 * the same work gives the same commit. Gives the commit's hash.
 */
export async function commitStep(tree: WorkTree, message: string): Promise<string> {
  const date = await git(tree.folder, ['show', '-s', '--format=%cI', tree.base]);
  const pathspec = [
    tree.repository.prefix || '.',
    ':(exclude,glob)**/node_modules',
    ':(exclude,glob)**/node_modules/**',
  ];
  await git(tree.folder, ['add', '--all', '--', ...pathspec]);
  await git(tree.folder, ['commit', '--quiet', '--allow-empty', '--no-verify', '-m', message], {
    GIT_AUTHOR_NAME: COMMITTER.name,
    GIT_AUTHOR_EMAIL: COMMITTER.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: COMMITTER.name,
    GIT_COMMITTER_EMAIL: COMMITTER.email,
    GIT_COMMITTER_DATE: date,
  });
  return git(tree.folder, ['rev-parse', 'HEAD']);
}

/** Makes the work tree exactly a commit again: what a step that died left half done goes. Ignored files stay. */
export async function resetTo(tree: WorkTree, commit: string): Promise<void> {
  await git(tree.folder, ['reset', '--quiet', '--hard', commit]);
  await git(tree.folder, ['clean', '-q', '-f', '-d', '-e', 'node_modules']);
}

/** Removes the work tree and the branch that {@link openWorkTree} made; nothing to remove is not an error. */
export async function removeWorkTree(workFolder: string): Promise<void> {
  const marker = await readMarker(workFolder);
  if (marker !== undefined) await dropTreeAndBranch(marker, treeFolder(workFolder));
  await rm(treeFolder(workFolder), { recursive: true, force: true });
  await forgetMarker(workFolder);
}

async function dropTreeAndBranch(marker: Marker, folder: string): Promise<void> {
  const alive = await tryGit(marker.root, ['rev-parse', '--git-dir']).catch(() => undefined);
  // The user may have deleted the whole application: then there is nothing to put back.
  if (alive?.exitCode !== 0) return;
  await tryGit(marker.root, ['worktree', 'remove', '--force', folder]);
  await rm(folder, { recursive: true, force: true });
  await git(marker.root, ['worktree', 'prune']);
  const branch = `refs/heads/${marker.branch}`;
  if ((await tryGit(marker.root, ['rev-parse', '--verify', '--quiet', branch])).exitCode === 0) {
    await git(marker.root, ['branch', '--quiet', '-D', marker.branch]);
  }
}

function toWorkTree(marker: Marker, folder: string): WorkTree {
  return {
    repository: { root: marker.root, prefix: marker.prefix, head: marker.base },
    branch: marker.branch,
    base: marker.base,
    folder,
    application: path.join(folder, marker.prefix),
  };
}
