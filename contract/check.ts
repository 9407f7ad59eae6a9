import type { Analysis } from '../core/analysis.ts';
import { CutoverError } from '../core/errors/index.ts';
import { checkAccess } from './check-access.ts';
import { checkAttributes } from './check-attributes.ts';
import { checkConstraints } from './check-constraints.ts';
import { checkCoverage } from './check-coverage.ts';
import { checkKeys } from './check-keys.ts';
import { checkNames } from './check-names.ts';
import { checkShape } from './check-shape.ts';
import { checkTables } from './check-tables.ts';
import type { Problem } from './problem.ts';
import type { MigrationContract } from './types.ts';

/**
 * Everything that is wrong with a contract: its shape first, and only when that holds, what its fields say about one
 * another. With the analysis that it came from, also whether its tables, columns and patterns are the real ones and
 * whether all of them are there.
 */
export function checkContract(value: unknown, analysis?: Analysis): Problem[] {
  const shape = checkShape(value);
  if (shape.length > 0) return shape;
  const contract = value as MigrationContract;
  return [
    ...checkNames(contract),
    ...checkTables(contract),
    ...checkAttributes(contract, analysis),
    ...checkKeys(contract),
    ...checkConstraints(contract),
    ...checkAccess(contract, analysis),
    ...(analysis ? checkCoverage(contract, analysis) : []),
  ];
}

/** How many problems an error message lists; the rest is counted. */
const LISTED = 20;

/** The contract in a JSON text; throws `contract.invalid` with every problem's place. */
export function parseContract(text: string, analysis?: Analysis): MigrationContract {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('contract.invalid', { where: 'migrationContract.json', detail, cause });
  }
  const problems = checkContract(value, analysis);
  if (problems.length > 0) {
    const listed = problems.slice(0, LISTED).map(({ at, problem }) => `${at === '' ? '/' : at}: ${problem}`);
    const more = problems.length > LISTED ? [`and ${problems.length - LISTED} more`] : [];
    const where = problems[0]?.at === '' ? '/' : (problems[0]?.at ?? '/');
    throw new CutoverError('contract.invalid', { where, detail: [...listed, ...more].join('; ') });
  }
  return value as MigrationContract;
}
