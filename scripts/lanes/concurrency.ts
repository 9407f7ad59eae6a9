/**
 * 50 customers of the migrated shop check out the last 10 pieces at once, at two instances of it: on MySQL, on the AWS
 * endpoint's DynamoDB, and on AWS's own DynamoDB Local. Never oversold, never lost, the same in the end.
 *
 *   npm run lane:concurrency -- [folder of a kept run of the demo, .cutover/demo by default]
 */
import { isDeepStrictEqual } from 'node:util';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { startServer, UNREACHABLE_MYSQL, type RunningServer } from '../../activities/application/index.ts';
import { withRehearsal } from '../../activities/rehearsal/rehearsal.ts';
import { ensureInstalled, startStack } from '../../stack/index.ts';
import { checkOutAtOnce, type Outcome, prepareCheckouts } from '../../test/concurrency/checkouts.ts';
import { ROOT } from '../demo/settings.ts';
import { openKept } from './oracle/kept.ts';

const AMOUNTS = { pieces: 10, customers: 50 };
const PARTS = ['mysql', 'aws', 'dynamodb-local'] as const;
const log = { info: (text: string) => say(`  ${text}`), warn: (text: string) => say(`  ! ${text}`) };
await ensureInstalled(PARTS, log);
const stack = await startStack({ name: `concurrency-${process.pid}`, parts: PARTS, fresh: true, log });
try {
  const { endpoints } = stack;
  const kept = resolve(process.argv[2] ?? '.cutover/demo');
  const { bench, settings } = await openKept(kept, join(ROOT, '.cutover', `concurrency-${process.pid}`), endpoints);
  const { context, session, application } = bench;
  const onMysql = { url: session.scratch.url, environment: { DAL_STORE: 'mysql' } };
  const prepared = await withInstances(1, onMysql, ([url = '']) => prepareCheckouts(url, AMOUNTS));
  const outcomes: [string, Outcome][] = [];
  const dynamo = [
    ['DynamoDB (AWS endpoint)', endpoints.aws.endpoint],
    ['DynamoDB Local', endpoints.dynamodbLocal.endpoint],
  ] as const;
  // The scratch database stays as it was prepared until MySQL's own turn, which is the last.
  for (const [name, endpoint] of dynamo) {
    const plan = { ...context.plan, target: { ...context.plan.target, endpoint } };
    const outcome = await withRehearsal({ ...context, plan }, settings.contract, async (rehearsal) => {
      await rehearsal.load();
      const environment = { DAL_STORE: 'dynamodb', ...rehearsal.environment };
      return withInstances(2, { url: UNREACHABLE_MYSQL, environment }, (urls) => checkOutAtOnce(urls, prepared));
    });
    outcomes.push([name, outcome]);
  }
  outcomes.unshift(['MySQL', await withInstances(2, onMysql, (urls) => checkOutAtOnce(urls, prepared))]);

  const expected = { sold: 10, refused: 40, other: {}, again: 0, stock: 0, orders: 10, torn: [] };
  const table = new Table({
    head: ['store', 'sold', 'refused', 'other', 'tried again', 'stock left', 'orders', 'torn'],
    style: { head: [], border: [] },
  });
  for (const [name, one] of outcomes) {
    table.push([
      name,
      one.sold,
      one.refused,
      JSON.stringify(one.other),
      one.again,
      one.stock,
      one.orders,
      one.torn.length,
    ]);
  }
  say(table.toString());
  const wrong = outcomes.filter(([, one]) => !isDeepStrictEqual({ ...one, again: 0 }, expected));
  say(wrong.length === 0 ? 'Never oversold, never lost, the same final state.' : `Wrong: ${JSON.stringify(wrong)}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;

  async function withInstances<T>(
    count: number,
    on: { readonly url: string; readonly environment: Readonly<Record<string, string>> },
    work: (urls: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const running: RunningServer[] = [];
    try {
      for (let instance = 0; instance < count; instance += 1) {
        const { url: databaseUrl, environment } = on;
        running.push(await startServer(session.settings.server, { cwd: application, databaseUrl, environment }));
      }
      return await work(running.map(({ url }) => url));
    } finally {
      for (const server of running) await server.stop();
    }
  }
} finally {
  await stack.stop();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
