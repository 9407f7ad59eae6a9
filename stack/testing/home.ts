import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsDir, removeDir } from '../base/paths.ts';

/** The root of the project. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Gives the running test file a home of its own that shares the project's downloads; call the result to remove it. */
export function useOwnHome(): () => void {
  const parts = partsDir();
  const home = mkdtempSync(path.join(os.tmpdir(), 'cutover-stack-'));
  process.env['CUTOVER_HOME'] = home;
  process.env['CUTOVER_PARTS'] = parts;
  return () => {
    removeDir(home);
    delete process.env['CUTOVER_HOME'];
    delete process.env['CUTOVER_PARTS'];
  };
}

/** A child that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs TypeScript in another process; `started` settles when it writes its first line of standard output. */
export function runElsewhere(args: readonly string[]): {
  child: ChildProcess;
  firstLine: Promise<string>;
  ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let firstLineOf: (line: string) => void;
  const firstLine = new Promise<string>((resolve) => (firstLineOf = resolve));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('\n')) firstLineOf(output.slice(0, output.indexOf('\n')));
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      firstLineOf(output);
      resolve({ code, signal, output });
    });
  });
  return { child, firstLine, ended };
}
