import type { PartitioningFacts } from '../../../core/analysis.ts';
import type { Row } from '../source.ts';
import { groupBy, inOrderOf, optional, text } from './row.ts';

/** Rows of PARTITIONS of one table; nothing for a table that has none. */
export function assemblePartitioning(rows: readonly Row[]): PartitioningFacts | undefined {
  const ordered = inOrderOf(rows, 'partition_ordinal_position');
  const [first] = ordered;
  if (first === undefined) return undefined;
  return {
    method: text(first, 'partition_method'),
    expression: text(first, 'partition_expression'),
    ...optional('subMethod', text(first, 'subpartition_method')),
    ...optional('subExpression', text(first, 'subpartition_expression')),
    parts: [...groupBy(ordered, 'partition_name')].map(([name, parts]) => ({
      name,
      subparts: inOrderOf(parts, 'subpartition_ordinal_position')
        .map((part) => text(part, 'subpartition_name'))
        .filter((subpart) => subpart !== ''),
      description: text(parts[0], 'partition_description'),
    })),
  };
}
