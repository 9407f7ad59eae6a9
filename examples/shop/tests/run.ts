import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

if (!process.env['SHOP_URL'] || !process.env['SHOP_ADMIN_KEY']) {
  console.error('set SHOP_URL (of a running server) and SHOP_ADMIN_KEY to run the tests');
  process.exit(1);
}

const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=2', ...files.sort().map((name) => `${folder}${name}`)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
