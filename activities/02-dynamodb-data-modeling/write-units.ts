import type { TableFacts } from '../../core/analysis.ts';
import { writeUnits } from './pricing.ts';
import type { WriteEffect } from './write-effects.ts';

/**
 * The store sends every change in a transaction, also a single one, and transactions cost twice (Developer Guide,
 * "Amazon DynamoDB Transactions: capacity management"). Index entries are written afterwards, at the ordinary price.
 */
export const TRANSACTION_FACTOR = 2;

/**
 * Units of an item that a transaction writes, guards or checks. A check is charged as a write: measured on AWS by Martin
 * Hicks, "What a conditional DynamoDB transaction actually costs" (DynamoDB Local charges a transactional read).
 */
export function transactionUnits(itemBytes: number): number {
  return TRANSACTION_FACTOR * writeUnits(itemBytes);
}

/** The id counter is raised by one small write of its own for all rows of a statement. */
export function counterUnits(facts: TableFacts, { kind }: Pick<WriteEffect, 'kind'>): number {
  return kind === 'insert' && facts.columns.some((column) => column.autoIncrement) ? 1 : 0;
}

/** The unique keys whose guards a write moves, by their columns. */
export function guardedKeys(facts: TableFacts, effect: Pick<WriteEffect, 'kind' | 'assigned'>): string[][] {
  return facts.indexes
    .filter((index) => index.unique && index.name !== 'PRIMARY')
    .map((index) => index.parts.flatMap((part) => part.column ?? []))
    .filter((columns) => touches(effect, columns));
}

/** Whether a write can change what hangs on these columns. */
export function touches(
  { kind, assigned }: Pick<WriteEffect, 'kind' | 'assigned'>,
  columns: readonly string[],
): boolean {
  return kind !== 'update' || columns.some((column) => assigned.includes(column));
}
