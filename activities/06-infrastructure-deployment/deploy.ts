import type { StageContext } from '../../core/stage.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { AwsClients } from '../aws.ts';
import {
  createChangeSet,
  deleteStack,
  executeChangeSet,
  findStack,
  refuseReplacement,
  settle,
  type PlannedChange,
} from './change-set.ts';
import { stackName } from './naming.ts';
import { NOTHING_MADE, readOwn, type Made } from './ownership.ts';
import type { Waiting } from './poll.ts';
import { buildTemplate } from './template.ts';
import { deploymentWaves } from './waves.ts';

/** An hour: an index on a table with much data is built in the background for that long and longer. */
const WAVE_TIMEOUT_MS = 3_600_000;

/** One update of the stack. */
export interface DeployedWave {
  readonly wave: number;
  readonly changeSet: string;
  readonly changes: readonly PlannedChange[];
}

/** Brings the stack to the contract, one change set a wave; a wave that would change nothing is passed over. */
export async function deploy(
  context: StageContext,
  clients: AwsClients,
  contract: MigrationContract,
): Promise<DeployedWave[]> {
  const { prefix, region } = context.plan.target;
  const stack = stackName(prefix, context.migration);
  const waiting: Waiting = {
    signal: context.signal,
    what: stack,
    timeoutMs: WAVE_TIMEOUT_MS,
    beat: () => context.progress({ step: '2. Create, describe and execute the change set' }),
  };
  await recover(clients, stack, waiting);
  const own = await readOwn(context, clients, contract);
  await remember(context, contract, clients, [...own.keys()]);
  const waves = deploymentWaves(contract, new Map([...own].map(([table, { gsis }]) => [table, gsis])));
  const done: DeployedWave[] = [];
  for (const [at, wave] of waves.entries()) {
    context.progress({
      step: '2. Create, describe and execute the change set',
      done: at,
      total: waves.length,
      unit: 'waves',
    });
    const template = canonicalJson(buildTemplate(wave, prefix, context.migration, region));
    const changeSet = `cutover-${at + 1}`;
    const changes = await createChangeSet(
      clients.cloudformation,
      { stack, changeSet, template, migration: context.migration },
      waiting,
    );
    if (changes === null) continue;
    refuseReplacement(changes, stack);
    done.push({ wave: at + 1, changeSet, changes });
    await executeChangeSet(clients.cloudformation, stack, changeSet, waiting);
  }
  return done;
}

/** Waits for an update that a killed worker began; removes a stack whose first creation failed, which can't be updated. */
async function recover(clients: AwsClients, stack: string, waiting: Waiting): Promise<void> {
  const found = await findStack(clients.cloudformation, stack);
  const status = found?.StackStatus ?? '';
  if (
    status === 'CREATE_IN_PROGRESS' ||
    status === 'UPDATE_IN_PROGRESS' ||
    status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  ) {
    await settle(clients.cloudformation, stack, waiting);
  } else if (status === 'ROLLBACK_COMPLETE') {
    await deleteStack(clients.cloudformation, stack, waiting);
  }
}

/** Writes down, before it is done, what will be made: tables that are not there yet, and the stack if it is new. */
async function remember(
  context: StageContext,
  contract: MigrationContract,
  clients: AwsClients,
  existing: readonly string[],
): Promise<void> {
  const before = (await context.checkpoint.load<Made>()) ?? NOTHING_MADE;
  const { prefix } = context.plan.target;
  const missing = contract.tables.filter(({ table }) => !existing.includes(table)).map(({ table }) => prefix + table);
  const stack =
    before.stack || (await findStack(clients.cloudformation, stackName(prefix, context.migration))) === null;
  await context.checkpoint.save({ stack, tables: [...new Set([...before.tables, ...missing])].sort() } satisfies Made);
}
