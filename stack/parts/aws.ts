import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { LOOPBACK } from '../base/ports.ts';
import type { AwsEndpoint } from '../base/types.ts';
import { installAws } from '../install/aws.ts';
import { portOf, type PartDriver } from './driver.ts';
import { checkDynamodb } from './dynamodb-check.ts';

/** The AWS emulator. It writes its state when it ends in order: what was done before a kill is lost. */
export const awsDriver: PartDriver<AwsEndpoint> = {
  part: 'aws',
  ports: ['aws'],
  graceMs: 20_000,

  async prepare(context) {
    const command = await installAws(context.log);
    const folder = (name: string): string => {
      const dir = path.join(context.dir, name);
      mkdirSync(dir, { recursive: true });
      return dir;
    };
    const env = {
      GATEWAY_PORT: String(portOf(context, 'aws')),
      BIND_HOST: LOOPBACK,
      PERSIST_STATE: '1',
      STATE_DIR: folder('state'),
      S3_PERSIST: '1',
      S3_DATA_DIR: folder('s3'),
      TMPDIR: folder('tmp'),
      LOG_LEVEL: 'WARNING',
    };
    return { command, args: ['-m', 'ministack'], cwd: context.dir, env };
  },

  check: (context) => checkDynamodb(portOf(context, 'aws')),
};
