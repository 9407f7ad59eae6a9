import { setTimeout as delay } from 'node:timers/promises';
import { CutoverError } from '../../core/errors/index.ts';
import type { FlagsEvent } from '../../runtime/flags/events.ts';
import { CONFIRM_LAST } from '../../runtime/flags/transitions.ts';

export interface ControlStatus {
  readonly phase: number;
  readonly outbox: number;
  readonly mismatches: number;
  readonly compared: number;
  readonly reads: { readonly mysql: number; readonly dynamodb: number };
}

/** The REST API of a running application's flags. */
export class ControlClient {
  private readonly url: string;
  private readonly token: string;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  async status(): Promise<ControlStatus> {
    return (await this.call('GET', '/api/status')) as ControlStatus;
  }

  /** Walks to a phase, one by one. */
  async walk(to: number): Promise<void> {
    let { phase } = await this.status();
    while (phase !== to) {
      phase += Math.sign(to - phase);
      const body = { to: phase, by: 'cutover', why: 'verification of stage 5' };
      await this.call('POST', '/api/phase', phase === 5 ? { ...body, confirm: CONFIRM_LAST } : body);
    }
  }

  /** Methods whose reads differed, each with how; never inputs or values. */
  async mismatched(): Promise<string[]> {
    const { events } = (await this.call('GET', '/api/events')) as { events: FlagsEvent[] };
    const found = events
      .filter(({ kind }) => kind === 'mismatch')
      .map(({ fields }) => `${String(fields['method'])} (${String(fields['kind'])})`);
    return [...new Set(found)].sort();
  }

  async cookie(reads: 'mysql' | 'dynamodb'): Promise<string> {
    const answer = (await this.call('POST', '/api/cookie', { reads, minutes: 10 })) as { name: string; value: string };
    return `${answer.name}=${answer.value}`;
  }

  /** Waits a little for the background to catch up; gives what is left in the outbox. */
  async settled(): Promise<number> {
    for (let look = 0; look < 50; look++) {
      if ((await this.status()).outbox === 0) return 0;
      await delay(100);
    }
    return (await this.status()).outbox;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as { error?: string };
    if (answer.ok) return json;
    throw new CutoverError('flags.control-failed', { where: `${method} ${path}`, detail: json.error ?? String(answer.status) }); // prettier-ignore
  }
}
