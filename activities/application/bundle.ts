import { readFile, rm } from 'node:fs/promises';
import { git, tryGit } from './git.ts';
import type { WorkTree } from './work-tree.ts';

/**
 * The branch as a git bundle on top of its base commit: whoever has the application's repository can fetch the work
 * from it (`git fetch branch.bundle cutover/NAME`), also when the work folder is lost.
 */
export async function bundleBranch(tree: WorkTree, file: string): Promise<Uint8Array> {
  // One thread and no reuse of packed deltas: otherwise the same commits may be packed into other bytes.
  await git(tree.folder, [
    '-c', 'pack.threads=1',
    '-c', 'pack.compression=6',
    'bundle', 'create', '--quiet', file, `${tree.base}..${tree.branch}`,
  ]); // prettier-ignore
  const bytes = await readFile(file);
  await rm(file);
  return bytes;
}

/** Puts the branch of a bundle back at its commit, where it was lost or stands elsewhere; what came on top of it stays. */
export async function restoreBranch(root: string, branch: string, bundleFile: string, commit: string): Promise<void> {
  const known = await tryGit(root, ['cat-file', '-e', `${commit}^{commit}`]);
  if (known.exitCode !== 0) await git(root, ['fetch', '--quiet', bundleFile, branch]);
  const onTop = await tryGit(root, ['merge-base', '--is-ancestor', commit, `refs/heads/${branch}`]);
  if (onTop.exitCode !== 0) await git(root, ['update-ref', `refs/heads/${branch}`, commit]);
}
