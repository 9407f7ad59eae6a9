import { ensureInstalled, startStack } from '../../stack/index.ts';
import { rememberStack } from './shared-stack.ts';

/**
 * One embedded stack for the whole run: real Temporal, MySQL and AWS endpoint. Test files share it and take
 * databases, table prefixes and workflow ids of their own. `CUTOVER_TEST_STACK=none` runs the tests that need none.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env['CUTOVER_TEST_STACK'] === 'none') return;
  const log = {
    info: (message: string) => process.stderr.write(`${message}\n`),
    warn: (message: string) => process.stderr.write(`! ${message}\n`),
  };
  await ensureInstalled(['temporal', 'mysql', 'aws', 'dynamodb-local'], log);
  const stack = await startStack({
    name: `test-${process.pid}`,
    parts: ['temporal', 'mysql', 'aws', 'dynamodb-local'],
    fresh: true,
    log,
  });
  rememberStack(stack);
}
