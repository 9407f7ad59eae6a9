import { COMMITTER } from '../../application/git.ts';
import { git, tryGit, type WorkTree } from '../../application/index.ts';

/** The user's branches and tags and where they stand: everything but branches of migrations. */
export async function userRefs(tree: WorkTree): Promise<Record<string, string>> {
  const text = await git(tree.repository.root, [
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads',
    'refs/tags',
  ]);
  const refs = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('refs/heads/cutover/'))
    .map((line): [string, string] => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]);
  return Object.fromEntries(refs);
}

/**
 * What of the user's refs is not as it may be: a ref that vanished or was rewound, or one that holds a commit of ours.
 * People may commit to them meanwhile.
 */
export async function touchedRefs(tree: WorkTree, before: Readonly<Record<string, string>>): Promise<string[]> {
  const now = await userRefs(tree);
  const wrong: string[] = [];
  for (const [ref, commit] of Object.entries(before)) {
    const at = now[ref];
    if (at === undefined) wrong.push(`${ref} is gone`);
    else if (at !== commit) {
      const forward = await tryGit(tree.repository.root, ['merge-base', '--is-ancestor', commit, at]);
      if (forward.exitCode !== 0) wrong.push(`${ref} was ${commit.slice(0, 12)} and is ${at.slice(0, 12)}`);
    }
    if (at !== undefined) {
      const ours = await git(tree.repository.root, [
        'rev-list',
        `--author=^${COMMITTER.name} <`,
        `${tree.base}..${at}`,
      ]);
      if (ours !== '') wrong.push(`${ref} holds commits of the migration`);
    }
  }
  return wrong;
}
