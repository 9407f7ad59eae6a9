import type { TableFacts } from '../../../core/analysis.ts';
import { camel } from './words.ts';

/** Members of the DAL that are no aggregates. */
const TAKEN = new Set(['begin', 'ping', 'close', 'types', 'index', 'methods', 'mysql', 'dynamodb', 'flags']);

/**
 * The aggregate of each table: its own, or that of the table that it can't exist without. A table belongs to another
 * one when its primary key starts with a reference that the database deletes along (`cart_items` of `carts`).
 */
export function aggregatesOf(
  tables: readonly Pick<TableFacts, 'name' | 'primaryKey' | 'foreignKeys'>[],
): Map<string, string> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const root = (name: string, seen: readonly string[]): string => {
    const table = byName.get(name);
    if (table === undefined || seen.includes(name)) return name;
    const owner = table.foreignKeys.find(
      (key) =>
        key.onDelete === 'CASCADE' &&
        key.columns.length < table.primaryKey.length &&
        key.columns.every((column, index) => table.primaryKey[index] === column),
    );
    return owner === undefined ? name : root(owner.referencedTable, [...seen, name]);
  };
  return new Map(tables.map((table) => [table.name, memberName(root(table.name, []))]));
}

/** Name of the DAL's member for a table, which is a file name as well. */
export function memberName(table: string): string {
  const name = camel(table);
  return TAKEN.has(name) ? `${name}Table` : name;
}
