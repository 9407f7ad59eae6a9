import { LIMITS } from '../quotas.ts';
import { list } from './markdown.ts';

/** Which limits every candidate was held against; one that breaks any is never chosen. */
export function limitsSection(): string {
  const { itemBytes, indexesPerTable, partitionReadUnits, partitionWriteUnits } = LIMITS;
  return [
    '## Limits that were computed',
    list([
      `Items: at most ${itemBytes / 1024} KB, by the largest row that was sampled.`,
      `Indexes: at most ${indexesPerTable} a table.`,
      `Hot partitions: at most ${partitionReadUnits} read and ${partitionWriteUnits} write units a second for one key value; a key of few values (ENUM, BOOLEAN) is taken to get all requests on one of them, id counters likewise.`,
      `Tables: at most ${LIMITS.tableReadUnits} read and ${LIMITS.tableWriteUnits} write units a second, the default quota.`,
      `Transactions: at most ${LIMITS.transactionItems} items in one statement, by the mean number of rows, guards and parents; copies by the parent with the most children.`,
      'Item collections: the limit of 10 GB holds only for tables with local secondary indexes, and no candidate has one.',
    ]),
  ].join('\n\n');
}
