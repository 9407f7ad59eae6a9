import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  ResourceNotFoundException,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { GlobalIndex, KeyAttribute } from '../../contract/types.ts';

/** A table as it stands in DynamoDB, in the contract's words. */
export interface DeployedTable {
  readonly name: string;
  readonly status: string;
  readonly pk: KeyAttribute | null;
  readonly sk: KeyAttribute | null;
  readonly gsis: readonly GlobalIndex[];
  readonly billing: string;
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly encryption: string;
  /** Write units a second that a new table takes at once, where DynamoDB tells. */
  readonly warmWrites: number | null;
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads a table; null when there is none. */
export async function readTable(client: DynamoDBClient, name: string): Promise<DeployedTable | null> {
  let table: TableDescription;
  try {
    table = (await client.send(new DescribeTableCommand({ TableName: name }))).Table ?? {};
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
  const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  const arn = table.TableArn ?? '';
  const tags = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  return {
    name,
    status: table.TableStatus ?? 'UNKNOWN',
    pk: keyPart(table, table, 'HASH'),
    sk: keyPart(table, table, 'RANGE'),
    gsis: (table.GlobalSecondaryIndexes ?? []).map((index): GlobalIndex => ({
      index_name: index.IndexName ?? '',
      pk: keyPart(table, index, 'HASH') ?? { name: '', type: 'S' },
      sk: keyPart(table, index, 'RANGE'),
      projection: index.Projection?.ProjectionType ?? 'ALL',
      projected_attributes: index.Projection?.NonKeyAttributes ?? [],
      rationale: '',
    })),
    billing: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    deletionProtection: table.DeletionProtectionEnabled ?? false,
    pointInTimeRecovery: recovery === 'ENABLED',
    encryption: table.SSEDescription?.Status ?? 'DISABLED',
    warmWrites: table.WarmThroughput?.WriteUnitsPerSecond ?? null,
    arn,
    tags: new Map((tags.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}

function keyPart(
  table: TableDescription,
  owner: { KeySchema?: { AttributeName: string | undefined; KeyType: string | undefined }[] | undefined },
  kind: 'HASH' | 'RANGE',
): KeyAttribute | null {
  const name = owner.KeySchema?.find(({ KeyType }) => KeyType === kind)?.AttributeName;
  if (name === undefined) return null;
  const type = table.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return { name, type: type === 'N' || type === 'B' ? type : 'S' };
}
