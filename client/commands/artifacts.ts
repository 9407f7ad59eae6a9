import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { table } from '../output.ts';
import { checkedArtifacts, recordedStages } from '../recorded.ts';
import type { GlobalOptions } from '../session.ts';
import { recordsSession, storeOf } from '../trail.ts';

/** `cutover artifacts NAME` */
export function addArtifacts(program: Command): void {
  program
    .command('artifacts')
    .description('what the stages gave, each compared with its recorded hash')
    .argument('<name>', 'name of the migration')
    .option('--plan <file>', 'find the store by the plan, when the run can no longer be asked')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ plan?: string } & GlobalOptions>();
      process.exitCode = await recordsSession(options, name, async ({ out, plan, trail }) => {
        const store = storeOf(plan);
        const artifacts = await checkedArtifacts(store, recordedStages(trail.records));
        out.result({ migration: name, location: store.blobs.location, artifacts }, ({ location }) => {
          const rows = artifacts.map(({ name: file, bytes, sha256, finding }) => [
            file,
            bytes,
            sha256.slice(0, 12),
            finding,
          ]);
          return `${location}\n${table(['artifact', 'bytes', 'sha256', 'now'], rows)}`;
        });
        return artifacts.every(({ finding }) => finding === 'intact') ? EXIT.ok : EXIT.findings;
      });
    });
}
