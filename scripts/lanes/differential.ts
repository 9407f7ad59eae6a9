/**
 * Drives the data access layer of a kept migration with generated calls on both stores, and prints what differs.
 *
 *   npm run lane:differential -- <folder of a kept run, such as .cutover/demo> [--seed N] [--cases N] [--only aggregate.method]
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  differentialMarkdown,
  differentialTest,
  unequal,
} from '../../activities/04-dynamodb-implementation/differential/index.ts';
import { ensureInstalled, startStack } from '../../stack/index.ts';
import { ROOT } from '../demo/settings.ts';
import { openKept } from './oracle/kept.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, cases: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
});
const log = { info: (text: string) => say(`  ${text}`), warn: (text: string) => say(`  ! ${text}`) };
await ensureInstalled(['mysql', 'aws'], log);
const stack = await startStack({ name: `differential-${process.pid}`, parts: ['mysql', 'aws'], fresh: true, log });
try {
  const work = join(ROOT, '.cutover', `differential-${process.pid}`);
  const { bench, settings } = await openKept(resolve(positionals[0] ?? '.cutover/demo'), work, stack.endpoints);
  const { layer } = settings;
  const methods = layer.methods.filter(
    ({ aggregate, name }) => values.only === undefined || values.only === `${aggregate}.${name}`,
  );
  const record = await differentialTest(bench, {
    ...settings,
    layer: { ...layer, methods },
    seed: Number(values.seed),
    ...(values.cases === undefined ? {} : { cases: Number(values.cases) }),
  });
  say(differentialMarkdown(record).join('\n'));
  say(
    record.tables
      .map(({ table, rows, refused }) => `${table}: ${rows} rows, refused ${JSON.stringify(refused)}`)
      .join('\n'),
  );
  process.exitCode = unequal(record) === 0 ? 0 : 1;
} finally {
  await stack.stop();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
