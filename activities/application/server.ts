import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { CutoverError } from '../../core/errors/index.ts';
import type { ApplicationSettings, SourceSettings } from '../../core/plan.ts';
import { startChild } from './child.ts';
import { splitCommand } from './command-line.ts';
import { tail } from './commands.ts';
import { redact } from './redact.ts';

/** The application's server, running. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The last 64 KB of what it printed, secrets redacted. */
  output(): string;
  /** SIGTERM to its process group, SIGKILL after a grace time. May be called twice. */
  stop(): Promise<void>;
}

/** How the server is started, besides what the plan says. */
export interface ServerOptions {
  readonly cwd: string;
  readonly databaseUrl: string;
  /** Added last, so that it wins: `DAL_STORE`, `DYNAMODB_ENDPOINT` … */
  readonly environment?: Readonly<Record<string, string>>;
  readonly readyTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly secrets?: readonly string[];
  /** A free one by default. */
  readonly port?: number;
}

/** A database that is not there (RFC 863's port): what works with it, works without MySQL. */
export const UNREACHABLE_MYSQL = 'mysql://nobody:nothing@127.0.0.1:9/none';

/** The URL that the application takes, for one database of the source's server. */
export function databaseUrl(source: SourceSettings, password: string | undefined, database: string): string {
  const credentials =
    encodeURIComponent(source.user) +
    (password === undefined || password === '' ? '' : `:${encodeURIComponent(password)}`);
  const host = source.host.includes(':') ? `[${source.host}]` : source.host;
  return `mysql://${credentials}@${host}:${source.port}/${encodeURIComponent(database)}`;
}

/** Starts the application's server on a free port and waits until its ready path answers 2xx. */
export async function startServer(
  settings: ApplicationSettings['server'],
  options: ServerOptions,
): Promise<RunningServer> {
  options.signal?.throwIfAborted();
  const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
  const url = `http://127.0.0.1:${port}`;
  const secrets = options.secrets ?? [];
  const child = startChild(splitCommand(settings.start), {
    cwd: options.cwd,
    environment: {
      ...settings.environment,
      [settings.portVariable]: String(port),
      [settings.databaseUrlVariable]: options.databaseUrl,
      ...options.environment,
    },
  });
  const output = (): string => redact(child.output(), secrets);
  let ended: string | undefined;
  child.ended.then(
    (code) => (ended = `It ended with ${code}.`),
    (error: unknown) => (ended = error instanceof Error ? error.message : String(error)),
  );
  const until = Date.now() + (options.readyTimeoutMs ?? 60_000);
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      if (ended !== undefined) throw notReady(settings, options.cwd, ended, output());
      const last = await probe(`${url}${settings.readyPath}`);
      if (last === undefined) break;
      if (Date.now() > until) throw notReady(settings, options.cwd, `${settings.readyPath}: ${last}.`, output());
      await delay(100);
    }
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url, port, pid: child.process.pid ?? 0, output, stop: () => child.stop() };
}

/** Undefined when the path answers 2xx, else what it said instead. */
async function probe(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok ? undefined : `status ${response.status}`;
  } catch {
    return 'no answer';
  }
}

function notReady(settings: ApplicationSettings['server'], cwd: string, reason: string, output: string): CutoverError {
  return new CutoverError('dal.server-not-ready', {
    where: `\`${settings.start}\` in ${cwd}`,
    detail: `${reason} Its last output:\n${tail(output)}`,
  });
}
