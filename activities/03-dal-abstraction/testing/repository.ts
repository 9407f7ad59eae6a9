import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MigrationPlan } from '../../../core/plan.ts';
import { testEndpoints, uniqueName } from '../../../test/support/shared-stack.ts';
import { git } from '../../application/index.ts';

/** Puts files into a new folder. */
export async function makeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'cutover-stage3-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

/** Makes a repository of a folder, all in one commit on `main`. */
export async function makeRepository(root: string): Promise<void> {
  await git(root, ['init', '--quiet', '-b', 'main']);
  await git(root, ['add', '--all']);
  await git(root, ['-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '--quiet', '-m', 'first']);
}

/** A plan for an application with `seed.mjs`, `traffic.mjs`, a server and its tests. */
export function planOf(
  root: string,
  database: string,
  commands: { readonly start: string; readonly tests: string; readonly build?: string },
): MigrationPlan {
  const { mysql, aws } = testEndpoints();
  const { host, port, user } = mysql;
  return {
    name: 'notes',
    artifactStore: root,
    source: { host, port, user, database },
    application: {
      path: root,
      sources: ['src'],
      install: `ln -sfn ${path.join(process.cwd(), 'node_modules')} node_modules`,
      ...(commands.build === undefined ? {} : { build: commands.build }),
      server: { start: commands.start, portVariable: 'PORT', readyPath: '/', databaseUrlVariable: 'DATABASE_URL' },
      tests: { command: commands.tests, environment: { URL: '{serverUrl}' } },
      traffic: { command: 'node traffic.mjs {serverUrl}' },
      scratch: { database: `${database}_scratch`, prepare: 'node seed.mjs' },
    },
    target: { region: 'us-east-1', endpoint: aws.endpoint, prefix: `${uniqueName('n')}-` },
    gates: { policy: 'auto' },
    assumedRate: { name: 'few', mean: 1, peak: 2 },
  };
}
