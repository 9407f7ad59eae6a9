import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AwsEndpoint } from '../base/types.ts';
import { installDynamodbLocal } from '../install/dynamodb-local.ts';
import { portOf, type PartDriver } from './driver.ts';
import { checkDynamodb } from './dynamodb-check.ts';

/** AWS's own DynamoDB Local, for conformance: stricter than the emulator in what it refuses. */
export const dynamodbLocalDriver: PartDriver<AwsEndpoint> = {
  part: 'dynamodb-local',
  ports: ['dynamodbLocal'],
  graceMs: 10_000,

  async prepare(context) {
    const { java, libraries, classes } = await installDynamodbLocal(context.log);
    const data = path.join(context.dir, 'data');
    mkdirSync(data, { recursive: true });
    const args = [
      // Two cores and a small heap: the smallest collector starts fastest.
      '-Xmx512m',
      '-XX:+UseSerialGC',
      `-Djava.library.path=${libraries}`,
      '-cp',
      [classes, path.join(libraries, '*')].join(path.delimiter),
      'LoopbackServer',
      '-sharedDb',
      '-dbPath',
      data,
      '-port',
      String(portOf(context, 'dynamodbLocal')),
    ];
    // The class that we start reads no switch against it, only this.
    return { command: java, args, cwd: context.dir, env: { DDB_LOCAL_TELEMETRY: '0' } };
  },

  check: (context) => checkDynamodb(portOf(context, 'dynamodbLocal')),
};
