import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CutoverError } from '../core/errors/index.ts';
import type { TargetSettings } from '../core/plan.ts';

/** AWS clients of one target; destroy what you asked for. */
export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly cloudformation: CloudFormationClient;
  readonly cloudwatch: CloudWatchClient;
}

/**
 * Clients by the default credential chain; with an emulator's endpoint fixed test credentials are used, so that
 * real ones can never be sent to it. AWS itself is refused unless the plan allows it in so many words.
 *
 * @throws CutoverError `infrastructure.production-refused`
 */
export function awsClients(target: TargetSettings): AwsClients {
  if (target.endpoint === undefined && target.allowProduction !== true) {
    const where = `region ${target.region}`;
    throw new CutoverError('infrastructure.production-refused', { where, detail: 'No emulator endpoint is set.' });
  }
  const settings = {
    region: target.region,
    ...(target.endpoint === undefined
      ? {}
      : { endpoint: target.endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  };
  return {
    dynamodb: new DynamoDBClient(settings),
    cloudformation: new CloudFormationClient(settings),
    cloudwatch: new CloudWatchClient(settings),
  };
}
