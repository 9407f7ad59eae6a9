import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Connection } from 'mysql2/promise';
import type { ContractEntity, MigrationContract } from '../../../contract/types.ts';
import type { KeyColumn, KeyValue } from '../paging.ts';
import { compareItems } from './compare-items.ts';
import { compareRows } from './compare-rows.ts';
import type { Difference, Item } from './compare.ts';

/** What the two-way comparison found for one entity. Rows = items and no difference is the promise. */
export interface EntityValidation {
  readonly sourceTable: string;
  readonly table: string;
  readonly rows: number;
  readonly items: number;
  readonly missing: number;
  readonly different: number;
  readonly extra: number;
  readonly guardsExpected: number;
  readonly guardsMissing: number;
}

export interface ValidateOptions {
  readonly connection: Connection;
  readonly client: DynamoDBClient;
  readonly contract: MigrationContract;
  /** Full name in DynamoDB of a table of the contract. */
  tableName(table: string): string;
  /** Primary key of a source table. */
  keyColumns(entity: ContractEntity): readonly KeyColumn[];
  readonly signal: AbortSignal;
  onRows(entity: string, rows: number): void;
  /** `at` says where to mend it: the row's key, or the key of an item without a row. */
  onDifference(difference: Difference, at: DifferencePlace): void;
}

/** Where a difference is: in a row of the source, or in an item that has none. */
export interface DifferencePlace {
  readonly entity?: ContractEntity;
  readonly rowKey?: readonly KeyValue[];
  readonly item?: { readonly table: string; readonly key: Item };
}

/** Compares every source row with its item, and every item with the source, both by streaming. */
export async function validateAll(options: ValidateOptions): Promise<EntityValidation[]> {
  const support = options.contract.tables.find((table) => table.type === 'support');
  const results: EntityValidation[] = [];
  for (const table of options.contract.tables) {
    if (table.type === 'support') continue;
    const forward = new Map<ContractEntity, Omit<EntityValidation, 'items' | 'extra'>>();
    for (const entity of table.entities) forward.set(entity, await compareRows(options, table, entity, support));
    const backward = await compareItems(options, table);
    for (const [entity, result] of forward) {
      const { items, extra } = backward.get(entity) ?? { items: 0, extra: 0 };
      results.push({ ...result, items, extra });
    }
  }
  return results;
}
