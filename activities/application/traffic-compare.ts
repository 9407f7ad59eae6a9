import type { Exchange, RecordedResponse, TimeWindow } from './exchange.ts';

/** One way in which a replayed answer is not the recorded one. */
export interface TrafficDifference {
  readonly number: number;
  /** `GET /products?page=2`. */
  readonly request: string;
  /** `status`, `content-type`, or the place in the body such as `$.items[3].price`. */
  readonly at: string;
  readonly recorded: string;
  readonly replayed: string;
}

/** The times in which the two sides ran; only values from within their own side's window count as the clock's. */
export interface Windows {
  readonly recorded: TimeWindow;
  readonly replayed: TimeWindow;
}

const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g;

/**
 * Compares two answers exactly: status, content type, and the body's text, so that the order of lists and of keys, and
 * `1` against `"1"` or `1.0`, count. Moments in time may differ where each lies within its own side's window; nothing
 * else may. Gives the first difference.
 */
export function compareResponses(
  recorded: RecordedResponse,
  replayed: RecordedResponse,
  windows: Windows,
): Pick<TrafficDifference, 'at' | 'recorded' | 'replayed'> | undefined {
  if (recorded.status !== replayed.status) {
    return {
      at: 'status',
      recorded: `${recorded.status} ${cut(recorded.body)}`,
      replayed: `${replayed.status} ${cut(replayed.body)}`,
    };
  }
  if (recorded.contentType !== replayed.contentType) {
    return { at: 'content-type', recorded: recorded.contentType, replayed: replayed.contentType };
  }
  if (recorded.bodyEncoding !== replayed.bodyEncoding)
    return { at: 'body', recorded: cut(recorded.body), replayed: cut(replayed.body) };
  const [left, right] = maskClock(recorded.body, replayed.body, windows);
  if (left === right) return undefined;
  const place = /\bjson\b/.test(recorded.contentType) ? jsonPlace(left, right) : undefined;
  return place ?? { at: `body, character ${firstDifference(left, right)}`, ...around(left, right) };
}

/** The difference of one exchange, with its request. */
export function compareExchange(
  recorded: Exchange,
  replayed: RecordedResponse,
  windows: Windows,
): TrafficDifference | undefined {
  const difference = compareResponses(recorded.response, replayed, windows);
  if (difference === undefined) return undefined;
  return { number: recorded.number, request: `${recorded.request.method} ${recorded.request.path}`, ...difference };
}

/** Replaces the clock's values on both sides, pair by pair, by `<now>`. Texts with other pairs of moments stay as they are. */
export function maskClock(left: string, right: string, windows: Windows): [left: string, right: string] {
  const a = left.match(MOMENT) ?? [];
  const b = right.match(MOMENT) ?? [];
  if (a.length !== b.length) return [left, right];
  const masked = a.map((moment, index) => {
    const other = b[index] ?? '';
    // Of the same form: a lost fraction or zone is a difference.
    const alike = moment.replace(/\d/g, '0') === other.replace(/\d/g, '0');
    return moment !== other && alike && within(moment, windows.recorded) && within(other, windows.replayed);
  });
  let index = 0;
  const replace = (moment: string): string => (masked[index++] === true ? '<now>' : moment);
  const maskedLeft = left.replace(MOMENT, replace);
  index = 0;
  return [maskedLeft, right.replace(MOMENT, replace)];
}

/** Moments without zone count as UTC. A value cut to its second may lie before the start by less than one. */
function within(moment: string, window: TimeWindow): boolean {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(moment) ? moment : `${moment}Z`;
  const at = Date.parse(zoned.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1'));
  return at >= Math.floor(window.from / 1000) * 1000 && at <= window.to + 999;
}

/** Walks two JSON texts to the first place where their values differ; undefined when only the text does. */
function jsonPlace(left: string, right: string): Pick<TrafficDifference, 'at' | 'recorded' | 'replayed'> | undefined {
  try {
    return walk(JSON.parse(left), JSON.parse(right), '$');
  } catch {
    return undefined;
  }
}

function walk(
  left: unknown,
  right: unknown,
  at: string,
): Pick<TrafficDifference, 'at' | 'recorded' | 'replayed'> | undefined {
  const differ = { at, recorded: cut(show(left)), replayed: cut(show(right)) };
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      const inner = walk(left[index], right[index], `${at}[${index}]`);
      if (inner !== undefined) return inner;
    }
    if (left.length === right.length) return undefined;
    return { at: `${at}.length`, recorded: String(left.length), replayed: String(right.length) };
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left);
    if (keys.join('\n') !== Object.keys(right).join('\n')) {
      return { at: `${at} (keys)`, recorded: cut(keys.join(', ')), replayed: cut(Object.keys(right).join(', ')) };
    }
    for (const key of keys) {
      const inner = walk(left[key], right[key], `${at}.${key}`);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  return Object.is(left, right) ? undefined : differ;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function firstDifference(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index += 1;
  return index;
}

function around(left: string, right: string): { recorded: string; replayed: string } {
  const start = Math.max(0, firstDifference(left, right) - 40);
  return { recorded: left.slice(start, start + 120), replayed: right.slice(start, start + 120) };
}
