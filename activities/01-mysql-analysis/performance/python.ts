import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { CutoverError, type ErrorCode } from '../../../core/errors/index.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const project = path.join(repository, 'python');

/** Folder of downloaded parts: the one that the embedded stack uses too. */
function partsFolder(): string {
  const home = process.env['CUTOVER_HOME'] ?? path.join(repository, '.cutover');
  return process.env['CUTOVER_PARTS'] ?? path.join(home, 'parts');
}

/**
 * The Python interpreter of an environment that holds the pinned packages of python/pyproject.toml; made on first
 * use and again when the pins change. The program itself is run from its source folder.
 */
export async function pythonEnvironment(): Promise<string> {
  const folder = path.join(partsFolder(), 'python-venv');
  const interpreter = path.join(folder, 'bin', 'python');
  const dependencies = await pinnedDependencies();
  const marker = path.join(folder, 'cutover-dependencies.sha256');
  const wanted = createHash('sha256').update(dependencies.join('\n')).digest('hex');
  if ((await readFile(marker, 'utf8').catch(() => '')) === wanted) return interpreter;
  await requirePython();
  // Made under another name and moved when complete: an interrupted installation must not look finished. The
  // interpreter works from where it is moved to, since it finds its packages relative to itself.
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  await run('python3', ['-m', 'venv', draft], 'making a virtual environment (Debian: install python3-venv)');
  await run(
    path.join(draft, 'bin', 'python'),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...dependencies],
    'installing the pinned packages of python/pyproject.toml',
  );
  await writeFile(path.join(draft, 'cutover-dependencies.sha256'), wanted);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return interpreter;
}

/** Throws `analysis.python-missing` in one sentence. */
export async function requirePython(): Promise<void> {
  const result = await execa('python3', ['-c', 'import sys, venv; print(sys.version_info >= (3, 11))'], {
    reject: false,
  });
  if (result.stdout === 'True') return;
  throw new CutoverError('analysis.python-missing', {
    where: 'python3 on PATH',
    detail:
      result.stdout === 'False' ? 'The python3 that was found is older than 3.11.' : 'There is no usable python3.',
  });
}

/** Exit statuses as python/cutover_performance/errors.py has them. */
const EXIT_CODES: Readonly<Record<number, ErrorCode>> = {
  3: 'analysis.log-unreadable',
  4: 'analysis.log-not-recognised',
  5: 'analysis.time-zone-unknown',
};

/** Runs the program of `python/` with the environment's interpreter; the output is what it prints. */
export async function runProgram(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const interpreter = await pythonEnvironment();
  const result = await execa(interpreter, ['-m', 'cutover_performance', ...args], {
    reject: false,
    env: {
      PYTHONPATH: project,
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONHASHSEED: '0',
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8',
    },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (signal?.aborted === true) signal.throwIfAborted();
  const lastLine = result.stderr.trim().split('\n').at(-1) ?? '';
  if (result.exitCode === 0) return result.stdout;
  // The program's own words for what is wrong with the log.
  const code = EXIT_CODES[result.exitCode ?? 0];
  if (code !== undefined) throw new CutoverError(code, { where: args[0] ?? '', detail: lastLine });
  throw new CutoverError('analysis.python-failed', { where: 'python/cutover_performance', detail: lastLine });
}

async function pinnedDependencies(): Promise<string[]> {
  const text = await readFile(path.join(project, 'pyproject.toml'), 'utf8');
  const list = /^dependencies = \[([^\]]*)\]/m.exec(text)?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
}

async function run(command: string, args: readonly string[], what: string): Promise<void> {
  const result = await execa(command, args, { reject: false });
  if (result.exitCode === 0) return;
  const detail = `${what} failed: ${result.stderr.trim().split('\n').at(-1) ?? 'no output'}`;
  throw new CutoverError('analysis.python-failed', { where: 'python/pyproject.toml', detail });
}
