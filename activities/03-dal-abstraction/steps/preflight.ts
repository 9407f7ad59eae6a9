import { access } from 'node:fs/promises';
import path from 'node:path';
import type { CheckResult } from '../../../core/artifacts.ts';
import { CutoverError } from '../../../core/errors/index.ts';
import type { StageContext } from '../../../core/stage.ts';
import {
  branchName,
  currentWorkTree,
  findRepository,
  openSession,
  requireClean,
  tryGit,
} from '../../application/index.ts';
import { readAnalysis } from './source.ts';

/** Everything that can be known to fail before anything is changed. */
export async function preflightStage(context: StageContext): Promise<CheckResult[]> {
  const { application } = context.plan;
  const analysis = await readAnalysis(context);
  // Refuses a scratch database that may not be destroyed, and resolves every secret.
  const session = await openSession(context);
  const repository = await findRepository(application.path);
  const current = await currentWorkTree(session.workFolder);
  if (current === undefined) {
    await requireClean(repository);
    const branch = branchName(context.migration);
    const taken = await tryGit(repository.root, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
    if (taken.exitCode === 0) {
      throw new CutoverError('dal.branch-taken', {
        where: `branch ${branch} of ${repository.root}`,
        detail: `It stands at ${taken.stdout.slice(0, 12)}.`,
      });
    }
  }
  for (const source of application.sources) {
    await access(path.join(application.path, source)).catch(() => {
      throw new CutoverError('dal.no-source-project', {
        where: source,
        detail: `There is no such folder in ${application.path}.`,
      });
    });
  }
  const { callSites, unresolved } = analysis.application;
  return [
    { id: 'S3-P1', title: 'The application is in a clean git repository', passed: 1, total: 1, failures: [] },
    {
      id: 'S3-P2',
      title: 'The SQL of every call of the driver is known',
      passed: callSites.length,
      total: callSites.length + unresolved.length,
      failures: unresolved.slice(0, 10).map((one) => `${one.file}:${one.line} ${one.reason}`),
    },
  ];
}
