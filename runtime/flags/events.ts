/** Something worth telling an operator: phase changes, mismatches, failures. Never a row's values. */
export interface FlagsEvent {
  readonly at: string;
  readonly kind: 'phase' | 'mismatch' | 'relay' | 'fallback' | 'flags' | 'control';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

const KEPT = 500;

/** The last events, for the control page, and a JSON line of each on standard error for whoever collects logs. */
export class Events {
  private readonly kept: FlagsEvent[] = [];
  private readonly print: (line: string) => void;

  constructor(print: (line: string) => void = (line) => void process.stderr.write(line)) {
    this.print = print;
  }

  add(kind: FlagsEvent['kind'], message: string, fields: FlagsEvent['fields'] = {}): void {
    const event: FlagsEvent = { at: new Date().toISOString(), kind, message, fields };
    this.kept.push(event);
    if (this.kept.length > KEPT) this.kept.shift();
    this.print(`${JSON.stringify({ source: 'cutover-flags', ...event })}\n`);
  }

  /** Newest first. */
  latest(): readonly FlagsEvent[] {
    return [...this.kept].reverse();
  }
}

/** What an error says without what it was about: drivers put values into their messages. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code !== '' ? code : error.name;
}
