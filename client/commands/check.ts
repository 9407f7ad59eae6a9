import type { Command } from 'commander';
import { loadStages } from '../../activities/registry.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { temporalSettings } from '../../core/temporal-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { Migrations } from '../migrations.ts';
import { output, table } from '../output.ts';
import { readPlan } from '../plan-file.ts';
import { checkSecrets, checkStages, checkStore, type Finding } from '../preflight.ts';
import type { GlobalOptions } from '../session.ts';

/** `cutover check PLAN` */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('preflight of everything, from here; changes nothing')
    .argument('<plan>', 'file with the migration plan')
    .action(async (file: string, _options: unknown, command: Command) => {
      const out = output(command.optsWithGlobals<GlobalOptions>().json === true);
      const plan = readPlan(file);
      const findings: Finding[] = [
        { subject: 'plan', what: file, verdict: 'ok', detail: 'matches the schema', remedy: '' },
        ...(await checkSecrets(plan)),
        await checkStore(plan),
        await checkTemporal(plan.name),
        ...(await checkStages(plan, await loadStages())),
      ];
      out.result({ migration: plan.name, findings }, text);
      if (findings.some(({ verdict }) => verdict === 'fails')) process.exitCode = EXIT.findings;
    });
}

async function checkTemporal(name: string): Promise<Finding> {
  const settings = temporalSettings();
  const base = { subject: 'temporal', what: settings.address, remedy: '' };
  try {
    const { migrations, connection } = await Migrations.connect(settings);
    try {
      const { execution } = await migrations.execution(name);
      const verdict = execution === 'RUNNING' ? 'fails' : 'ok';
      return { ...base, verdict, detail: `a migration ${name} exists, ${execution}` };
    } catch (error) {
      if (error instanceof CutoverError && error.code === 'client.migration-unknown')
        return { ...base, verdict: 'ok', detail: `answers; no migration ${name} yet` };
      throw error;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof CutoverError)) throw error;
    return { ...base, verdict: 'fails', detail: error.detail, remedy: error.report().remedy };
  }
}

function text({ findings }: { readonly findings: readonly Finding[] }): string {
  const rows = findings.map(({ subject, what, verdict, detail, remedy }) => [
    verdict,
    subject,
    what,
    remedy === '' ? detail : `${detail} ${remedy}`,
  ]);
  const failed = findings.filter(({ verdict }) => verdict === 'fails').length;
  return `${table(['', 'of', 'what', 'found'], rows)}\n${failed === 0 ? 'nothing stands in the way' : `${failed} to be mended`}`;
}
