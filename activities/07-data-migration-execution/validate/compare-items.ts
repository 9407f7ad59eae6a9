import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { RowDataPacket } from 'mysql2/promise';
import type { ContractEntity, ContractTable } from '../../../contract/types.ts';
import { identifier } from '../../mysql.ts';
import { type KeyColumn, type KeyValue, placeholder } from '../paging.ts';
import { type Item, keyText } from './compare.ts';
import { valueSql } from './expected-sql.ts';
import { keyAttributesOf } from './keys.ts';
import type { ValidateOptions } from './validate.ts';

/** Items looked up in the source at a time. */
const PAGE = 1000;

/** Target to source: each item must have its row. Tombstones are no items. */
export async function compareItems(
  options: ValidateOptions,
  table: ContractTable,
): Promise<Map<ContractEntity, { items: number; extra: number }>> {
  const counts = new Map(table.entities.map((entity) => [entity, { items: 0, extra: 0 }]));
  const name = options.tableName(table.table);
  const pages = paginateScan({ client: options.client }, { TableName: name, ConsistentRead: true });
  for await (const page of pages) {
    options.signal.throwIfAborted();
    const byEntity = new Map<ContractEntity, Item[]>();
    for (const item of page.Items ?? []) {
      if (item['_deleted'] !== undefined) continue;
      const entity = entityOf(table, item);
      if (entity === undefined) {
        const key = keyText(item, keyAttributesOf(table));
        options.onDifference({ kind: 'extra', table: name, source: '', key, attributes: ['_type'] }, {});
        continue;
      }
      byEntity.set(entity, [...(byEntity.get(entity) ?? []), item]);
    }
    for (const [entity, items] of byEntity) {
      const count = counts.get(entity) as { items: number; extra: number };
      count.items += items.length;
      for (const item of await withoutRow(options, entity, items)) {
        count.extra++;
        const keyAttributes = keyAttributesOf(table);
        const difference = {
          table: name,
          source: entity.source_table,
          key: keyText(item, keyAttributes),
          attributes: [],
        };
        const key = Object.fromEntries(keyAttributes.map((attribute) => [attribute, item[attribute]])) as Item;
        options.onDifference({ kind: 'extra', ...difference }, { item: { table: name, key } });
      }
    }
  }
  return counts;
}

/** The items whose primary key no source row has. */
async function withoutRow(options: ValidateOptions, entity: ContractEntity, items: Item[]): Promise<Item[]> {
  const key = options.keyColumns(entity);
  const attributes = key.map(({ name }) => entity.attributes.find((attribute) => attribute.source_column === name));
  const missing: Item[] = [];
  for (let start = 0; start < items.length; start += PAGE) {
    const part = items.slice(start, start + PAGE);
    const values: KeyValue[] = [];
    const conditions = part.map((item) => {
      const terms = key.map((column, position) => {
        const value = item[attributes[position]?.name ?? ''];
        values.push(value?.B !== undefined ? Buffer.from(value.B) : sourceText(column, value?.N ?? value?.S ?? ''));
        return `${identifier(column.name)} = ${placeholder(column.type)}`;
      });
      return `(${terms.join(' AND ')})`;
    });
    const list = key.map(
      ({ name, type }, position) =>
        `${valueSql(identifier(name), type, attributes[position]?.type ?? 'S')} AS k${position}`,
    );
    const sql = `SELECT ${list.join(', ')} FROM ${identifier(entity.source_table)} WHERE ${conditions.join(' OR ')}`;
    const [rows] = await options.connection.query<RowDataPacket[]>(sql, values);
    const present = new Set(rows.map((row) => key.map((_, position) => String(row[`k${position}`])).join('\u0000')));
    for (const item of part) {
      const own = key.map((_, position) => {
        const value = item[attributes[position]?.name ?? ''];
        return value?.B === undefined
          ? (value?.N ?? value?.S ?? '')
          : Buffer.from(value.B).toString('hex').toUpperCase();
      });
      if (!present.has(own.join('\u0000'))) missing.push(item);
    }
  }
  return missing;
}

/** TIMESTAMP's canonical text, back to what MySQL compares in a UTC session. */
function sourceText(column: KeyColumn, text: string): string {
  return column.type.data_type === 'timestamp' ? text.replace('T', ' ').replace('Z', '') : text;
}

function entityOf(table: ContractTable, item: Item): ContractEntity | undefined {
  if (table.entities.length === 1) return table.entities[0];
  return table.entities.find((entity) => entity.entity_type === item['_type']?.S);
}
