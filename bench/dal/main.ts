/**
 * `npm run bench:dal [-- <application>] [--rounds N] [--repetitions N] [--only application|methods]`: the data access layer against the untouched
 * application, and compiled methods against the same by hand; as JSON below `.cutover/bench-dal` and as Markdown.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { git } from '../../activities/application/index.ts';
import { type AwsEndpoint, ensureInstalled, type MysqlEndpoint, startStack } from '../../stack/index.ts';
import { measureApplication } from './application.ts';
import type { ContestOutcome } from './contest.ts';
import { measureMethods } from './methods.ts';
import { migratedApplication } from './migrated.ts';
import { type BenchmarkResult, markdown, missed } from './report.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '12' },
    'control-rounds': { type: 'string', default: '4' },
    repetitions: { type: 'string', default: '400' },
    only: { type: 'string' },
  },
});

const PARTS = ['mysql', 'aws', 'dynamodb-local'] as const;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const root = join(import.meta.dirname, '..', '..');

const subject = await migratedApplication(positionals[0] ?? 'shop');
const loadBefore = loadavg();
await ensureInstalled(PARTS, { info: say, warn: say });
const stack = await startStack({ name: `bench-dal-${process.pid}`, parts: PARTS, fresh: true });
try {
  const { mysql, aws, dynamodbLocal } = stack.endpoints;
  const outcome: Partial<Pick<BenchmarkResult, 'control' | 'layer' | 'methods'>> = {
    ...(options.only === 'methods' ? {} : await application(mysql)),
    ...(options.only === 'application' ? {} : { methods: await methodsOn(mysql, { ministack: aws, 'DynamoDB Local': dynamodbLocal }) }), // prettier-ignore
  };
  const result: BenchmarkResult = {
    application: subject.name,
    commit: await git(root, ['rev-parse', '--short', 'HEAD']),
    date: new Date().toISOString(),
    machine: { cpus: availableParallelism(), loadBefore, loadAfter: loadavg() },
    ...outcome,
  };
  const file = join(
    root,
    '.cutover',
    'bench-dal',
    `${subject.name}${options.only === undefined ? '' : `-${options.only}`}.json`,
  );
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  say(`\n${markdown(result)}\nWritten as ${file}`);
  for (const miss of missed(result)) say(`MISSED: ${miss}`);
} finally {
  await stack.stop();
}

async function application(mysql: MysqlEndpoint): Promise<Pick<BenchmarkResult, 'control' | 'layer'>> {
  say('The untouched application against itself');
  const same = { ...subject, migrated: subject.untouched };
  const control = await measureApplication(same, mysql, Number(options['control-rounds']));
  say('The application through its layer against the untouched one');
  return { control, layer: await measureApplication(subject, mysql, Number(options.rounds)) };
}

async function methodsOn(
  mysql: MysqlEndpoint,
  endpoints: Readonly<Record<string, AwsEndpoint>>,
): Promise<NonNullable<BenchmarkResult['methods']>> {
  const outcomes: Record<string, readonly ContestOutcome[]> = {};
  for (const [name, aws] of Object.entries(endpoints)) {
    say(`Compiled methods against the same by hand, on ${name}`);
    outcomes[name] = await measureMethods(subject, mysql, aws, Number(options.repetitions), say);
  }
  return outcomes;
}
