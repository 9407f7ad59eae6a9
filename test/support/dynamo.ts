import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type AttributeDefinition,
} from '@aws-sdk/client-dynamodb';
import type { KeyAttribute, MigrationContract } from '../../contract/types.ts';
import { testEndpoints } from './shared-stack.ts';

/** A client of the run's AWS endpoint. */
export function testDynamo(): DynamoDBClient {
  const { endpoint, region } = testEndpoints().aws;
  return new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}

/** Creates the contract's tables under a prefix; gives what removes them again. */
export async function createTables(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
): Promise<() => Promise<void>> {
  for (const table of contract.tables) {
    const keys = [table.pk, ...(table.sk === null ? [] : [table.sk])];
    const indexes = table.gsis.map((index) => ({
      ...index,
      keys: [index.pk, ...(index.sk === null ? [] : [index.sk])],
    }));
    const definitions = new Map<string, AttributeDefinition>();
    for (const key of [...keys, ...indexes.flatMap((index) => index.keys)]) {
      definitions.set(key.name, { AttributeName: key.name, AttributeType: key.type });
    }
    await client.send(
      new CreateTableCommand({
        TableName: prefix + table.table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...definitions.values()],
        KeySchema: keySchema(keys),
        ...(indexes.length === 0
          ? {}
          : {
              GlobalSecondaryIndexes: indexes.map((index) => ({
                IndexName: index.index_name,
                KeySchema: keySchema(index.keys),
                Projection: { ProjectionType: index.projection },
              })),
            }),
      }),
    );
  }
  return async () => {
    for (const table of contract.tables) await client.send(new DeleteTableCommand({ TableName: prefix + table.table }));
  };
}

function keySchema(keys: readonly KeyAttribute[]) {
  return keys.map((key, position) => ({
    AttributeName: key.name,
    KeyType: position === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
}
