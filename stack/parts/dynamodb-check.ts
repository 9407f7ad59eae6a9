import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LOOPBACK } from '../base/ports.ts';
import type { AwsEndpoint } from '../base/types.ts';

const REGION = 'us-east-1';

/** Asks the endpoint for its tables: a real DynamoDB call, which an HTTP server that is merely up does not answer. */
export async function checkDynamodb(port: number): Promise<AwsEndpoint> {
  const endpoint = `http://${LOOPBACK}:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 },
  });
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
  } finally {
    client.destroy();
  }
  return { endpoint, region: REGION };
}
