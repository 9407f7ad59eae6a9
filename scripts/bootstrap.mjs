/**
 * Installs the npm packages that the lockfile names, if they are not there already, then runs a command. Plain
 * JavaScript without imports of packages: it is what runs first in a fresh clone.
 *
 *   node scripts/bootstrap.mjs COMMAND [ARGUMENT ...]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

requireNode();
for (const folder of [root, join(root, 'examples', 'shop')]) install(folder);
const [command, ...args] = process.argv.slice(2);
if (command !== undefined) run(command, args, root);

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node ${process.versions.node} is too old: Cutover needs Node 20.19 or later.`);
  process.exit(1);
}

/** Runs `npm ci` where the lockfile has changed since the last time, or nothing is installed. */
function install(folder) {
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const mark = join(folder, 'node_modules', '.installed-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.error(`Installing the packages of ${folder === root ? 'Cutover' : 'the example shop'} ...`);
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  writeFileSync(mark, lock);
}

function run(program, programArgs, cwd) {
  const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`;
  const result = spawnSync(program, programArgs, { cwd, stdio: 'inherit', env: { ...process.env, PATH: path } });
  if (result.error !== undefined) {
    console.error(`${program} could not be run: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}
