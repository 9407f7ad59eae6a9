import path from 'node:path';
import type { StackLog } from '../base/types.ts';
import { installVenv } from './python.ts';

const VERSION = '1.5.33';

/** Pinned down to the last dependency, so that the emulator is the same one everywhere and tomorrow. */
const REQUIREMENTS = [
  `ministack==${VERSION}`,
  'botocore==1.43.106',
  'defusedxml==0.7.1',
  'graphql-core==3.2.12',
  'h11==0.16.0',
  'h2==4.4.1',
  'hpack==4.2.0',
  'hypercorn==0.18.0',
  'hyperframe==6.1.0',
  'jmespath==1.1.0',
  'jsonata-python==0.7.1',
  'priority==2.0.0',
  'python-dateutil==2.9.0.post0',
  'pyyaml==6.0.3',
  'six==1.17.0',
  'urllib3==2.8.0',
  'wsproto==1.3.2',
];

/** The Python interpreter whose module `ministack` is the AWS endpoint. */
export async function installAws(log: StackLog): Promise<string> {
  const dir = await installVenv('aws', `ministack-${VERSION}`, REQUIREMENTS, log);
  return path.join(dir, 'bin', 'python');
}
