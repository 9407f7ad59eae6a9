import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables as create, dropTables } from '../../activities/rehearsal/tables.ts';
import type { MigrationContract } from '../../contract/types.ts';
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
  await create(client, contract, prefix);
  return () =>
    dropTables(
      client,
      contract.tables.map(({ table }) => prefix + table),
    );
}
