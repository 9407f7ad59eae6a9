import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { checkContract } from '../contract/check.ts';
import type { MigrationContract } from '../contract/types.ts';
import type { Analysis } from '../core/analysis.ts';
import { CutoverError } from '../core/errors/index.ts';

/** The JSON in a file. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CutoverError('client.file-unreadable', { where: file, detail, cause });
  }
}

/** An `analysis.json` of stage 1. */
export function readAnalysisFile(file: string): Analysis {
  const value = readJson(file) as Partial<Analysis> | null;
  const lists = ['tables', 'accessPatterns'] as const;
  if (value?.schemaVersion !== 1 || lists.some((list) => !Array.isArray(value[list]))) {
    const detail = 'It is no analysis of stage 1, schemaVersion 1 (stage-01/analysis.json).';
    throw new CutoverError('client.file-unreadable', { where: file, detail });
  }
  return value as Analysis;
}

/** A contract that is valid in itself; throws `contract.invalid` with the first place of one that is not. */
export function readContractFile(file: string): MigrationContract {
  const value = readJson(file);
  const problems = checkContract(value);
  const [first] = problems;
  if (first === undefined) return value as MigrationContract;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  const detail = `${first.problem}${more}. \`cutover contract check\` lists all.`;
  throw new CutoverError('contract.invalid', { where: `${file} ${first.at === '' ? '/' : first.at}`, detail });
}

/** Writes a file that is not there yet, or that may be replaced. */
export async function writeNew(file: string, content: string, force: boolean): Promise<void> {
  if (existsSync(file) && !force)
    throw new CutoverError('client.file-exists', { where: file, detail: 'It was left as it is.' });
  await writeFile(file, content);
}
