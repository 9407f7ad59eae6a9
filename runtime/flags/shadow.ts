import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { errorName, type Events } from './events.ts';

const MOST_AT_ONCE = 8;
/** A write may stand between the two reads: only what still differs after it counts. */
const SECOND_LOOK_MS = 300;

/** Asks the other store in the background and compares. What it finds never reaches the caller, nor delays him. */
export class Shadow {
  private readonly events: Events;
  private readonly onMismatch: () => void;
  private running = 0;
  private readonly ended = new Set<Promise<void>>();
  /** Comparisons made, and those left out because too many were under way. */
  compared = 0;
  skipped = 0;

  constructor(events: Events, onMismatch: () => void) {
    this.events = events;
    this.onMismatch = onMismatch;
  }

  /** Compares an answer of MySQL with DynamoDB's to the same question. */
  compare(method: string, input: unknown, answer: unknown, ask: { mysql: Ask; dynamodb: Ask }): void {
    if (this.running >= MOST_AT_ONCE) {
      this.skipped += 1;
      return;
    }
    this.running += 1;
    // The caller owns its answer and may change it.
    const wanted: unknown = structuredClone(answer);
    const work = this.look(method, input, wanted, ask).finally(() => {
      this.running -= 1;
      this.ended.delete(work);
    });
    this.ended.add(work);
  }

  /** Resolves when nothing is being compared any more. */
  async idle(): Promise<void> {
    await Promise.all(this.ended);
  }

  private async look(method: string, input: unknown, answer: unknown, ask: { mysql: Ask; dynamodb: Ask }) {
    try {
      let wanted: unknown = answer;
      for (let look = 0; look < 3; look++) {
        if (look > 0) {
          await delay(SECOND_LOOK_MS * look);
          wanted = await ask.mysql();
        }
        if (same(wanted, await ask.dynamodb())) {
          this.compared += 1;
          return;
        }
      }
      this.compared += 1;
      this.mismatch(method, input, 'different');
    } catch (error) {
      this.mismatch(method, input, errorName(error));
    }
  }

  private mismatch(method: string, input: unknown, kind: string): void {
    const hash = createHash('sha256')
      .update(JSON.stringify(input) ?? '')
      .digest('hex')
      .slice(0, 16);
    this.events.add('mismatch', 'DynamoDB answered a read differently.', { method, input: hash, kind });
    this.onMismatch();
  }
}

type Ask = () => Promise<unknown>;

/**
 * Whether two answers say the same. Rows of the driver are of a class of its own: what counts are their members, in
 * their order. What MySQL and its driver spell in two ways counts as one: mysql2 leaves a fraction of zeros out when a
 * statement is prepared, and MySQL gives a condition as a number or as text, depending on how it runs the statement.
 */
export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0+$/, '$1');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value).map(([key, member]) => [key, plain(member)]);
}
