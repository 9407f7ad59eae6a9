import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DifferentialSettings } from '../../../activities/04-dynamodb-implementation/differential/index.ts';
import { testFramework, type TestBench } from '../../../activities/04-dynamodb-implementation/tests/index.ts';
import { git, installDependencies, openSession } from '../../../activities/application/index.ts';
import { languageOfLayer } from '../../../activities/generated/language.ts';
import type { MigrationContract } from '../../../contract/types.ts';
import type { Analysis } from '../../../core/analysis.ts';
import type { DataAccessLayer } from '../../../core/data-access.ts';
import type { MigrationPlan } from '../../../core/plan.ts';
import type { StageContext } from '../../../core/stage.ts';
import type { AwsEndpoint, MysqlEndpoint } from '../../../stack/index.ts';

/** A migrated application as stage 4 left it, in a folder of its own, with servers of its own. */
export interface KeptMigration {
  readonly bench: TestBench;
  readonly settings: Omit<DifferentialSettings, 'seed'>;
  /** What stage 4 put on the branch. */
  readonly commit: string;
}

/**
 * Opens what a kept run of the demo or of `lane:application` left in `kept`: its artifacts are read, its branch is
 * checked out below `work`, and the scratch database is prepared anew on `mysql`.
 */
export async function openKept(
  kept: string,
  work: string,
  servers: { readonly mysql: MysqlEndpoint; readonly aws: AwsEndpoint },
): Promise<KeptMigration> {
  const given = JSON.parse(await readFile(join(kept, 'migration.json'), 'utf8')) as MigrationPlan;
  const artifacts = join(kept, 'artifacts', given.name);
  const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(artifacts, name), 'utf8')) as T;
  const plan = planHere(given, work, servers);
  const context = contextOver(plan, artifacts, work);
  const { commit } = await read<{ commit: string }>('stage-04/implementation.json');
  const { methods } = await read<{ methods: { aggregate: string; name: string; status: string }[] }>(
    'stage-04/coverage.json',
  );

  await rm(plan.application.path, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await git(work, ['clone', '--quiet', '--no-hardlinks', given.application.path, plan.application.path]);
  await git(plan.application.path, ['checkout', '--quiet', '--detach', commit]);
  await installDependencies({
    original: join(artifacts, 'work', 'application', 'tree'),
    application: plan.application.path,
    ...(plan.application.install === undefined ? {} : { install: plan.application.install }),
  });
  const session = await openSession(context);
  const layer = await read<DataAccessLayer>('stage-03/data-access.json');
  const { path: application } = plan.application;
  await session.scratch.prepare(session.settings, { cwd: plan.application.path });
  await session.scratch.snapshot();
  return {
    bench: { context, session, application, framework: await testFramework(application, languageOfLayer(layer)) },
    settings: {
      contract: await read<MigrationContract>('stage-02/migrationContract.json'),
      layer,
      analysis: await read<Analysis>('stage-01/analysis.json'),
      refused: new Set(
        methods.filter(({ status }) => status === 'refused').map(({ aggregate, name }) => `${aggregate}.${name}`),
      ),
    },
    commit,
  };
}

function planHere(
  plan: MigrationPlan,
  work: string,
  { mysql, aws }: { readonly mysql: MysqlEndpoint; readonly aws: AwsEndpoint },
): MigrationPlan {
  const source = { ...plan.source };
  delete (source as { password?: string }).password;
  return {
    ...plan,
    source: { ...source, host: mysql.host, port: mysql.port, user: mysql.user },
    application: { ...plan.application, path: join(work, 'application') },
    target: { ...plan.target, region: aws.region, endpoint: aws.endpoint },
  };
}

/** A stage's context that reads the kept artifacts and writes nothing among them. */
function contextOver(plan: MigrationPlan, artifacts: string, work: string): StageContext {
  const refuse = (): Promise<never> => Promise.reject(new Error('A kept migration is only read.'));
  return {
    migration: plan.name,
    plan,
    inputs: [],
    outputs: [],
    signal: new AbortController().signal,
    artifacts: {
      write: refuse,
      read: ({ name }) => readFile(join(artifacts, name)),
      removeBelow: refuse,
      workFolder: async (name) => {
        const folder = join(work, name);
        await mkdir(folder, { recursive: true });
        return folder;
      },
    },
    input: (name) => readFile(join(artifacts, name)),
    secret: (reference) => Promise.resolve(reference),
    progress: () => undefined,
    checkpoint: {
      load: () => Promise.resolve(undefined),
      save: () => Promise.resolve(),
      clear: () => Promise.resolve(),
    },
    log: { info: () => undefined, warn: () => undefined },
  };
}
