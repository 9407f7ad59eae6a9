import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MigrationPlan } from '../../core/plan.ts';
import { stageContext, type TestContext } from '../../test/support/stage-context.ts';
import { bundleBranch } from './bundle.ts';
import { git } from './git.ts';
import { openSession, sessionWorkTree, stageWorkTree } from './session.ts';
import { commitStep } from './work-tree.ts';

describe('the branch that the stages hand on', () => {
  let folder: string;
  let context: TestContext;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-session-')));
    await writeFile(path.join(folder, 'a.txt'), 'a\n');
    await git(folder, ['init', '--quiet', '-b', 'main']);
    await git(folder, ['add', '--all']);
    await git(folder, ['-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'first']);
    context = await stageContext(plan(), {});
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function plan(): MigrationPlan {
    return {
      name: 'trial',
      artifactStore: 'unused',
      source: { host: '127.0.0.1', port: 1, database: 'source', user: 'none' },
      application: {
        path: folder,
        sources: ['.'],
        server: { start: 'none', portVariable: 'PORT', readyPath: '/', databaseUrlVariable: 'DATABASE_URL' },
        tests: { command: 'none' },
        scratch: { database: 'none', prepare: 'none' },
      },
      target: { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', prefix: 'trial-' },
      gates: { policy: 'auto' },
    };
  }

  test('is restored from the bundle where work folder and branch are lost, and refused where they must be there', async () => {
    const session = await openSession(context);
    const tree = await sessionWorkTree(context, session);
    await writeFile(path.join(tree.application, 'b.txt'), 'b\n');
    const commit = await commitStep(tree, 'Step');
    const bundle = await bundleBranch(tree, path.join(folder, '..', `${path.basename(folder)}.bundle`));
    await rm(session.workFolder, { recursive: true });
    await mkdir(session.workFolder);
    await git(folder, ['worktree', 'prune']);
    await git(folder, ['update-ref', '-d', 'refs/heads/cutover/trial']);

    await expect(stageWorkTree(context, session, 'cutover/trial')).rejects.toThrow('application.branch-missing');
    const elsewhere = { ...context, input: () => Promise.resolve(bundle) };
    const again = await stageWorkTree(elsewhere, session, 'cutover/trial', {
      bundle: 'stage-03/branch.bundle',
      commit,
    });
    expect(await readFile(path.join(again.application, 'b.txt'), 'utf8')).toBe('b\n');
    expect([again.base, await git(again.folder, ['rev-parse', 'HEAD'])]).toEqual([tree.base, commit]);
    await expect(stageWorkTree(context, session, 'cutover/other')).rejects.toThrow('application.branch-missing');
  });
});
