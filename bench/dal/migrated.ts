import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { branchName, git, installDependencies } from '../../activities/application/index.ts';
import { readPlan } from '../../client/plan-file.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { DataAccessLayer } from '../../core/data-access.ts';
import type { MigrationPlan } from '../../core/plan.ts';

/** An application that a migration has been through: before, after, and the designs in between. */
export interface MigratedApplication {
  readonly name: string;
  readonly plan: MigrationPlan;
  /** Check-out of the branch that the team has. */
  readonly untouched: string;
  /** Check-out of the branch that the migration left. */
  readonly migrated: string;
  readonly contract: MigrationContract;
  readonly layer: DataAccessLayer;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** What a lane or a demo left below `.cutover`; when it left nothing, the real migration is run first. */
export async function migratedApplication(name: string): Promise<MigratedApplication> {
  const left = join(ROOT, '.cutover', name === 'shop' ? 'bench-shop' : `lane-${name}`);
  if (!existsSync(join(left, 'migration.json'))) await migrate(name);
  const plan = readPlan(join(left, 'migration.json'));
  const work = join(ROOT, '.cutover', 'bench-dal', name);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const [untouched, migrated] = [join(work, 'untouched'), join(work, 'migrated')];
  await git(work, ['clone', '--quiet', plan.application.path, untouched]);
  await git(work, ['clone', '--quiet', '--branch', branchName(plan.name), plan.application.path, migrated]);
  for (const application of [untouched, migrated]) {
    await installDependencies({
      original: plan.application.path,
      application,
      ...(plan.application.install === undefined ? {} : { install: plan.application.install }),
    });
  }
  const artifact = async <T>(file: string): Promise<T> =>
    JSON.parse(await readFile(join(plan.artifactStore, plan.name, file), 'utf8')) as T;
  const contract = await artifact<MigrationContract>('stage-02/migrationContract.json');
  const layer = await artifact<DataAccessLayer>('stage-03/data-access.json');
  return { name, plan, untouched, migrated, contract, layer };
}

/** The shop by the demo, with few rows; every other application by its lane. */
async function migrate(name: string): Promise<void> {
  const shop = ['tsx', 'scripts/demo/main.ts', '--orders', '300', '--requests', '800'];
  await execa('npx', name === 'shop' ? shop : ['tsx', 'scripts/lanes/application.ts', name], {
    cwd: ROOT,
    stdio: 'inherit',
    env: name === 'shop' ? { CUTOVER_DEMO: 'bench-shop' } : {},
  });
}
