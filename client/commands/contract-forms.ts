import type { Command } from 'commander';
import { exportKnown } from '../../contract/known-form/export.ts';
import { importKnown } from '../../contract/known-form/import.ts';
import { readAnalysisFile, readContractFile, readJson, writeNew } from '../contract-files.ts';
import { EXIT } from '../exit-codes.ts';
import { output, table } from '../output.ts';
import type { GlobalOptions } from '../session.ts';

interface FormOptions extends GlobalOptions {
  readonly analysis: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly canonicalTypes?: boolean;
}

/** `cutover contract import` and `export`: from and to the publicly known form. */
export function addContractForms(contract: Command): void {
  contract
    .command('import')
    .description('read the known form, with a report of every repair')
    .argument('<known>', 'file in the known form')
    .requiredOption('--analysis <file>', 'analysis.json of stage 1: types, keys and constraints come from there')
    .option('--output <file>', 'write the contract there')
    .option('--canonical-types', 'give every column the type of docs/value-encoding.md, as all stages build it')
    .option('--force', 'replace the file if it exists')
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<FormOptions>();
      const canonicalTypes = options.canonicalTypes === true;
      const { contract: read, repairs, problems } = importKnown(readJson(file), readAnalysisFile(options.analysis), { canonicalTypes }); // prettier-ignore
      const valid = read !== undefined && problems.length === 0;
      if (valid && options.output !== undefined) await writeNew(options.output, json(read), options.force === true);
      output(options.json === true).result(
        { known: file, valid, repairs, problems, ...(valid ? { contract: read } : {}) },
        () => {
          const rows = repairs.map(({ at, was, became, why }) => [at === '' ? '/' : at, was, became, why]);
          const report = rows.length === 0 ? [] : [table(['at', 'was', 'became', 'why'], rows)];
          const faults = problems.map(({ at, problem }) => `can't be repaired: ${at === '' ? '/' : at}: ${problem}`);
          const end = valid
            ? `read with ${repairs.length} repairs${options.output === undefined ? '; --output FILE writes the contract' : `, written to ${options.output}`}`
            : `not read: ${problems.length} places need a person; nothing was written`;
          return [...report, ...faults, end].join('\n');
        },
      );
      if (!valid) process.exitCode = EXIT.findings;
    });
  contract
    .command('export')
    .description('write the known form, with a report of what it can not say')
    .argument('<contract>', 'file with a migrationContract.json')
    .option('--output <file>', 'write the known form there')
    .option('--force', 'replace the file if it exists')
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<FormOptions>();
      const { known, unsaid } = exportKnown(readContractFile(file));
      if (options.output !== undefined) await writeNew(options.output, json(known), options.force === true);
      output(options.json === true).result({ contract: file, known, unsaid }, () => {
        const lines = unsaid.map(({ at, what }) => `  ${at}: ${what}`);
        const end =
          options.output === undefined ? '--output FILE writes the known form' : `written to ${options.output}`;
        return [...(lines.length === 0 ? [] : ['what the known form can not say:', ...lines]), end].join('\n');
      });
    });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
