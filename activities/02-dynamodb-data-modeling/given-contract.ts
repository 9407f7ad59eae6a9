import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { notBuildable } from '../../contract/buildable.ts';
import { parseContract } from '../../contract/check.ts';
import { diffContracts, type Difference } from '../../contract/diff.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { CutoverError } from '../../core/errors/index.ts';
import type { MigrationPlan } from '../../core/plan.ts';
import type { Remark } from '../../core/stage.ts';
import { contractOf } from './contract-of.ts';
import { list, table } from './documents/markdown.ts';
import type { Evaluation } from './evaluate.ts';
import type { PlannedFile, PlannedModel } from './plan-model.ts';

/** A contract that a person gave in the place of the own design. */
export interface GivenContract {
  readonly contract: MigrationContract;
  readonly sha256: string;
}

/** What stage 2 gives: its own design, or, where the plan names a contract, that one beside the own design. */
export interface Settled extends PlannedModel {
  readonly given?: { readonly sha256: string; readonly differences: readonly Difference[] };
  /** The candidate that the contract follows: its accesses are what the proof tries. */
  readonly base: Evaluation;
}

/** Places that an error names; all are counted. */
const NAMED = 10;

/**
 * Reads the contract that the plan names, from the start: the file is the one that was reviewed, is valid, covers the
 * source, and can be built. Undefined when the plan names none.
 */
export async function readGivenContract(
  plan: Pick<MigrationPlan, 'contract'>,
  analysis: Analysis,
): Promise<GivenContract | undefined> {
  if (plan.contract === undefined) return undefined;
  const { path, sha256 } = plan.contract;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const detail = `The worker was told ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw new CutoverError('contract.file-unreadable', { where: path, detail, cause });
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    const detail = `Expected sha256 ${sha256}, found ${found}.`;
    throw new CutoverError('contract.file-altered', { where: path, detail });
  }
  const contract = parseContract(bytes.toString('utf8'), analysis);
  const [first, ...more] = notBuildable(contract);
  if (first !== undefined) {
    const named = [first, ...more].slice(0, NAMED).map(({ at, problem }) => `${at} ${problem}`);
    const rest = more.length + 1 > NAMED ? ` … and ${more.length + 1 - NAMED} more.` : '';
    throw new CutoverError('contract.not-buildable', { where: first.at, detail: named.join(' ') + rest });
  }
  return { contract, sha256 };
}

/** The files of the stage with what a person said and gave: their remarks, and their contract in the own one's place. */
export function settle(
  own: PlannedModel,
  given: GivenContract | undefined,
  analysis: Analysis,
  remarks: readonly Remark[] = [],
): Settled {
  const heard = remarks.length === 0 ? [] : [remarksFile(remarks)];
  if (given === undefined) return { ...own, base: own.choice.chosen, files: [...own.files, ...heard] };
  const differences = diffContracts(own.contract, given.contract);
  const base = closest(own, given.contract, analysis);
  const notice = `**The contract of this stage was given** (sha256 ${given.sha256}) and differs from the design below in ${differences.length} points: contract_changes.md. Prices are those of the design below.\n\n`;
  const files = own.files.map((file) => {
    if (file.name === 'stage-02/migrationContract.json')
      return { ...file, content: `${canonicalJson(given.contract, 2)}\n` };
    return file.schemaVersion === 0 ? { ...file, content: notice + file.content } : file;
  });
  return {
    choice: own.choice,
    contract: given.contract,
    given: { sha256: given.sha256, differences },
    base,
    files: [...files, changesFile(differences, given.sha256), ...heard],
  };
}

/** The candidate of which the given contract says the least else: it may be one that was priced and not chosen. */
function closest(own: PlannedModel, given: MigrationContract, analysis: Analysis): Evaluation {
  let best = { evaluation: own.choice.chosen, count: diffContracts(own.contract, given).length };
  for (const evaluation of own.choice.ranked) {
    if (best.count === 0) break;
    if (evaluation === own.choice.chosen || evaluation.notBuildable.length > 0) continue;
    const count = diffContracts(contractOf(evaluation, analysis), given).length;
    if (count < best.count) best = { evaluation, count };
  }
  return best.evaluation;
}

function changesFile(differences: readonly Difference[], sha256: string): PlannedFile {
  const rows = differences.map(({ what, kind, was = '', is = '', danger = '' }) => [what, kind, was, is, danger]);
  const content = [
    '# What the given contract says otherwise',
    `The contract with sha256 ${sha256} took the place of the design that this stage chose. Every check and the proof were made on it.`,
    rows.length === 0 ? 'It says the same.' : table(['What', 'Change', 'Designed', 'Given', 'Danger'], rows),
  ].join('\n\n');
  return { name: 'stage-02/contract_changes.md', content: `${content}\n`, schemaVersion: 0 };
}

function remarksFile(remarks: readonly Remark[]): PlannedFile {
  const content = [
    '# What was refused before',
    'This stage ran again after these refusals. Its own design follows from the analysis and the rates alone: where a remark asks for another one, correct the rates, or give the contract (`cutover retry NAME --contract FILE`).',
    list(remarks.map(({ gate, by, why }) => `${gate}, by ${by}: ${why.replace(/\s+/g, ' ')}`)),
  ].join('\n\n');
  return { name: 'stage-02/remarks.md', content: `${content}\n`, schemaVersion: 0 };
}
