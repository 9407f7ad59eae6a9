import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Table from 'cli-table3';
import { databaseUrl, runCommandOrFail, startServer } from '../../../activities/application/index.ts';
import { readPlan } from '../../../client/plan-file.ts';
import { Migrations } from '../../../client/migrations.ts';
import type { MigrationPlan } from '../../../core/plan.ts';
import { temporalSettings } from '../../../core/temporal-settings.ts';
import type { AwsEndpoint, MysqlEndpoint } from '../../../stack/index.ts';
import type { MigrationStatus } from '../../../workflows/status.ts';
import { cutover, startWorker } from '../../demo/cutover.ts';
import { say, withServers, workerEnvironment } from '../../demo/prepare.ts';
import { DEMO, ROOT } from '../../demo/settings.ts';
import { copyApplication, createDatabase, withGeneralLog } from '../../demo/source.ts';

/** Runs the lane; gives the exit code: 0 when the migration is complete, 1 when not. */
export async function runLane(name: string, keep: boolean): Promise<number> {
  const original = join(ROOT, 'test', 'applications', name);
  if (!existsSync(join(original, 'migration.json'))) {
    say(`There is no application ${name} with a migration.json in test/applications.`);
    return 2;
  }
  const given = readPlan(join(original, 'migration.json'));
  let complete = false;
  await withServers(keep, async ({ stack, track }) => {
    const { temporal, mysql, aws } = stack.endpoints;
    const password = randomBytes(12).toString('base64url');
    const application = await copyApplication(original, 'application');
    const plan = here(given, application, mysql, aws);
    say(`${name}, on MySQL ${mysql.version}, its traffic with a general log`);
    await prepareSource(plan, password, mysql);
    const file = join(DEMO, 'migration.json');
    await writeFile(file, JSON.stringify(plan, null, 2));

    const variable = (plan.source.password ?? '').replace(/^env:/, '');
    const environment = workerEnvironment(temporal.address, variable, password);
    await track(await startWorker(environment));
    await cutover(['start', file, '--wait'], environment);
    const status = await statusOf(plan.name, environment);
    summary(status);
    complete = status.status === 'completed';
  });
  return complete ? 0 : 1;
}

/** The application's plan with this lane's folders and addresses, and the log that is about to be written. */
function here(plan: MigrationPlan, application: string, mysql: MysqlEndpoint, aws: AwsEndpoint): MigrationPlan {
  return {
    ...plan,
    artifactStore: join(DEMO, 'artifacts'),
    source: {
      ...plan.source,
      host: mysql.host,
      port: mysql.port,
      queryLog: { path: join(DEMO, 'query.log'), format: 'general', timeZone: 'UTC' },
    },
    application: { ...plan.application, path: application },
    target: { ...plan.target, endpoint: aws.endpoint },
    // The lane shows how far an application goes, and prints what is refused.
    gates: { policy: 'auto', accepted: ['04-dynamodb-implementation/*'] },
  };
}

/** Creates, seeds and drives the database by the commands of the application's own plan. */
async function prepareSource(plan: MigrationPlan, password: string, mysql: MysqlEndpoint): Promise<void> {
  const { application, source } = plan;
  const { database, user } = source;
  await createDatabase(mysql, { database, user, password });
  const url = databaseUrl(source, password, database);
  const { server, scratch, traffic } = application;
  const cwd = application.path;
  const environment = { ...server.environment, [server.databaseUrlVariable]: url };
  await runCommandOrFail(scratch.prepare, { cwd, environment, secrets: [password] });
  if (traffic === undefined) throw new Error('The plan names no traffic.');
  const running = await startServer(server, { cwd, databaseUrl: url, secrets: [password] });
  try {
    await withGeneralLog(mysql, async () => {
      await runCommandOrFail(traffic.command, {
        cwd,
        serverUrl: running.url,
        ...(traffic.environment === undefined ? {} : { environment: traffic.environment }),
      });
    });
  } finally {
    await running.stop();
  }
}

async function statusOf(migration: string, environment: NodeJS.ProcessEnv): Promise<MigrationStatus> {
  const { migrations, connection } = await Migrations.connect(temporalSettings({ ...process.env, ...environment }));
  try {
    return await migrations.status(migration);
  } finally {
    await connection.close();
  }
}

function summary({ status, stages, problem }: MigrationStatus): void {
  const table = new Table({
    head: ['stage', 'status', 'duration', 'artifacts', 'checks passed / total'],
    style: { head: [], border: [] },
  });
  for (const stage of stages) {
    const { startedAt, finishedAt } = stage;
    const seconds =
      startedAt === undefined || finishedAt === undefined ? undefined : Date.parse(finishedAt) - Date.parse(startedAt);
    table.push([
      stage.id,
      stage.status,
      seconds === undefined ? '' : `${(seconds / 1000).toFixed(1)} s`,
      stage.artifacts,
      `${stage.checks.passed} / ${stage.checks.total}`,
    ]);
  }
  say(`\n${table.toString()}\n`);
  say(
    `The migration is ${status}; artifacts in ${join(DEMO, 'artifacts')}, the branch in ${join(DEMO, 'application')}`,
  );
  if (problem === null) return;
  say(`Parked in ${problem.stage}, ${problem.step}: ${problem.code}`);
  say(`  where:  ${problem.where}`);
  say(`  cause:  ${problem.cause}`);
  say(`  remedy: ${problem.remedy}`);
}
