import { runCommandOrFail, ScratchDatabase, startServer } from '../../activities/application/index.ts';
import type { MysqlEndpoint } from '../../stack/index.ts';
import type { MigratedApplication } from './migrated.ts';
import { type PairedRequest, startPairedProxy } from './paired-proxy.ts';
import { percentile, ratioByBlocks, type Spread } from './statistics.ts';

/** Latency of the application through its data access layer over that of the untouched one. */
export interface ApplicationOutcome {
  readonly requests: number;
  readonly rounds: number;
  /** Requests that the two answered with different statuses; they are not measured. */
  readonly different: readonly string[];
  readonly p50: Spread;
  readonly p99: Spread;
  /** Over all requests of all rounds, in milliseconds. */
  readonly milliseconds: Readonly<Record<'untouched' | 'layer', { readonly p50: number; readonly p99: number }>>;
}

/** Runs of one pair of servers before a round counts: compilers and pools have warmed up by then. */
const WARM_UP = 1;

/**
 * The application's own traffic against both, request by request: two databases of equal content on one server, put
 * back before each round. Which of them has which database is swapped half way, so that neither has the better one.
 */
export async function measureApplication(
  { plan, untouched, migrated }: MigratedApplication,
  mysql: MysqlEndpoint,
  rounds: number,
): Promise<ApplicationOutcome> {
  const { application } = plan;
  const source = { host: mysql.host, port: mysql.port, user: mysql.user, database: 'none' };
  const databases = ['bench_left', 'bench_right'].map(
    (database) => new ScratchDatabase(source, mysql.password, { ...application.scratch, database }),
  );
  for (const database of databases) {
    await database.prepare(application, { cwd: untouched });
    await database.snapshot();
  }
  const halves = [databases, databases.toReversed()];
  const measured: PairedRequest[][] = [];
  for (const half of halves) measured.push(...(await measureRounds(half, Math.ceil(rounds / halves.length))));
  return outcome(measured);

  async function measureRounds(order: readonly ScratchDatabase[], count: number): Promise<PairedRequest[][]> {
    const [mine, others] = order;
    if (mine === undefined || others === undefined) throw new RangeError('Two databases are needed.');
    const base = await startServer(application.server, { cwd: untouched, databaseUrl: mine.url });
    try {
      const environment = { DAL_STORE: 'mysql' };
      const other = await startServer(application.server, { cwd: migrated, databaseUrl: others.url, environment });
      try {
        return await alternate(base.url, other.url, count);
      } finally {
        await other.stop();
      }
    } finally {
      await base.stop();
    }
  }

  async function alternate(base: string, other: string, count: number): Promise<PairedRequest[][]> {
    const { traffic } = application;
    if (traffic === undefined) throw new Error('The plan names no traffic.');
    const proxy = await startPairedProxy(base, other);
    const taken: PairedRequest[][] = [];
    try {
      for (let round = 0; round < WARM_UP + count; round += 1) {
        for (const database of databases) await database.restore();
        await runCommandOrFail(traffic.command, {
          cwd: untouched,
          serverUrl: proxy.url,
          ...(traffic.environment === undefined ? {} : { environment: traffic.environment }),
        });
        const requests = proxy.take();
        if (round >= WARM_UP) taken.push(requests);
      }
    } finally {
      await proxy.close();
    }
    return taken;
  }
}

function outcome(rounds: readonly PairedRequest[][]): ApplicationOutcome {
  const equal = rounds.map((requests) => requests.filter(({ status, otherStatus }) => status === otherStatus));
  const all = equal.flat();
  const times = (of: 'base' | 'other') => {
    const sample = all.map((pair) => pair[of]);
    return { p50: percentile(sample, 0.5), p99: percentile(sample, 0.99) };
  };
  return {
    requests: rounds.flat().length,
    rounds: rounds.length,
    different: rounds
      .flat()
      .filter(({ status, otherStatus }) => status !== otherStatus)
      .map(({ route, status, otherStatus }) => `${route}: ${status} and ${otherStatus}`),
    p50: ratioByBlocks(equal, 0.5),
    p99: ratioByBlocks(equal, 0.99),
    milliseconds: { untouched: times('base'), layer: times('other') },
  };
}
