import type { PartName, StackLog } from '../base/types.ts';
import { silentLog } from '../base/types.ts';
import { installAws } from './aws.ts';
import { installDynamodbLocal } from './dynamodb-local.ts';
import { installMysqlTemplate } from './mysql-template.ts';
import { installMysql } from './mysql.ts';
import { installTemporal } from './temporal.ts';

const INSTALLERS: Record<PartName, (log: StackLog) => Promise<unknown>> = {
  temporal: installTemporal,
  mysql: async (log) => installMysqlTemplate(await installMysql(log), log),
  aws: installAws,
  'dynamodb-local': installDynamodbLocal,
};

/**
 * Makes sure that the parts are on this machine; quick when they are. Several processes may call it at once.
 * @throws StackError of one sentence for the first part that can't be had (the others are finished first).
 */
export async function ensureInstalled(parts: readonly PartName[], log: StackLog = silentLog): Promise<void> {
  const results = await Promise.allSettled([...new Set(parts)].map((part) => INSTALLERS[part](log)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
