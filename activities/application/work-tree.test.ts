import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { access, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleBranch, restoreBranch } from './bundle.ts';
import { git } from './git.ts';
import { commitStep, currentWorkTree, openWorkTree, removeWorkTree, resetTo } from './work-tree.ts';

let folder: string;
let root: string;
let applicationPath: string;
let workFolder: string;

async function open(): ReturnType<typeof openWorkTree> {
  return openWorkTree({ applicationPath, migration: 'trial', workFolder });
}

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-tree-')));
  root = path.join(folder, 'repository');
  applicationPath = path.join(root, 'apps', 'one');
  workFolder = path.join(folder, 'work');
  await mkdir(applicationPath, { recursive: true });
  await writeFile(path.join(applicationPath, 'a.txt'), 'a\n');
  await writeFile(path.join(root, 'other.txt'), 'other\n');
});

afterEach(async () => rm(folder, { recursive: true, force: true }));

async function commitAll(): Promise<string> {
  await git(root, ['init', '--quiet', '-b', 'main']);
  await git(root, ['add', '--all']);
  await git(root, ['-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'first']);
  return git(root, ['rev-parse', 'HEAD']);
}

describe('the work tree of a migration', () => {
  it('stands on its own branch, and leaves the user’s alone', async () => {
    const base = await commitAll();
    const tree = await open();
    expect(tree).toMatchObject({
      branch: 'cutover/trial',
      base,
      application: path.join(workFolder, 'tree', 'apps', 'one'),
    });
    await writeFile(path.join(tree.application, 'b.txt'), 'b\n');
    await mkdir(path.join(tree.application, 'node_modules', 'x'), { recursive: true });
    await writeFile(path.join(tree.application, 'node_modules', 'x', 'index.js'), '');
    const commit = await commitStep(tree, 'Step');
    expect(await git(root, ['show', '--name-only', '--format=%an <%ae>', commit])).toBe(
      'Cutover <cutover@localhost.invalid>\n\napps/one/b.txt',
    );
    expect(await git(root, ['rev-parse', 'main'])).toBe(base);
    expect(await git(root, ['status', '--porcelain'])).toBe('');
  });

  it('gives the same commit for the same work', async () => {
    await commitAll();
    const once = async (): Promise<string> => {
      const tree = await open();
      await writeFile(path.join(tree.application, 'b.txt'), 'b\n');
      const commit = await commitStep(tree, 'Step');
      await removeWorkTree(workFolder);
      return commit;
    };
    expect(await once()).toBe(await once());
  });

  it('is found again, reset, and removed twice without complaint', async () => {
    const base = await commitAll();
    const tree = await open();
    await writeFile(path.join(tree.application, 'left-behind.txt'), '');
    expect(await open()).toEqual(tree);
    await resetTo(tree, base);
    await expect(access(path.join(tree.application, 'left-behind.txt'))).rejects.toThrow();
    await removeWorkTree(workFolder);
    await removeWorkTree(workFolder);
    expect(await currentWorkTree(workFolder)).toBeUndefined();
    expect(await git(root, ['branch', '--list', 'cutover/*'])).toBe('');
  });

  it('comes back from its bundle after it was lost', async () => {
    await commitAll();
    const tree = await open();
    await writeFile(path.join(tree.application, 'b.txt'), 'b\n');
    const commit = await commitStep(tree, 'Step');
    const file = path.join(folder, 'branch.bundle');
    await writeFile(file, await bundleBranch(tree, `${file}.new`));
    await removeWorkTree(workFolder);
    await git(root, ['-c', 'gc.reflogExpire=now', 'reflog', 'expire', '--expire=now', '--all']);
    await git(root, ['prune', '--expire=now']);
    await restoreBranch(root, tree.branch, file, commit);
    expect(await git(root, ['show', `${tree.branch}:apps/one/b.txt`])).toBe('b');
    const user = ['-c', 'user.name=U', '-c', 'user.email=u@example.org'];
    const later = await git(root, [...user, 'commit-tree', `${commit}^{tree}`, '-p', commit, '-m', 'By hand']);
    await git(root, ['update-ref', `refs/heads/${tree.branch}`, later]);
    await restoreBranch(root, tree.branch, file, commit);
    expect(await git(root, ['rev-parse', tree.branch])).toBe(later);
  });

  it('refuses no repository, no commit, a dirty tree, and a branch of somebody else', async () => {
    await expect(open()).rejects.toThrow('dal.no-repository');
    await git(root, ['init', '--quiet', '-b', 'main']);
    await expect(open()).rejects.toThrow('no commit yet');
    await commitAll();
    await writeFile(path.join(applicationPath, 'a.txt'), 'changed\n');
    await expect(open()).rejects.toThrow(/dal.dirty-tree[^]*a\.txt/);
    await git(root, ['checkout', '--quiet', '--', '.']);
    await git(root, ['branch', 'cutover/trial']);
    await expect(open()).rejects.toThrow('dal.branch-taken');
  });

  it('does not mind changes beside the application', async () => {
    await commitAll();
    await writeFile(path.join(root, 'other.txt'), 'changed\n');
    await expect(open()).resolves.toMatchObject({ branch: 'cutover/trial' });
  });
});
