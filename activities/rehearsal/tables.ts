import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { tableDefinition } from '../../contract/table-definition.ts';
import type { MigrationContract } from '../../contract/types.ts';

/** Creates every table of the contract under a prefix and waits until all can be used. */
export async function createTables(client: DynamoDBClient, contract: MigrationContract, prefix: string): Promise<void> {
  await Promise.all(
    contract.tables.map(async (table) => {
      const name = prefix + table.table;
      await client.send(new CreateTableCommand(tableDefinition(table, prefix)));
      await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1 }, { TableName: name });
    }),
  );
}

/** Deletes tables by their full names; one that is not there is no error. */
export async function dropTables(client: DynamoDBClient, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (TableName) => {
      try {
        await client.send(new DeleteTableCommand({ TableName }));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      }
    }),
  );
}
