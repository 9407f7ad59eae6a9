import { createWriteStream, type WriteStream } from 'node:fs';

/** Stands for the real key in a recording. */
const ADMIN_KEY_PLACEHOLDER = '$ADMIN_KEY';

export type Json = Record<string, unknown>;

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** The route, as the summary names it. */
  route: string;
  body?: unknown;
  /** A body that isn't JSON. */
  text?: string;
  key?: 'right' | 'wrong';
}

export interface Answer {
  status: number;
  body: Json;
}

/** Sends requests, counts the answers by route and status, and records them if so wished. */
export class Client {
  readonly counts = new Map<string, Map<number, number>>();
  sent = 0;
  private readonly recording: WriteStream | undefined;

  constructor(
    private readonly url: string,
    private readonly adminKey: string,
    out: string | undefined,
  ) {
    this.recording = out === undefined ? undefined : createWriteStream(out);
  }

  async send(call: Call): Promise<Answer> {
    this.sent += 1;
    const number = this.sent;
    const payload = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const headers: Record<string, string> = {};
    if (payload !== undefined) headers['content-type'] = 'application/json';
    if (call.key === 'wrong') headers['x-admin-key'] = 'wrong';
    const secret: Record<string, string> = call.key === 'right' ? { 'x-admin-key': this.adminKey } : {};
    const response = await fetch(`${this.url}${call.path}`, {
      method: call.method,
      headers: { ...headers, ...secret },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Json);
    this.count(`${call.method} ${call.route}`, response.status);
    this.record({
      number,
      method: call.method,
      path: call.path,
      headers: call.key === 'right' ? { ...headers, 'x-admin-key': ADMIN_KEY_PLACEHOLDER } : headers,
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.text === undefined ? {} : { text: call.text }),
      status: response.status,
      response: text === '' ? null : body,
    });
    return { status: response.status, body };
  }

  async close(): Promise<void> {
    const recording = this.recording;
    if (recording === undefined) return;
    await new Promise<void>((resolve) => recording.end(resolve));
  }

  private count(route: string, status: number): void {
    const statuses = this.counts.get(route) ?? new Map<number, number>();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.counts.set(route, statuses);
  }

  private record(line: Json): void {
    this.recording?.write(`${JSON.stringify(line)}\n`);
  }
}
