import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationPlan } from '../../core/plan.ts';
import type { AwsEndpoint, MysqlEndpoint } from '../../stack/index.ts';
import { DEMO, ROOT } from './settings.ts';

const EXAMPLE = join(ROOT, 'examples', 'shop', 'migration.json');

/** The example's plan, with this demo's addresses and folders; for the demo itself the very same, unless gates ask a person. */
export async function writePlan(
  mysql: MysqlEndpoint,
  aws: AwsEndpoint,
  manualGates: readonly string[] = [],
): Promise<string> {
  const text = (await readFile(EXAMPLE, 'utf8'))
    .replaceAll('.cutover/demo', DEMO)
    .replace(/"port": \d+/, `"port": ${mysql.port}`)
    .replace(/"endpoint": "[^"]*"/, `"endpoint": "${aws.endpoint}"`);
  const file = join(DEMO, 'migration.json');
  const plan = JSON.parse(text) as MigrationPlan;
  await writeFile(file, JSON.stringify({ ...plan, gates: { ...plan.gates, manual: manualGates } }, null, 2));
  return file;
}
