import { spawn, type ChildProcess } from 'node:child_process';

/** How much of a process's output is kept for errors. */
const KEPT = 64 * 1024;

/** Of our own runtime and test runner; they must not change how the application's processes run. */
const NOT_INHERITED = ['NODE_OPTIONS', 'NODE_TEST_CONTEXT', 'JEST_WORKER_ID', 'NODE_V8_COVERAGE', 'FORCE_COLOR'];

/** What programs need that must not see the worker's settings and credentials: all else is left out. */
const ONLY = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TERM'];

/** A process of the application in a process group of its own, with the end of its output kept. */
export interface Child {
  readonly process: ChildProcess;
  /** Both streams in the order they came; the last 64 KB. */
  output(): string;
  /** Exit code, or the signal's name; rejects when the program could not be started. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM to the whole group, SIGKILL after `graceMs`; returns once the process has ended. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a program without a shell, in a process group of its own so that its children end with it. */
export function startChild(
  command: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly environment: Readonly<Record<string, string>>;
    /** Nothing of the worker's own environment but what every program needs. */
    readonly sealed?: boolean;
    /** What it reads from its standard input. */
    readonly input?: string;
  },
): Child {
  const [program, ...args] = command;
  const inherited = Object.entries(process.env).filter(([name]) =>
    options.sealed === true ? ONLY.includes(name) : !NOT_INHERITED.includes(name),
  );
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // Who does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  let kept = '';
  const keep = (chunk: Buffer): void => {
    kept = (kept + chunk.toString()).slice(-KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    // `exit`, not `close`: a grandchild that holds the pipe open must not keep us waiting.
    child.once('exit', (code, signal) => setTimeout(() => resolve(code ?? signal ?? 1), 20));
  });
  // Whoever needs the failure awaits `ended`; without this a program that can't start would end our own process.
  ended.catch(() => undefined);
  return { process: child, output: () => kept, ended, stop: (graceMs = 10_000) => stopGroup(child, ended, graceMs) };
}

async function stopGroup(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child.pid, 'SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<'tired'>((resolve) => {
    timer = setTimeout(() => resolve('tired'), graceMs);
  });
  const outcome = await Promise.race([ended.catch(() => undefined), tired]);
  clearTimeout(timer);
  // The leader may be gone while others of its group still run: the group's last word is always SIGKILL.
  signalGroup(child.pid, 'SIGKILL');
  if (outcome === 'tired') await ended.catch(() => undefined);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left.
  }
}
