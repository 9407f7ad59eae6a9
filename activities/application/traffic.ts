import { CutoverError } from '../../core/errors/index.ts';
import type { ApplicationSettings } from '../../core/plan.ts';
import { runCommand, tail } from './commands.ts';
import { encodeBody, type Exchange, type Recording, type TimeWindow } from './exchange.ts';
import { reveal, send, startRecordingProxy } from './recording-proxy.ts';
import { compareExchange, type TrafficDifference } from './traffic-compare.ts';

export { fromJsonLines, toJsonLines, type Exchange, type Recording } from './exchange.ts';
export type { TrafficDifference } from './traffic-compare.ts';

/** Lets the plan's traffic command drive a running server through a recording proxy. */
export async function recordTraffic(
  traffic: NonNullable<ApplicationSettings['traffic']>,
  serverUrl: string,
  options: {
    readonly cwd: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly secrets?: readonly string[];
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
  },
): Promise<Recording> {
  const proxy = await startRecordingProxy(serverUrl, options.secrets);
  const from = Date.now();
  try {
    const outcome = await runCommand(traffic.command, {
      ...options,
      environment: { ...options.environment, ...traffic.environment },
      serverUrl: proxy.url,
    });
    const where = `\`${outcome.command}\``;
    if (outcome.exitCode !== 0) {
      const detail = `Exit code ${outcome.exitCode}. Its last output:\n${tail(outcome.output)}`;
      throw new CutoverError('dal.traffic-failed', { where, detail });
    }
    const exchanges = proxy.exchanges();
    if (exchanges.length === 0) {
      const detail = 'It ended well, but no request came to the address that {serverUrl} stands for.';
      throw new CutoverError('dal.traffic-failed', { where, detail });
    }
    return { window: { from, to: Date.now() }, exchanges };
  } finally {
    await proxy.close();
  }
}

/** What a replay found. */
export interface ReplayReport {
  readonly requests: number;
  readonly equal: number;
  readonly different: number;
  /** The first 20. */
  readonly differences: readonly TrafficDifference[];
}

/** Sends the recorded requests one after another to another running server and compares each answer. */
export async function replayTraffic(
  recording: Recording,
  serverUrl: string,
  options: { readonly secrets?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<ReplayReport> {
  const from = Date.now();
  const answers: Exchange[] = [];
  for (const exchange of recording.exchanges) {
    options.signal?.throwIfAborted();
    answers.push(await replayOne(exchange, serverUrl, options.secrets ?? []));
  }
  return compareRecordings(recording, { window: { from, to: Date.now() }, exchanges: answers });
}

/** Compares two recordings of the same requests. */
export function compareRecordings(recorded: Recording, replayed: Recording): ReplayReport {
  const windows: { recorded: TimeWindow; replayed: TimeWindow } = {
    recorded: recorded.window,
    replayed: replayed.window,
  };
  const found = recorded.exchanges.flatMap((exchange, index): TrafficDifference[] => {
    const answer = replayed.exchanges[index];
    if (answer === undefined) {
      const request = `${exchange.request.method} ${exchange.request.path}`;
      return [{ number: exchange.number, request, at: 'answer', recorded: 'present', replayed: 'absent' }];
    }
    const difference = compareExchange(exchange, answer.response, windows);
    return difference === undefined ? [] : [difference];
  });
  const requests = recorded.exchanges.length;
  return { requests, equal: requests - found.length, different: found.length, differences: found.slice(0, 20) };
}

async function replayOne(exchange: Exchange, serverUrl: string, secrets: readonly string[]): Promise<Exchange> {
  const { request, number } = exchange;
  const headers = request.headers.map(([name, value]) => [name, reveal(value, secrets)] as const);
  try {
    const answer = await send(
      serverUrl,
      { ...request, headers },
      Buffer.from(request.body ?? '', request.bodyEncoding ?? 'utf8'),
    );
    return {
      number,
      request,
      response: { status: answer.status, contentType: answer.contentType, ...encodeBody(answer.bytes) },
    };
  } catch (error) {
    throw new CutoverError('dal.traffic-failed', {
      where: `${request.method} ${request.path} (request ${number})`,
      detail: `The server gave no answer: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
}
