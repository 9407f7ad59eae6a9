import type { ApplicationOutcome } from './application.ts';
import type { ContestOutcome } from './contest.ts';
import type { Spread } from './statistics.ts';

/** All that one run found; written as JSON. */
export interface BenchmarkResult {
  readonly application: string;
  readonly commit: string;
  readonly date: string;
  readonly machine: {
    readonly cpus: number;
    readonly loadBefore: readonly number[];
    readonly loadAfter: readonly number[];
  };
  /** The untouched application against itself: what the measure gives for nothing. */
  readonly control?: ApplicationOutcome;
  readonly layer?: ApplicationOutcome;
  readonly methods?: Readonly<Record<string, readonly ContestOutcome[]>>;
}

/** Targets of issue 5. */
export const TARGET = { application: 1.05, method: 1.1 } as const;

/** The result as Markdown, for `docs/benchmarks.md`. */
export function markdown(result: BenchmarkResult): string {
  const { machine, layer, control } = result;
  const load = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');
  return [
    `${result.application}, commit ${result.commit}, ${result.date}; ${machine.cpus} CPUs, load ${load(machine.loadBefore)} before and ${load(machine.loadAfter)} after.`,
    '',
    ...(layer === undefined || control === undefined
      ? []
      : [
          '| HTTP, MySQL | requests in rounds | p50 ratio | p99 ratio | p50 ms | p99 ms |',
          '|---|---|---|---|---|---|',
          applicationRow('untouched / untouched (control)', control),
          applicationRow('layer / untouched', layer),
          '',
        ]),
    ...Object.entries(result.methods ?? {}).flatMap(([endpoint, outcomes]) => [
      `| compiled / by hand, on ${endpoint} | calls | latency ratio | CPU ratio | latency ms, both | CPU ms, both |`,
      '|---|---|---|---|---|---|',
      ...outcomes.map(methodRow),
      '',
    ]),
  ].join('\n');
}

/** What misses its target, in words. */
export function missed(result: BenchmarkResult): string[] {
  const late = Object.entries(
    result.layer === undefined ? {} : { p50: result.layer.p50, p99: result.layer.p99 },
  ).filter(([, { median }]) => median > TARGET.application);
  const slow = Object.entries(result.methods ?? {}).flatMap(([endpoint, outcomes]) =>
    outcomes
      .filter(({ latency }) => latency.median > TARGET.method)
      .map(({ method, latency }) => `${method} on ${endpoint}: ${ratio(latency)}, target ${TARGET.method}`),
  );
  return [
    ...late.map(([name, value]) => `${name} of the layer: ${ratio(value)}, target ${TARGET.application}`),
    ...slow,
  ];
}

function applicationRow(name: string, outcome: ApplicationOutcome): string {
  const { untouched, layer } = outcome.milliseconds;
  const both = (part: 'p50' | 'p99'): string => `${layer[part].toFixed(2)} / ${untouched[part].toFixed(2)}`;
  const different = outcome.different.length === 0 ? '' : `, ${outcome.different.length} answered differently`;
  return `| ${name} | ${outcome.requests} in ${outcome.rounds}${different} | ${ratio(outcome.p50)} | ${ratio(outcome.p99)} | ${both('p50')} | ${both('p99')} |`;
}

function methodRow({ method, calls, latency, cpu, milliseconds: { compiled, byHand } }: ContestOutcome): string {
  const both = (of: 'latency' | 'cpu'): string => `${compiled[of].toFixed(2)} / ${byHand[of].toFixed(2)}`;
  return `| \`${method}\` | ${calls} | ${ratio(latency)} | ${ratio(cpu)} | ${both('latency')} | ${both('cpu')} |`;
}

function ratio({ median, low, high }: Spread): string {
  return `${median.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
