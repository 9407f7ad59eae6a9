import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The file that exports all workflow types. */
export const WORKFLOWS = path.join(ROOT, 'workflows', 'index.ts');

/**
 * Bundles the workflow code into a file named after its sources, unless that file is there already: bundling takes
 * seconds, and neither tests nor a restarted worker should pay them again.
 */
export async function prebuiltBundle(
  folder = path.join(ROOT, '.cutover', 'bundles'),
  logger?: Logger,
): Promise<string> {
  const file = path.join(folder, `workflows-${sourceHash()}.js`);
  if (existsSync(file)) return file;
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, ...(logger === undefined ? {} : { logger }) });
  await mkdir(folder, { recursive: true });
  // Renamed into place, for several processes may build it at the same time.
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, code);
  await rename(temporary, file);
  return file;
}

/** Everything that may end up in the bundle: our own pure code, and the exact versions of what it imports. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const files = ['workflows', 'core'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => path.join(folder, name)),
  );
  for (const file of [...files.sort(), 'package-lock.json']) {
    hash.update(`${file}\n`).update(readFileSync(path.join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
