import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { git, resetTo, type WorkTree } from '../../application/index.ts';

/** How the repository stood before an executor ran. */
export interface Standing {
  readonly head: string;
  readonly refs: ReadonlyMap<string, string>;
}

export async function standing(tree: WorkTree): Promise<Standing> {
  return { head: await git(tree.folder, ['rev-parse', 'HEAD']), refs: await refsOf(tree) };
}

/** What was changed besides the one file that may be: files of the work tree, commits, other branches and tags. */
export async function unwantedChanges(tree: WorkTree, before: Standing, allowed: string): Promise<string[]> {
  const wrong: string[] = [];
  const branch = await git(tree.folder, ['rev-parse', '--symbolic-full-name', 'HEAD']);
  if (branch !== `refs/heads/${tree.branch}`) wrong.push('another branch is checked out');
  const now = await refsOf(tree);
  for (const name of new Set([...before.refs.keys(), ...now.keys()]))
    if (now.get(name) !== before.refs.get(name)) wrong.push(`${name} was moved`);
  const status = await git(tree.folder, ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all']);
  const inTree = path.posix.join(tree.repository.prefix, allowed);
  const files = status
    .split('\0')
    .flatMap((line) => (line === '' ? [] : [line.slice(3)]))
    .sort();
  wrong.push(...files.filter((file) => file !== inTree && !/(^|\/)node_modules(\/|$)/.test(file)));
  const written = await lstat(path.join(tree.application, allowed)).catch(() => undefined);
  if (written?.isFile() === false) wrong.push(`${allowed} is not an ordinary file`);
  return wrong;
}

/** Puts branch and work tree back. Other branches and tags stay: people may have moved them. */
export async function putBack(tree: WorkTree, before: Standing): Promise<void> {
  await git(tree.folder, ['symbolic-ref', 'HEAD', `refs/heads/${tree.branch}`]);
  await git(tree.folder, ['update-ref', `refs/heads/${tree.branch}`, before.head]);
  await resetTo(tree, before.head);
}

async function refsOf(tree: WorkTree): Promise<Map<string, string>> {
  const text = await git(tree.repository.root, ['for-each-ref', '--format=%(refname) %(objectname)']);
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): [string, string] => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );
}
