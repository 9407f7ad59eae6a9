import { Command, CommanderError } from 'commander';
import { canonicalJson } from '../core/canonical-json.ts';
import { CutoverError } from '../core/errors/index.ts';
import { addArtifacts } from './commands/artifacts.ts';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addContract } from './commands/contract.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addReport } from './commands/report.ts';
import { addRequests } from './commands/requests.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { exitCodeOf } from './exit-codes.ts';
import { errorReport, errorText } from './output.ts';

/** The command line, with all its commands. */
function cutover(): Command {
  const program = new Command('cutover')
    .description('Takes a MySQL application to DynamoDB in seven stages, as one durable workflow.')
    .option('--json', 'print one JSON document instead of text')
    .showHelpAfterError('(cutover help COMMAND shows how)');
  // Before the commands are added: they inherit it. Errors then come here, to one place with one set of exit codes.
  program.exitOverride();
  for (const add of [
    addInit,
    addCheck,
    addStart,
    addStatus,
    addRequests,
    addAudit,
    addArtifacts,
    addReport,
    addContract,
    addExplain,
  ])
    add(program);
  return program;
}

async function main(): Promise<void> {
  try {
    await cutover().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it already; help and version are no errors.
      process.exitCode = error.exitCode === 0 ? 0 : exitCodeOf(usage(error));
      return;
    }
    const json = process.argv.includes('--json');
    process.stderr.write(`${json ? canonicalJson({ error: errorReport(error) }) : errorText(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function usage(error: CommanderError): CutoverError {
  return new CutoverError('client.usage', { where: 'command line', detail: error.message });
}

await main();
