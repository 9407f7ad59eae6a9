import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { installTemporal } from '../../../stack/install/temporal.ts';
import { partsDir } from '../../../stack/base/paths.ts';

const exec = promisify(execFile);
const silent = { info: () => undefined, warn: () => undefined };

/** The `temporal` command line. */
export function temporalCli(): Promise<string> {
  return installTemporal(silent);
}

/** The only version of tctl that builds, and works against the server. */
const TCTL = 'v1.18.0';

/** Whether Go is there to build tctl with, or it was built before. */
export async function tctlAvailable(): Promise<boolean> {
  if (existsSync(tctlFile())) return true;
  return exec('go', ['version']).then(
    () => true,
    () => false,
  );
}

/**
 * Builds tctl once and keeps it with the other parts. By a module of its own rather than by `go install`, which also asks
 * for the list of versions, and some proxies do not have that for a retired module.
 */
export async function tctl(): Promise<string> {
  const file = tctlFile();
  if (existsSync(file)) return file;
  const folder = `${path.dirname(file)}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'go.mod'), `module build\ngo 1.18\nrequire github.com/temporalio/tctl ${TCTL}\n`);
  const env = { ...process.env, GOFLAGS: '-mod=mod' };
  await exec('go', ['build', '-o', 'tctl', 'github.com/temporalio/tctl/cmd/tctl'], { cwd: folder, env });
  await mkdir(path.dirname(file), { recursive: true });
  await rename(path.join(folder, 'tctl'), file);
  await rm(folder, { recursive: true, force: true });
  return file;
}

function tctlFile(): string {
  return path.join(partsDir(), `tctl-${TCTL.slice(1)}`, 'tctl');
}

/** Runs a program; gives its exit code and all that it said. */
export async function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await exec(command, args, { env: { ...process.env, ...env }, maxBuffer: 64e6 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number | string; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, stdout: stdout ?? '', stderr: stderr ?? String(error) };
  }
}
