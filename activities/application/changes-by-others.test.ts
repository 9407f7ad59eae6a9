import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changesByOthers, refuseChangesByOthers } from './changes-by-others.ts';
import { git } from './git.ts';
import { commitStep, openWorkTree, resetTo, type WorkTree } from './work-tree.ts';

let root: string;
let tree: WorkTree;
let start: string;
const USER = ['-c', 'user.name=U', '-c', 'user.email=u@example.org'];

beforeEach(async () => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-others-')));
  root = path.join(folder, 'application');
  await mkdir(root);
  await git(root, ['init', '--quiet', '-b', 'main']);
  await git(root, [...USER, 'commit', '--quiet', '--allow-empty', '-m', 'first']);
  tree = await openWorkTree({ applicationPath: root, migration: 'trial', workFolder: path.join(folder, 'work') });
  await write('a.ts', 'ours');
  start = await commitStep(tree, 'Stage 3');
  await write('b.ts', 'ours');
  await commitStep(tree, 'Stage 4');
});
afterEach(async () => rm(path.dirname(root), { recursive: true, force: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(tree.folder, file)), { recursive: true });
  await writeFile(path.join(tree.folder, file), text);
}

async function theyCommit(message: string, ...more: string[]): Promise<void> {
  await git(tree.folder, ['add', '--all']);
  await git(tree.folder, [...USER, 'commit', '--quiet', '--no-verify', '-m', message, ...more]);
}

describe('what others committed to the branch', () => {
  it('is nothing while all commits are our own, and after the branch was taken back', async () => {
    expect(await changesByOthers(tree, start)).toMatchObject({ commits: [], files: [] });
    const later = await git(tree.folder, ['rev-parse', 'HEAD']);
    await resetTo(tree, start);
    expect(await changesByOthers(tree, later)).toMatchObject({ commits: [], files: [] });
  });

  it('is refused with commits, files and the commands that keep them', async () => {
    await write('b.ts', 'theirs');
    await theyCommit('Mend b');
    await expect(refuseChangesByOthers(tree, start)).rejects.toMatchObject({
      code: 'application.branch-changed',
      where: `branch cutover/trial of ${root}`,
      detail: expect.stringMatching(
        /: b\.ts\. Commits of others: [0-9a-f]+ Mend b\..*git branch NAME.*git reset --hard/,
      ),
    });
  });

  it('is let go below the folder that is carried over, and nowhere else', async () => {
    await write('by-hand/x.ts', 'theirs');
    await theyCommit('x by hand');
    await refuseChangesByOthers(tree, start, 'by-hand');
    await write('by-hand.ts', 'theirs');
    await theyCommit('beside it');
    await expect(refuseChangesByOthers(tree, start, 'by-hand')).rejects.toMatchObject({
      detail: expect.stringContaining(': by-hand.ts. '),
    });
  });

  it('is found where our own commit was amended, and where the branch left its line', async () => {
    await write('b.ts', 'theirs');
    await theyCommit('Stage 4', '--amend');
    expect((await changesByOthers(tree, start)).files).toEqual(['b.ts']);
    await git(tree.folder, ['checkout', '--quiet', '-B', tree.branch, 'main']);
    await write('c.ts', 'theirs');
    await theyCommit('c');
    expect((await changesByOthers(tree, start)).files).toEqual(['c.ts']);
  });

  it('that was taken back by themselves is no change', async () => {
    await write('b.ts', 'theirs');
    await theyCommit('Mend b');
    await git(tree.folder, [...USER, 'revert', '--no-edit', 'HEAD']);
    await refuseChangesByOthers(tree, start);
  });
});
