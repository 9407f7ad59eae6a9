import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './errors.ts';

/** The ignored folder that holds all run-time data: `CUTOVER_HOME`, else `.cutover` beside package.json. */
export function homeDir(): string {
  const set = process.env['CUTOVER_HOME'];
  if (set !== undefined && set !== '') return path.resolve(set);
  return path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '.cutover');
}

/** Downloads and unpacked servers, kept between runs; `CUTOVER_PARTS` lets several homes share one. */
export function partsDir(): string {
  const set = process.env['CUTOVER_PARTS'];
  return set !== undefined && set !== '' ? path.resolve(set) : path.join(homeDir(), 'parts');
}

/** The folder of all stacks, one folder for each. */
export function stacksDir(): string {
  return path.join(homeDir(), 'stack');
}

/** The folder of one stack: its state file, logs and data. */
export function stackDir(name: string): string {
  // The name becomes a folder: nothing may lead out of the stacks' folder.
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) {
    throw new StackError('BAD_INPUT', `stack name "${name}" is not usable: take up to 63 letters, digits, "-" or "_"`);
  }
  return path.join(stacksDir(), name);
}

/** Removes a folder if it is there. */
export function removeDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}
