import { CutoverError } from '../../core/errors/index.ts';
import { COMMITTER, git, tryGit } from './git.ts';
import type { WorkTree } from './work-tree.ts';

/** What people committed to the migration's branch, on top of the last commit that Cutover made there. */
export interface ChangesByOthers {
  /** Cutover's own last commit, or the commit that was asked from. */
  readonly since: string;
  /** Hashes and subjects of their commits, newest first. */
  readonly commits: readonly string[];
  /** Files that differ from `since`, relative to the top of the work tree. */
  readonly files: readonly string[];
}

/** Finds what others committed after `from`. Commits are told by their committer: an amended commit is not ours any more. */
export async function changesByOthers(tree: WorkTree, from: string): Promise<ChangesByOthers> {
  const isAncestor = async (older: string, newer: string): Promise<boolean> =>
    (await tryGit(tree.folder, ['merge-base', '--is-ancestor', older, newer])).exitCode === 0;
  // The branch was taken back: what is missing is made again, and nothing of anybody's is on it.
  if (await isAncestor('HEAD', from)) return { since: from, commits: [], files: [] };
  if (!(await isAncestor(from, 'HEAD'))) {
    const fork = await git(tree.folder, ['merge-base', from, 'HEAD']);
    return changesAfter(tree, fork, fork);
  }
  const log = await git(tree.folder, ['log', '--first-parent', '--format=%H %ce', `${from}..HEAD`]);
  const ours = log.split('\n').find((line) => line.endsWith(` ${COMMITTER.email}`));
  return changesAfter(tree, ours?.split(' ')[0] ?? from, from);
}

async function changesAfter(tree: WorkTree, since: string, from: string): Promise<ChangesByOthers> {
  const lines = (text: string): string[] => text.split(/[\n\0]/).filter((line) => line !== '');
  const log = await git(tree.folder, ['log', '--format=%h %s%x00%ce', `${from}..HEAD`]);
  const commits = log
    .split('\n')
    .map((line) => line.split('\0'))
    .flatMap(([text = '', committer]) => (text === '' || committer === COMMITTER.email ? [] : [text]));
  const files = lines(await git(tree.folder, ['diff', '--name-only', '--no-renames', '-z', since, 'HEAD']));
  return { since, commits, files };
}

/**
 * Refuses to go on where a reset would throw away what people committed, except below `kept` (relative to the top of
 * the work tree), which the caller carries over.
 *
 * @throws CutoverError `application.branch-changed`, with commits and files.
 */
export async function refuseChangesByOthers(tree: WorkTree, from: string, kept?: string): Promise<void> {
  const { since, commits, files } = await changesByOthers(tree, from);
  const lost = files.filter((file) => kept === undefined || !file.startsWith(`${kept}/`));
  if (lost.length === 0) return;
  const some = (list: readonly string[]): string =>
    `${list.slice(0, 8).join(', ')}${list.length > 8 ? ` and ${list.length - 8} more` : ''}`;
  throw new CutoverError('application.branch-changed', {
    where: `branch ${tree.branch} of ${tree.repository.root}`,
    detail:
      `Changed since Cutover's own commit ${since.slice(0, 12)}: ${some(lost)}. Commits of others: ${some(commits)}.` +
      `${kept === undefined ? '' : ` Only files below ${kept} are carried over.`} In the work tree ${tree.folder}, ` +
      `\`git branch NAME\` keeps them and \`git reset --hard ${since.slice(0, 12)}\` takes them off.`,
  });
}
