import {
  DeleteTableCommand,
  ResourceNotFoundException,
  ScanCommand,
  UpdateTableCommand,
  waitUntilTableNotExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';
import { awsClients, type AwsClients } from '../aws.ts';
import { deleteStack, findStack, settle } from './change-set.ts';
import { readTable } from './deployed.ts';
import { OWNER_TAG } from './naming.ts';
import { NOTHING_MADE, refuseProduction, type Made } from './ownership.ts';
import type { Waiting } from './poll.ts';

const TIMEOUT_MS = 1_800_000;

/** Removes stacks and tables that this migration made, when the tables are empty; what it found there stays. */
export async function compensate(context: StageContext): Promise<void> {
  const made = (await context.checkpoint.load<Made>()) ?? NOTHING_MADE;
  if (made.stacks.length > 0 || made.tables.length > 0) {
    refuseProduction(context);
    const clients = awsClients(context.plan.target);
    try {
      const waiting = (what: string) => ({
        signal: context.signal,
        what,
        timeoutMs: TIMEOUT_MS,
        beat: () => context.progress({ step: 'Remove stacks and tables' }),
      });
      for (const stack of made.stacks) await standStill(clients, stack, waiting(stack));
      const tables = await ownTables(clients.dynamodb, made.tables, context.migration);
      await refuseItems(clients.dynamodb, tables);
      for (const stack of made.stacks) await deleteStack(clients.cloudformation, stack, waiting(stack));
      for (const table of tables) await removeTable(clients.dynamodb, table);
    } finally {
      clients.dynamodb.destroy();
      clients.cloudformation.destroy();
      clients.cloudwatch.destroy();
    }
  }
  await context.artifacts.removeBelow('stage-06');
  await context.checkpoint.clear();
}

/** A stack still being made or changed can't be removed yet; how that ends does not matter here. */
async function standStill(clients: AwsClients, stack: string, waiting: Waiting): Promise<void> {
  const status = (await findStack(clients.cloudformation, stack))?.StackStatus ?? '';
  if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS') return;
  await settle(clients.cloudformation, stack, waiting).catch((error: unknown) => {
    if (!(error instanceof CutoverError)) throw error;
  });
}

/** Of the tables that were to be made, those that exist and carry our tag. */
async function ownTables(client: DynamoDBClient, names: readonly string[], migration: string): Promise<string[]> {
  const own: string[] = [];
  for (const name of names) {
    if ((await readTable(client, name))?.tags.get(OWNER_TAG) === migration) own.push(name);
  }
  return own;
}

async function refuseItems(client: DynamoDBClient, tables: readonly string[]): Promise<void> {
  const full: string[] = [];
  for (const TableName of tables) {
    const { Items: items = [] } = await client.send(new ScanCommand({ TableName, Limit: 1, ConsistentRead: true }));
    if (items.length > 0) full.push(TableName);
  }
  if (full.length > 0) {
    const detail = `They are kept as they are, and so is the stack: ${full.join(', ')}.`;
    throw new CutoverError('infrastructure.tables-not-empty', {
      where: `${full.length} of ${tables.length} tables`,
      detail,
    });
  }
}

async function removeTable(client: DynamoDBClient, name: string): Promise<void> {
  try {
    await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName: name }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  await waitUntilTableNotExists({ client, maxWaitTime: 300 }, { TableName: name });
}
