import type { ContractTable } from '../../../contract/types.ts';

/** Names of a table's key attributes. */
export function keyAttributesOf(table: ContractTable): string[] {
  return table.sk === null ? [table.pk.name] : [table.pk.name, table.sk.name];
}
