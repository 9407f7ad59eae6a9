import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs a program to its end, its output to a log file. Throws with the end of its output when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly log: string },
): Promise<string> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(options.log, { flags: 'a' });
  let tail = '';
  const keep = (chunk: Buffer): void => {
    log.write(chunk);
    tail = (tail + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  log.end();
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${tail}`);
  return tail;
}

/**
 * A background process of the demo, in a group of its own so that what it starts ends with it. It writes straight into
 * its log file, so that it can outlive the demo (`--keep`).
 */
export class Background {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #from: number;
  readonly name: string;

  constructor(
    name: string,
    program: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly log: string },
  ) {
    this.name = name;
    this.#log = options.log;
    this.#from = existsSync(options.log) ? statSync(options.log).size : 0;
    const file = openSync(options.log, 'a');
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', file, file],
      detached: true,
    });
    closeSync(file);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits until `url` answers 2xx. Throws when the process ends before, or the time is up. */
  ready(url: string): Promise<void> {
    return this.#until(`answer on ${url}`, async () => (await fetch(url).catch(() => undefined))?.ok === true);
  }

  /** Waits until it has printed `text`. Throws when the process ends before, or the time is up. */
  printed(text: string): Promise<void> {
    return this.#until(`print "${text}"`, async () => this.#output().includes(text));
  }

  /** What it has printed since it was started. */
  #output(): string {
    return readFileSync(this.#log).subarray(this.#from).toString('utf8');
  }

  async #until(what: string, holds: () => Promise<boolean>, timeoutMs = 90_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (Date.now() < end) {
      const { exitCode } = this.#child;
      if (exitCode !== null) throw new Error(`${this.name} ended with ${exitCode}:\n${this.#output().slice(-2000)}`);
      if (await holds()) return;
      await delay(200);
    }
    throw new Error(`${this.name} did not ${what} within ${timeoutMs / 1000} s:\n${this.#output().slice(-2000)}`);
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const closed = once(this.#child, 'exit');
    process.kill(-pid, 'SIGTERM');
    const killer = setTimeout(() => process.kill(-pid, 'SIGKILL'), 15_000);
    await closed;
    clearTimeout(killer);
  }

  /** SIGKILL to the process and all that it started: what a machine that goes away does. */
  kill(): void {
    const { pid } = this.#child;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  /** Lets it live on when the demo ends (`--keep`). */
  release(): void {
    this.#child.unref();
  }
}
