import { isDeepStrictEqual } from 'node:util';
import { blocks, type Pair, percentile, ratioByBlocks, type Spread } from './statistics.ts';

/** One method of the layer, and the same written by hand with the SDK. */
export interface Contest {
  readonly method: string;
  /** What is asked of DynamoDB, for the table. */
  readonly calls: string;
  /** Nothing, or what gives each of the two ways the values of one call; the ways get the same, or such as do the same. */
  compiled(call: number): Promise<unknown>;
  byHand(call: number): Promise<unknown>;
  /** Reads must give the same rows; writes say what must be the same after them. */
  readonly same?: (compiled: unknown, byHand: unknown) => boolean;
}

export interface ContestOutcome {
  readonly method: string;
  readonly calls: string;
  readonly repetitions: number;
  /** Latency, compiled over by hand. */
  readonly latency: Spread;
  /** CPU time of this process for a call, SDK included, compiled over by hand. */
  readonly cpu: Spread;
  readonly milliseconds: Readonly<Record<'compiled' | 'byHand', { readonly latency: number; readonly cpu: number }>>;
}

interface Measured {
  readonly value: unknown;
  readonly latency: number;
  readonly cpu: number;
}

const WARM_UP = 40;
const BLOCK = 20;

/** Alternates the two call by call, so that whatever the machine does meanwhile happens to both. */
export async function holdContest(contest: Contest, repetitions: number): Promise<ContestOutcome> {
  const latency: Pair[] = [];
  const cpu: Pair[] = [];
  const ways = { compiled: (call: number) => contest.compiled(call), byHand: (call: number) => contest.byHand(call) };
  for (let call = 0; call < WARM_UP + repetitions; call += 1) {
    const swapped = call % 2 === 1;
    const early = swapped ? await measured(ways.compiled, call) : undefined;
    const byHand = await measured(ways.byHand, call);
    const compiled = early ?? (await measured(ways.compiled, call));
    const same = contest.same ?? isDeepStrictEqual;
    if (!same(compiled.value, byHand.value)) {
      const shown = [compiled.value, byHand.value].map((value) => JSON.stringify(value)?.slice(0, 1500)).join('\n');
      throw new Error(`${contest.method} gives something else than the code by hand:\n${shown}`);
    }
    if (call < WARM_UP) continue;
    latency.push({ base: byHand.latency, other: compiled.latency });
    cpu.push({ base: byHand.cpu, other: compiled.cpu });
  }
  const middle = (pairs: readonly Pair[], of: keyof Pair): number => percentile(pairs.map((pair) => pair[of]), 0.5); // prettier-ignore
  return {
    method: contest.method,
    calls: contest.calls,
    repetitions,
    latency: ratioByBlocks(blocks(latency, BLOCK), 0.5),
    cpu: ratioByBlocks(blocks(cpu, BLOCK), 0.5),
    milliseconds: {
      compiled: { latency: middle(latency, 'other'), cpu: middle(cpu, 'other') },
      byHand: { latency: middle(latency, 'base'), cpu: middle(cpu, 'base') },
    },
  };
}

async function measured(work: (call: number) => Promise<unknown>, call: number): Promise<Measured> {
  const before = process.cpuUsage();
  const started = performance.now();
  const value = await work(call);
  const latency = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { value, latency, cpu: (user + system) / 1000 };
}
