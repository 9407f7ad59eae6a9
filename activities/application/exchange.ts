/** One HTTP request of the application's traffic and what came back. Bodies as text, or base64 where they are not UTF-8. */
export interface Exchange {
  readonly number: number;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** In the order they came; secrets stand as `{secret:N}`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  readonly bodyEncoding?: 'base64';
}

export interface RecordedResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly bodyEncoding?: 'base64';
}

/** A recording, with the time it was made in: values from the clock are told by it. */
export interface Recording {
  readonly window: TimeWindow;
  readonly exchanges: readonly Exchange[];
}

/** Milliseconds since 1970, both ends included. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A body as text where it is text, so that a recording can be read by people. */
export function encodeBody(bytes: Buffer): { readonly body: string; readonly bodyEncoding?: 'base64' } {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { body: text }
    : { body: bytes.toString('base64'), bodyEncoding: 'base64' };
}

/** A recording as JSON lines: first the window, then one exchange a line. */
export function toJsonLines(recording: Recording): string {
  return (
    [JSON.stringify({ window: recording.window }), ...recording.exchanges.map((one) => JSON.stringify(one))].join(
      '\n',
    ) + '\n'
  );
}

/** Reads what {@link toJsonLines} wrote. */
export function fromJsonLines(text: string): Recording {
  const [first = '{}', ...rest] = text.trimEnd().split('\n');
  const { window } = JSON.parse(first) as { window: TimeWindow };
  return { window, exchanges: rest.map((line) => JSON.parse(line) as Exchange) };
}
