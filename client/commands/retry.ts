import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import { readContractFile } from '../contract-files.ts';
import type { Migrations } from '../migrations.ts';
import { readPlan } from '../plan-file.ts';
import { session, type GlobalOptions } from '../session.ts';

interface RetryOptions extends GlobalOptions {
  readonly by: string;
  readonly why?: string;
  readonly plan?: string;
  readonly contract?: string;
  readonly ownContract?: boolean;
}

/** `cutover retry NAME`: with a corrected plan, with a contract that was edited, or as it was. */
export function addRetry(retry: Command): void {
  retry
    .option('--plan <file>', 'go on with a corrected plan of the same name')
    .option('--contract <file>', 'stage 2 takes this contract in place of its own design, and checks all of it anew')
    .option('--own-contract', 'stage 2 goes back to its own design')
    .action(async (migration: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<RetryOptions>();
      const { by, why } = options;
      await session(options, async ({ migrations, out }) => {
        const plan = await planOf(migrations, migration, options);
        const request = { by, ...(why === undefined ? {} : { why }), ...(plan === undefined ? {} : { plan }) };
        const accepted = await migrations.request(migration, 'retry', request);
        out.result({ migration, ...accepted }, ({ message }) => `${migration}: ${message}`);
      });
    });
}

/** The plan to go on with; undefined when it stays as it is. */
async function planOf(migrations: Migrations, name: string, options: RetryOptions): Promise<MigrationPlan | undefined> {
  const given = options.plan === undefined ? undefined : readPlan(options.plan);
  if (options.contract === undefined && options.ownContract !== true) return given;
  if (options.contract !== undefined && options.ownContract === true)
    throw new CutoverError('client.usage', {
      where: 'retry',
      detail: 'Either --contract or --own-contract, not both.',
    });
  const plan = given ?? (await migrations.plan(name));
  if (plan === null)
    throw new CutoverError('client.usage', { where: 'retry', detail: 'The run has no plan yet; give it with --plan.' });
  await stageTwoToCome(migrations, name);
  const rest: { contract?: MigrationPlan['contract'] } & MigrationPlan = { ...plan };
  delete rest.contract;
  return options.contract === undefined ? rest : { ...rest, contract: namedContract(options.contract) };
}

/** Only stage 2 takes a contract: where it stands recorded, the request would change nothing, and say nothing. */
async function stageTwoToCome(migrations: Migrations, name: string): Promise<void> {
  const { stages } = await migrations.status(name);
  if (stages.find(({ id }) => id === MODELLING)?.status !== 'done') return;
  throw new CutoverError('client.refused', {
    where: `migration ${name}`,
    detail: `${MODELLING} is recorded and would not run again. First: cutover rollback ${name} --to ${MODELLING} --why …; what is written by hand on the branch is kept.`,
  });
}

const MODELLING = '02-dynamodb-data-modeling';

/** The contract by its path and its hash, so that what was reviewed is what stage 2 takes. Refused when it is not valid. */
export function namedContract(file: string): NonNullable<MigrationPlan['contract']> {
  readContractFile(file);
  return { path: path.resolve(file), sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}
