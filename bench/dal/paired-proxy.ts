import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pair } from './statistics.ts';

/** One request that both servers answered. */
export interface PairedRequest extends Pair {
  readonly route: string;
  readonly status: number;
  readonly otherStatus: number;
}

/** A proxy that lets two servers answer each request, one directly after the other, and measures both. */
export interface PairedProxy {
  readonly url: string;
  /** What was measured since the last call, in order. */
  take(): PairedRequest[];
  close(): Promise<void>;
}

interface Upstream {
  readonly url: URL;
  /** One kept connection each, so that no connecting is measured. */
  readonly agent: http.Agent;
}

interface Answer {
  readonly status: number;
  readonly headers: string[];
  readonly body: Buffer;
  readonly milliseconds: number;
}

const OF_ONE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length']);

/**
 * Starts it on a free loopback port. Requests are handled one at a time: what is measured is a server's own time, not
 * two servers that take the machine from each other. Which server comes first alternates. The client gets the base's answer.
 */
export async function startPairedProxy(base: string, other: string): Promise<PairedProxy> {
  const [first, second] = [upstream(base), upstream(other)];
  let measured: PairedRequest[] = [];
  let turn = Promise.resolve();
  let count = 0;
  const server = http.createServer((request, response) => {
    turn = turn
      .then(async () => {
        const body = await bodyOf(request);
        count += 1;
        const swapped = count % 2 === 0;
        const before = swapped ? await send(second, request, body) : undefined;
        const answer = await send(first, request, body);
        const counterpart = before ?? (await send(second, request, body));
        measured.push({
          route: `${request.method ?? 'GET'} ${request.url ?? '/'}`,
          base: answer.milliseconds,
          other: counterpart.milliseconds,
          status: answer.status,
          otherStatus: counterpart.status,
        });
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      })
      .catch((error: unknown) => void response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = measured;
      measured = [];
      return taken;
    },
    close: async () => {
      for (const { agent } of [first, second]) agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function upstream(url: string): Upstream {
  return { url: new URL(url), agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) };
}

function send({ url, agent }: Upstream, request: http.IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = endToEnd(request.rawHeaders);
  if (body.length > 0) headers.push('content-length', String(body.length));
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const outgoing = http.request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: request.method,
        path: request.url,
        headers: ['host', url.host, ...headers],
      },
      (incoming) => {
        bodyOf(incoming).then(
          (bytes) =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: endToEnd(incoming.rawHeaders),
              body: bytes,
              milliseconds: performance.now() - started,
            }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!OF_ONE_CONNECTION.has(name.toLowerCase())) kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}

async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
