import { UpdateContinuousBackupsCommand, UpdateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { MigrationContract } from '../../contract/types.ts';
import { readTable } from './deployed.ts';

/**
 * Sets by API what the read-back does not show: an emulator may take a template's protections and not keep them.
 * Returns what had to be set, as `table: protection`.
 */
export async function setProtections(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
): Promise<string[]> {
  const set: string[] = [];
  for (const { table } of contract.tables) {
    const name = prefix + table;
    const deployed = await readTable(client, name);
    if (!deployed) continue;
    if (!deployed.pointInTimeRecovery) {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await client.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }));
      set.push(`${name}: point-in-time recovery`);
    }
    if (!deployed.deletionProtection) {
      await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: true }));
      set.push(`${name}: deletion protection`);
    }
  }
  return set;
}
