import type { Command } from 'commander';
import { builtDifferently, notBuildable } from '../../contract/buildable.ts';
import { checkContract } from '../../contract/check.ts';
import { diffContracts } from '../../contract/diff.ts';
import { explain, subjects } from '../../contract/explain.ts';
import type { Problem } from '../../contract/problem.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { CutoverError } from '../../core/errors/index.ts';
import { readAnalysisFile, readContractFile, readJson } from '../contract-files.ts';
import { EXIT } from '../exit-codes.ts';
import { output, table, type Output } from '../output.ts';
import type { GlobalOptions } from '../session.ts';
import { addContractForms } from './contract-forms.ts';

/** `cutover contract …`: works on files alone, without Temporal. */
export function addContract(program: Command): void {
  const contract = program.command('contract').description('check, compare and explain contracts; read and write the known form'); // prettier-ignore
  addCheck(contract);
  addContractForms(contract);
  addDiff(contract);
  addExplain(contract);
}

function outputOf(command: Command): Output {
  return output(command.optsWithGlobals<GlobalOptions>().json === true);
}

function addCheck(contract: Command): void {
  contract
    .command('check')
    .description('is it valid, and can all stages build it?')
    .argument('<contract>', 'file with a migrationContract.json')
    .option('--analysis <file>', 'analysis.json of stage 1: does the contract cover that source?')
    .action((file: string, _options: unknown, command: Command) => {
      const { analysis } = command.optsWithGlobals<{ analysis?: string }>();
      const value = readJson(file);
      const known = analysis === undefined ? undefined : readAnalysisFile(analysis);
      const problems = [...knownFormHint(value), ...checkContract(value, known)];
      const valid = problems.length === 0;
      const unbuildable = valid ? notBuildable(value as MigrationContract) : [];
      const different = valid ? builtDifferently(value as MigrationContract) : [];
      outputOf(command).result(
        { contract: file, valid, problems, notBuildable: unbuildable, builtDifferently: different },
        () =>
          [
            ...section(`${file} is not valid`, problems),
            ...section('valid, but not buildable', unbuildable),
            ...section('built, but not exactly as it says', different),
            summary(value, valid, unbuildable, known !== undefined),
          ].join('\n'),
      );
      if (!valid || unbuildable.length > 0) process.exitCode = EXIT.findings;
    });
}

/** Whoever has the known form is told of `import` before a list of everything that ours wants. */
function knownFormHint(value: unknown): Problem[] {
  const fields = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const known = fields.includes('tables') && !fields.includes('contractVersion');
  return known ? [{ at: '', problem: 'looks like the known form: read it with `cutover contract import`' }] : [];
}

function section(title: string, problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  return [`${title}:`, ...problems.map(({ at, problem }) => `  ${at === '' ? '/' : at}: ${problem}`)];
}

function summary(value: unknown, valid: boolean, unbuildable: readonly Problem[], covered: boolean): string {
  if (!valid) return 'mend the places that are named';
  const { tables, access_patterns: patterns, dropped_columns: dropped } = value as MigrationContract;
  const verdict = unbuildable.length > 0 ? 'valid, but not buildable' : 'valid and buildable';
  const source = covered ? ' and covers the source' : '; whether it covers its source, --analysis would tell';
  return `${verdict}: ${tables.length} tables, ${patterns.length} access patterns, ${dropped.length} columns dropped${source}`;
}

function addDiff(contract: Command): void {
  contract
    .command('diff')
    .description('what differs in meaning between two contracts, and what is dangerous')
    .argument('<before>', 'file with the contract as it was')
    .argument('<after>', 'file with the contract as it is to be')
    .action((before: string, after: string, _options: unknown, command: Command) => {
      const differences = diffContracts(readContractFile(before), readContractFile(after));
      const dangerous = differences.filter(({ danger }) => danger !== undefined).length;
      outputOf(command).result({ before, after, dangerous, differences }, () => {
        if (differences.length === 0) return 'they say the same';
        const rows = differences.map(({ what, kind, was, is, danger }) => [
          danger === undefined ? '' : 'DANGER',
          kind,
          what,
          was === undefined ? '' : `${was} → ${is ?? ''}`,
          danger ?? '',
        ]);
        return `${table(['', '', 'what', 'was → is', 'because'], rows)}\n${differences.length} differences, ${dangerous} of them dangerous`;
      });
      if (dangerous > 0) process.exitCode = EXIT.findings;
    });
}

function addExplain(contract: Command): void {
  contract
    .command('explain')
    .description('say in words what a contract says of a table, an attribute or an access pattern')
    .argument('<subject>', 'AP-017, a table, table.attribute or source.column')
    .option('--contract <file>', 'file with the contract', 'migrationContract.json')
    .action((subject: string, _options: unknown, command: Command) => {
      const { contract: file } = command.optsWithGlobals<{ contract: string }>();
      const valid = readContractFile(file);
      const explanations = explain(valid, subject);
      if (explanations.length === 0) {
        const known = subjects(valid);
        const some = known.slice(0, 20).join(', ');
        const detail = `${subject} is nothing in ${file}; there are: ${some}${known.length > 20 ? ' …' : ''}.`;
        throw new CutoverError('client.usage', { where: 'contract explain', detail });
      }
      outputOf(command).result({ contract: file, explanations }, () =>
        explanations.map(({ subject: of, lines }) => [of, ...lines.map((line) => `  ${line}`)].join('\n')).join('\n\n'),
      );
    });
}
