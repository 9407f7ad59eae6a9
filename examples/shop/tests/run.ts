import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (!process.env['SHOP_URL'] || !process.env['SHOP_ADMIN_KEY']) {
  console.error('set SHOP_URL (of a running server) and SHOP_ADMIN_KEY to run the tests');
  process.exit(1);
}

const tests = fileURLToPath(new URL('all.ts', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', ...process.argv.slice(2), tests],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
