import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Migrations } from '../../client/migrations.ts';
import { temporalSettings } from '../../core/temporal-settings.ts';
import type { StageStatus } from '../../workflows/status.ts';
import { Background } from './processes.ts';
import { DEMO, ROOT } from './settings.ts';

const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

/** The worker as production runs it, its settings by environment alone. */
export async function startWorker(environment: NodeJS.ProcessEnv): Promise<Background> {
  const worker = new Background('worker', TSX, ['worker/main.ts'], {
    cwd: ROOT,
    env: environment,
    log: join(DEMO, 'worker.log'),
  });
  await worker.printed('worker started');
  return worker;
}

/** The command line as an operator uses it, on the demo's own terminal. */
export async function cutover(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(TSX, ['client/cli.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** Starts the migration and shows it live. Throws when it does not complete. */
export async function migrate(plan: string, environment: NodeJS.ProcessEnv): Promise<readonly StageStatus[]> {
  const code = await cutover(['start', plan, '--wait'], environment);
  const { migrations, connection } = await Migrations.connect(temporalSettings({ ...process.env, ...environment }));
  try {
    const status = await migrations.status('shop');
    if (code !== 0) throw new Error(`The migration is ${status.status}; see above, and ${join(DEMO, 'worker.log')}.`);
    return status.stages;
  } finally {
    await connection.close();
  }
}

/** A command that waits, shown live, until a person is asked or nothing more happens. Throws when the run parks. */
export async function untilItRests(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  await cutover(args, environment);
  const { migrations, connection } = await Migrations.connect(temporalSettings({ ...process.env, ...environment }));
  try {
    const { status, problem } = await migrations.status('shop');
    if (status === 'parked') throw new Error(`The migration is parked: ${problem?.code} ${problem?.cause}`);
  } finally {
    await connection.close();
  }
}
