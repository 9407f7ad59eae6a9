import type { Tagged } from './values.ts';

/** A call that the application made: method and input. */
export interface Call {
  readonly aggregate: string;
  readonly method: string;
  readonly input: Tagged;
}

/** What a call gave on MySQL, from the prepared state. */
export interface Outcome {
  /** Rows of a read, Buffers as hex and dates as ISO text. */
  readonly rows?: readonly Tagged[];
  readonly affectedRows?: number;
  /** The driver's code, when it threw. */
  readonly code?: string;
}

export interface Case {
  readonly name: string;
  readonly call: Call;
  readonly outcome: Outcome;
}

const MOST_ROWS = 20;
const MOST_BYTES = 8_000;

/** Distinct inputs of each method in the order of the recorded traffic, at most `most` for each. */
export function distinctCalls(calls: readonly Call[], most: number): Call[] {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return calls.filter(({ aggregate, method, input }) => {
    const name = `${aggregate}.${method}`;
    const key = `${name} ${JSON.stringify(input)}`;
    if (seen.has(key) || (counts.get(name) ?? 0) >= most) return false;
    seen.add(key);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return true;
  });
}

/** Of the candidates of one method, those that become tests: unlike each other first, then in their order. */
export function chooseCases(candidates: readonly { call: Call; outcome: Outcome }[], most: number): Case[] {
  const small = candidates.filter(({ outcome }) => !tooLarge(outcome));
  const kinds = new Set<string>();
  const first = small.filter(({ call, outcome }) => {
    const kind = `${shape(call.input)} ${kindOf(outcome)}`;
    if (kinds.has(kind)) return false;
    kinds.add(kind);
    return true;
  });
  const telling = (list: typeof small) => [
    ...list.filter(({ outcome }) => kindOf(outcome) === 'some'),
    ...list.filter(({ outcome }) => kindOf(outcome) !== 'some'),
  ];
  const ordered = [...telling(first), ...telling(small.filter((candidate) => !first.includes(candidate)))];
  return ordered.slice(0, most).map(({ call, outcome }, position) => ({
    name: `${call.aggregate}.${call.method}, case ${position + 1}: ${said(outcome)}`,
    call,
    outcome,
  }));
}

function tooLarge({ rows }: Outcome): boolean {
  return rows !== undefined && (rows.length > MOST_ROWS || JSON.stringify(rows).length > MOST_BYTES);
}

function kindOf({ rows, affectedRows, code }: Outcome): string {
  if (code !== undefined) return code;
  return (rows?.length ?? affectedRows ?? 0) > 0 ? 'some' : 'none';
}

/** Which members of the input are given: what decides the statement's text. */
function shape(input: Tagged): string {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return '';
  return Object.entries(input)
    .filter(([, value]) => JSON.stringify(value) !== '{"$":"undefined"}')
    .map(([name]) => name)
    .join();
}

function said({ rows, affectedRows, code }: Outcome): string {
  if (code !== undefined) return code;
  const count = rows?.length ?? affectedRows ?? 0;
  return `${count} ${count === 1 ? 'row' : 'rows'}${rows === undefined ? ' affected' : ''}`;
}
