import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { ContractTable, KeyAttribute, MigrationContract } from '../../contract/types.ts';

/** A table of the contract as CreateTable takes it, for rehearsals; stage 6 deploys the real ones. */
export function createTableInput(table: ContractTable, name: string): CreateTableCommandInput {
  const definitions = new Map<string, AttributeDefinition>();
  const keySchema = (pk: KeyAttribute, sk: KeyAttribute | null) =>
    [pk, ...(sk === null ? [] : [sk])].map((key, position) => {
      definitions.set(key.name, { AttributeName: key.name, AttributeType: key.type });
      return { AttributeName: key.name, KeyType: position === 0 ? ('HASH' as const) : ('RANGE' as const) };
    });
  const KeySchema = keySchema(table.pk, table.sk);
  const indexes = table.gsis.map((index) => ({
    IndexName: index.index_name,
    KeySchema: keySchema(index.pk, index.sk),
    Projection: {
      ProjectionType: index.projection,
      ...(index.projection === 'INCLUDE' ? { NonKeyAttributes: [...index.projected_attributes] } : {}),
    },
  }));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema,
    AttributeDefinitions: [...definitions.values()],
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}

/** Creates every table of the contract under a prefix and waits until all can be used. */
export async function createTables(client: DynamoDBClient, contract: MigrationContract, prefix: string): Promise<void> {
  await Promise.all(
    contract.tables.map(async (table) => {
      const name = prefix + table.table;
      await client.send(new CreateTableCommand(createTableInput(table, name)));
      await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1 }, { TableName: name });
    }),
  );
}

/** Deletes them; one that is not there is no error. */
export async function dropTables(client: DynamoDBClient, contract: MigrationContract, prefix: string): Promise<void> {
  await Promise.all(
    contract.tables.map(async (table) => {
      try {
        await client.send(new DeleteTableCommand({ TableName: prefix + table.table }));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      }
    }),
  );
}
