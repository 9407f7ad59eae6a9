import type { StageContext } from '../../core/stage.ts';
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
import { NOTHING_MADE, readOwn, type Made } from './ownership.ts';
import type { Waiting } from './poll.ts';
import { stackParts, templateText, type TemplateTarget } from './stacks.ts';
import { deploymentWaves } from './waves.ts';

/** An hour: an index on a table with much data is built in the background for that long and longer. */
const WAVE_TIMEOUT_MS = 3_600_000;

/** One update of one stack. */
export interface DeployedWave {
  readonly stack: string;
  readonly wave: number;
  readonly changes: readonly PlannedChange[];
}

const STEP = '2. Create, describe and execute the change set';

/** Brings the stacks to the contract, one change set a wave; a wave that would change nothing is passed over. */
export async function deploy(
  context: StageContext,
  clients: AwsClients,
  contract: MigrationContract,
): Promise<DeployedWave[]> {
  const target = templateTarget(context);
  const parts = stackParts(contract, target);
  for (const { name } of parts) await recover(clients, name, waitingFor(context, name));
  const own = await readOwn(context, clients, contract);
  await remember(context, contract, clients, [...own.keys()]);
  const deployed = new Map([...own].map(([table, { gsis }]) => [table, gsis]));
  const done: DeployedWave[] = [];
  for (const [at, part] of parts.entries()) {
    context.progress({ step: STEP, done: at, total: parts.length, unit: 'stacks' });
    const waiting = waitingFor(context, part.name);
    for (const [wave, content] of deploymentWaves(part.contract, deployed).entries()) {
      const template = templateText(content, target, at + 1);
      const changeSet = `cutover-${wave + 1}`;
      const request = { stack: part.name, changeSet, template, migration: context.migration };
      const changes = await createChangeSet(clients.cloudformation, request, waiting);
      if (changes === null) continue;
      refuseReplacement(changes, part.name);
      done.push({ stack: part.name, wave: wave + 1, changes });
      await executeChangeSet(clients.cloudformation, part.name, changeSet, waiting);
    }
  }
  return done;
}

/** What the stage's templates are built with. */
export function templateTarget(context: StageContext): TemplateTarget {
  const { prefix, region } = context.plan.target;
  return { prefix, region, migration: context.migration };
}

function waitingFor(context: StageContext, stack: string): Waiting {
  const beat = () => context.progress({ step: STEP });
  return { signal: context.signal, what: stack, timeoutMs: WAVE_TIMEOUT_MS, beat };
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

/** Writes down, before it is done, what will be made: tables that are not there yet, and stacks that are new. */
async function remember(
  context: StageContext,
  contract: MigrationContract,
  clients: AwsClients,
  existing: readonly string[],
): Promise<void> {
  const before = (await context.checkpoint.load<Made>()) ?? NOTHING_MADE;
  const { prefix } = context.plan.target;
  const missing = contract.tables.filter(({ table }) => !existing.includes(table)).map(({ table }) => prefix + table);
  const stacks = [...before.stacks];
  for (const { name } of stackParts(contract, templateTarget(context))) {
    if (!stacks.includes(name) && (await findStack(clients.cloudformation, name)) === null) stacks.push(name);
  }
  const made: Made = { stacks, tables: [...new Set([...before.tables, ...missing])].sort() };
  await context.checkpoint.save(made);
}
