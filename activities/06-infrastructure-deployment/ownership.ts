import type { StageContext } from '../../core/stage.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { AwsClients } from '../aws.ts';
import { findStack } from './change-set.ts';
import { readTable, type DeployedTable } from './deployed.ts';
import { OWNER_TAG } from './naming.ts';
import { stackParts } from './stacks.ts';

/** What this migration made, kept beside its checkpoint: written before the making, so that nothing is forgotten. */
export interface Made {
  readonly stacks: readonly string[];
  /** Table names with prefix. */
  readonly tables: readonly string[];
}

export const NOTHING_MADE: Made = { stacks: [], tables: [] };

/** The contract's tables as they stand, by the contract's name; throws when a table or stack belongs to another. */
export async function readOwn(
  context: StageContext,
  clients: AwsClients,
  contract: MigrationContract,
): Promise<ReadonlyMap<string, DeployedTable>> {
  const { prefix } = context.plan.target;
  const target = { prefix, region: context.plan.target.region, migration: context.migration };
  for (const { name: stack } of stackParts(contract, target)) {
    const found = await findStack(clients.cloudformation, stack);
    if (found && !found.Tags?.some(({ Key, Value }) => Key === OWNER_TAG && Value === context.migration)) {
      const detail = `It lacks the tag ${OWNER_TAG}=${context.migration}.`;
      throw new CutoverError('infrastructure.foreign-resource', { where: `stack ${stack}`, detail });
    }
  }
  const own = new Map<string, DeployedTable>();
  for (const { table } of contract.tables) {
    const deployed = await readTable(clients.dynamodb, prefix + table);
    if (!deployed) continue;
    if (deployed.tags.get(OWNER_TAG) !== context.migration) {
      throw new CutoverError('infrastructure.foreign-resource', {
        where: `table ${prefix}${table}`,
        detail: `It lacks the tag ${OWNER_TAG}=${context.migration}.`,
      });
    }
    own.set(table, deployed);
  }
  return own;
}
