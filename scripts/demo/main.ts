import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { StackError } from '../../stack/index.ts';
import type { StageStatus } from '../../workflows/status.ts';
import { migrate } from './cutover.ts';
import { writePlan } from './plan.ts';
import { say, withPrepared } from './prepare.ts';
import { killEachStage } from './saboteur.ts';
import { DATABASE, DEMO } from './settings.ts';
import { checkOutMigrated, type Instance, shopTests, startInstance, throughThePhases } from './target.ts';

const { values: options } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    orders: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '3000' },
    'kill-each-stage': { type: 'boolean', default: false },
  },
});

/** From an empty folder to the shop running on DynamoDB with MySQL stopped. */
async function demo(): Promise<void> {
  const started = Date.now();
  const { keep } = options;
  const amounts = { orders: Number(options.orders), requests: Number(options.requests), keep };
  await withPrepared(amounts, async ({ stack, shop, databaseUrl, environment, worker, track }) => {
    const { temporal, mysql, aws } = stack.endpoints;
    const ended = new AbortController();
    const kills = options['kill-each-stage'] ? killEachStage(environment, worker, ended.signal, track) : undefined;
    const stages = await migrate(await writePlan(mysql, aws), environment).finally(() => ended.abort());
    for (const { stage, attempt, step } of (await kills) ?? []) {
      say(`  the worker was killed in ${stage}, attempt ${attempt}: ${step === '' ? 'at its beginning' : step}`);
    }

    say('The migrated shop goes through its five phases');
    const migrated = await checkOutMigrated(shop);
    const token = randomBytes(24).toString('base64url');
    const settings = { folder: migrated, aws: aws.endpoint, prefix: 'shop-', token };
    const first = await startInstance({ ...settings, databaseUrl });
    await track(first.process);
    await throughThePhases(first, token, 5);
    await first.process.stop();

    say('Stopping MySQL');
    await stack.stop('mysql');
    const instance = await startInstance(settings);
    await track(instance.process);
    const tests = await shopTests(migrated, instance.url);
    summary(stages, { ui: temporal.uiUrl, tests, seconds: (Date.now() - started) / 1000, instance, token });
  });
}

function summary(
  stages: readonly StageStatus[],
  facts: {
    readonly ui: string;
    readonly tests: string;
    readonly seconds: number;
    readonly instance: Instance;
    readonly token: string;
  },
): void {
  const table = new Table({
    head: ['stage', 'duration', 'artifacts', 'checks passed / total'],
    style: { head: [], border: [] },
  });
  for (const stage of stages) {
    const seconds = (Date.parse(stage.finishedAt ?? '') - Date.parse(stage.startedAt ?? '')) / 1000;
    table.push([
      stage.id,
      `${seconds.toFixed(1)} s`,
      stage.artifacts,
      `${stage.checks.passed} / ${stage.checks.total}`,
    ]);
  }
  say(`\n${table.toString()}\n`);
  say(`The shop's own tests, MySQL stopped, DynamoDB alone: ${facts.tests}`);
  say(`Whole demo: ${facts.seconds.toFixed(0)} s`);
  say(
    `Temporal Web UI:   ${facts.ui}/namespaces/default/workflows/shop${options.keep ? '' : '   (while the stack runs: --keep)'}`,
  );
  say(`Artifacts, audit:  ${join(DEMO, 'artifacts')}`);
  say(`Migrated code:     ${join(DEMO, 'shop-on-dynamodb')}   (branch cutover/shop of ${join(DEMO, 'shop')})`);
  say(`Database migrated: ${DATABASE}; reports below artifacts, stage by stage`);
  if (!options.keep) return;
  say(`The shop runs on   ${facts.instance.url}; control page ${facts.instance.control}, token ${facts.token}`);
  say('Stop all of it with: npm run stack:down');
}

try {
  await demo();
} catch (error) {
  say(
    error instanceof StackError
      ? `\n${error.message}`
      : `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
