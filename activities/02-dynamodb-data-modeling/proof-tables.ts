import {
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '../../contract/table-definition.ts';
import type { MigrationContract } from '../../contract/types.ts';

const WAIT_SECONDS = 300;

/** Creates every table of the contract under the prefix and waits until all can be used. */
export async function createProofTables(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
): Promise<void> {
  await removeProofTables(client, prefix);
  for (const table of contract.tables) await client.send(new CreateTableCommand(tableDefinition(table, prefix)));
  for (const table of contract.tables) {
    await waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS }, { TableName: prefix + table.table });
  }
}

/**
 * Whether the endpoint's consumed capacity depends on item sizes, as DynamoDB's does; `ministack` answers the same for
 * every item. Tried with an item of two read units, which stays in the proof's own table until that goes.
 */
export async function metersBySize(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
): Promise<boolean> {
  const support = contract.tables.find((table) => table.type === 'support');
  if (!support) return false;
  const TableName = prefix + support.table;
  const Key = { [support.pk.name]: { S: 'METER' } };
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, filler: { S: 'x'.repeat(5000) } } }));
  const answer = await client.send(
    new GetItemCommand({ TableName, Key, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }),
  );
  return answer.ConsumedCapacity?.CapacityUnits === 2;
}

/** Removes every table under the prefix, also those that an attempt left which was killed. */
export async function removeProofTables(client: DynamoDBClient, prefix: string): Promise<void> {
  const names = await tablesBelow(client, prefix);
  for (const name of names) {
    await client.send(new DeleteTableCommand({ TableName: name }));
  }
  for (const name of names) await waitUntilTableNotExists({ client, maxWaitTime: WAIT_SECONDS }, { TableName: name });
}

async function tablesBelow(client: DynamoDBClient, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let from: string | undefined;
  do {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName: from }));
    names.push(...(page.TableNames ?? []).filter((name) => name.startsWith(prefix)));
    from = page.LastEvaluatedTableName;
  } while (from !== undefined);
  return names;
}
