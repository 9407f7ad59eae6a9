import {
  type AttributeValue,
  DeleteTableCommand,
  paginateScan,
  ResourceNotFoundException,
  UpdateTableCommand,
  waitUntilTableNotExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { KeyAttribute, MigrationContract } from '../../contract/types.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { StageContext } from '../../core/stage.ts';
import { isFlagKey } from '../../runtime/flags/flag-store.ts';
import { awsClients, type AwsClients } from '../aws.ts';
import { backToPhaseOne } from '../flags/back-to-phase-one.ts';
import { deleteStack, findStack, settle } from './change-set.ts';
import { readTable } from './deployed.ts';
import { OWNER_TAG } from './naming.ts';
import { NOTHING_MADE, type Made } from './ownership.ts';
import type { Waiting } from './poll.ts';

const TIMEOUT_MS = 1_800_000;

/** Removes stacks and tables that this migration made, when the tables are empty; what it found there stays. */
export async function compensate(context: StageContext): Promise<void> {
  const made = (await context.checkpoint.load<Made>()) ?? NOTHING_MADE;
  if (made.stacks.length > 0 || made.tables.length > 0) {
    // In phases 2 to 4 the application works with these tables.
    await backToPhaseOne(context);
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
      await refuseItems(context, clients.dynamodb, tables);
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

async function refuseItems(context: StageContext, client: DynamoDBClient, tables: readonly string[]): Promise<void> {
  const support = await supportTable(context);
  const full: string[] = [];
  for (const table of tables) {
    if (await holdsData(client, table, table === support?.name ? support.pk : undefined)) full.push(table);
  }
  if (full.length > 0) {
    const detail = `They are kept as they are, and so is the stack: ${full.join(', ')}.`;
    throw new CutoverError('infrastructure.tables-not-empty', {
      where: `${full.length} of ${tables.length} tables`,
      detail,
    });
  }
}

/**
 * Whether something would be lost with the table. Tombstones say that a row is gone; in the support table flags of
 * phase 1 say what is so without them, and instances, mismatches and fences belong to flags. Flags of a later phase
 * are data: an application relies on them.
 */
async function holdsData(
  client: DynamoDBClient,
  TableName: string,
  support: KeyAttribute | undefined,
): Promise<boolean> {
  const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const page of pages) if ((page.Items ?? []).some((item) => !isBookkeeping(item, support))) return true;
  return false;
}

function isBookkeeping(item: Readonly<Record<string, AttributeValue>>, support: KeyAttribute | undefined): boolean {
  if (item['_deleted'] !== undefined) return true;
  const key = support === undefined ? undefined : item[support.name]?.S;
  if (key === undefined || !isFlagKey(key)) return false;
  return key !== 'FLAGS' || (item['phase']?.N ?? '1') === '1';
}

/** Full name and key of the contract's support table; undefined when the contract can't be read any more. */
async function supportTable(context: StageContext): Promise<{ name: string; pk: KeyAttribute } | undefined> {
  const bytes = await context.input('stage-02/migrationContract.json').catch(() => undefined);
  if (bytes === undefined) return undefined;
  const contract = JSON.parse(Buffer.from(bytes).toString('utf8')) as MigrationContract;
  const table = contract.tables.find(({ type }) => type === 'support');
  return table && { name: context.plan.target.prefix + table.table, pk: table.pk };
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
