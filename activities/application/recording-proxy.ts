import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeBody, type Exchange, type RecordedRequest } from './exchange.ts';

/** Belong to one connection, or would make the answer depend on the client: neither recorded nor passed on. */
const NOT_PASSED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'host',
  'accept-encoding',
  'content-length',
  'expect',
]);

/** A proxy in this process that passes requests on to a server and keeps what went through. */
export interface RecordingProxy {
  readonly url: string;
  /** In the order in which the requests arrived. */
  exchanges(): Exchange[];
  close(): Promise<void>;
}

/** Starts the proxy on a free loopback port. Secrets in request headers are kept as `{secret:N}`. */
export async function startRecordingProxy(target: string, secrets: readonly string[] = []): Promise<RecordingProxy> {
  const recorded: (Exchange | undefined)[] = [];
  const failures: Error[] = [];
  const server = http.createServer((request, response) => {
    const number = recorded.push(undefined);
    void pass(target, request, response, secrets).then(
      (exchange) => (recorded[number - 1] = { number, ...exchange }),
      (error: unknown) => {
        failures.push(error instanceof Error ? error : new Error(String(error)));
        response.destroy();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges: () => {
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      return recorded.filter((exchange) => exchange !== undefined);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  target: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  secrets: readonly string[],
): Promise<Omit<Exchange, 'number'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const headers: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!NOT_PASSED.has(name.toLowerCase())) headers.push([name, request.rawHeaders[index + 1] ?? '']);
  }
  const recorded: RecordedRequest = {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: headers.map(([name, value]) => [name, hide(value, secrets)] as const),
    ...(bytes.length === 0 ? {} : encodeBody(bytes)),
  };
  const answer = await send(target, { ...recorded, headers }, bytes);
  response.writeHead(answer.status, answer.rawHeaders);
  response.end(answer.bytes);
  return {
    request: recorded,
    response: { status: answer.status, contentType: answer.contentType, ...encodeBody(answer.bytes) },
  };
}

/** What a server answered, whole. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly rawHeaders: string[];
  readonly bytes: Buffer;
}

/** Sends one request as it is (no header added by a client library) and reads the whole answer. */
export function send(target: string, request: RecordedRequest, body: Buffer, timeoutMs = 60_000): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(target);
    const outgoing = http.request(
      {
        host: url.hostname,
        port: url.port,
        method: request.method,
        path: request.path,
        headers: [
          ...request.headers.flat(),
          'Host',
          url.host,
          ...(body.length > 0 || hasBody(request.method) ? ['Content-Length', String(body.length)] : []),
        ],
        agent: false,
        timeout: timeoutMs,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const rawHeaders: string[] = [];
          for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
            const name = incoming.rawHeaders[index] ?? '';
            if (NOT_PASSED.has(name.toLowerCase())) continue;
            rawHeaders.push(name, incoming.rawHeaders[index + 1] ?? '');
          }
          const contentType = incoming.headers['content-type'] ?? '';
          resolve({ status: incoming.statusCode ?? 0, contentType, rawHeaders, bytes: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`${request.method} ${request.path}: no answer in ${timeoutMs} ms`)),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

function hide(value: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (text, secret, index) => (secret === '' ? text : text.replaceAll(secret, `{secret:${index}}`)),
    value,
  );
}

/** Puts the secrets of a recorded header value back. */
export function reveal(value: string, secrets: readonly string[]): string {
  return value.replace(/\{secret:(\d+)\}/g, (whole, index: string) => secrets[Number(index)] ?? whole);
}
