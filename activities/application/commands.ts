import { CutoverError } from '../../core/errors/index.ts';
import { startChild } from './child.ts';
import { splitCommand, withServerUrl } from './command-line.ts';
import { redact } from './redact.ts';

/** How a command of the application is run. */
export interface CommandOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces `{serverUrl}` in the command and in the values of the environment. */
  readonly serverUrl?: string;
  /** Nothing of the worker's own environment but what every program needs, such as PATH and HOME. */
  readonly sealed?: boolean;
  /** What the command reads from its standard input; nothing by default. */
  readonly input?: string;
  /** 10 minutes by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Values that must not appear in output or errors. */
  readonly secrets?: readonly string[];
}

/** What a finished command gave. */
export interface CommandOutcome {
  readonly command: string;
  readonly exitCode: number;
  /** The last 64 KB of both streams, secrets redacted. */
  readonly output: string;
  readonly milliseconds: number;
}

/** The last lines of an output: enough for an error, small enough for a Temporal failure. */
export function tail(output: string, lines = 40, characters = 4000): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n').slice(-characters);
}

/**
 * Runs a command of the application to its end and gives its exit code, whatever it is. Every process that it started
 * is gone afterwards. Throws on timeout, when the program can't be started, and the signal's reason when aborted.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandOutcome> {
  options.signal?.throwIfAborted();
  const words = splitCommand(withServerUrl(command, options.serverUrl));
  const environment = Object.fromEntries(
    Object.entries(options.environment ?? {}).map(([name, value]) => [name, withServerUrl(value, options.serverUrl)]),
  );
  const secrets = options.secrets ?? [];
  const started = Date.now();
  const { cwd, sealed = false, input = '' } = options;
  const child = startChild(words, { cwd, environment, sealed, input });
  const stop = waitForStop(options.timeoutMs ?? 600_000, options.signal);
  try {
    const end = await Promise.race([child.ended, stop.happened]);
    if (end === 'timeout') {
      throw new CutoverError('dal.command-timeout', {
        where: `\`${redact(command, secrets)}\` in ${options.cwd}`,
        detail: `It still ran after ${options.timeoutMs ?? 600_000} ms. Its last output: ${redact(tail(child.output()), secrets)}`,
      });
    }
    return {
      command: redact(command, secrets),
      exitCode: typeof end === 'number' ? end : 128,
      output: redact(child.output(), secrets),
      milliseconds: Date.now() - started,
    };
  } catch (error) {
    if (isSpawnError(error)) {
      throw new CutoverError('dal.command-failed', {
        where: `\`${redact(command, secrets)}\` in ${options.cwd}`,
        detail: `The program could not be started: ${error.message}.`,
      });
    }
    throw error;
  } finally {
    stop.cancel();
    await child.stop(3_000);
  }
}

/** As {@link runCommand}, but an exit code other than 0 is an error with the end of the output. */
export async function runCommandOrFail(command: string, options: CommandOptions): Promise<CommandOutcome> {
  const outcome = await runCommand(command, options);
  if (outcome.exitCode !== 0) {
    throw new CutoverError('dal.command-failed', {
      where: `\`${outcome.command}\` in ${options.cwd}`,
      detail: `Exit code ${outcome.exitCode}. Its last output:\n${tail(outcome.output)}`,
    });
  }
  return outcome;
}

/** By its fields, not its class: under a test runner Node's own errors come from another realm. */
function isSpawnError(error: unknown): error is NodeJS.ErrnoException {
  const syscall = (error as NodeJS.ErrnoException | undefined)?.syscall;
  return typeof syscall === 'string' && syscall.startsWith('spawn');
}

/** A promise of the timeout, or of the abort (rejects with its reason), that leaves no timer and listener behind. */
function waitForStop(
  timeoutMs: number,
  signal: AbortSignal | undefined,
): { happened: Promise<'timeout'>; cancel: () => void } {
  let cancel = (): void => undefined;
  const happened = new Promise<'timeout'>((resolve, reject) => {
    const timer = setTimeout(() => resolve('timeout'), timeoutMs);
    const abort = (): void =>
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason }));
    signal?.addEventListener('abort', abort, { once: true });
    cancel = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  happened.catch(() => undefined);
  return { happened, cancel };
}
