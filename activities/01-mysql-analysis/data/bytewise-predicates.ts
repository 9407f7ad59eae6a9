import type { AccessPattern, TableFacts } from '../../../core/analysis.ts';
import type { UnnumberedFinding } from './findings.ts';
import { isFolding } from './text-checks.ts';

/** Text columns that the application looks up by value under a collation that calls different bytes equal. */
export function findBytewisePredicates(
  patterns: readonly AccessPattern[],
  tables: readonly TableFacts[],
): UnnumberedFinding[] {
  const users = new Map<string, { table: TableFacts; column: string; collation: string; patterns: Set<string> }>();
  for (const pattern of patterns) {
    for (const predicate of pattern.predicates.filter((one) =>
      ['=', 'in', 'like', 'like-prefix'].includes(one.operator),
    )) {
      const table = tables.find((one) => one.name === predicate.table);
      const column = table?.columns.find((one) => one.name === predicate.column);
      if (table === undefined || column === undefined || !isFolding(column) || column.labels !== undefined) continue;
      const key = `${table.name}\0${column.name}`;
      const user = users.get(key) ?? {
        table,
        column: column.name,
        collation: column.collation ?? '',
        patterns: new Set(),
      };
      user.patterns.add(pattern.id);
      users.set(key, user);
    }
  }
  return [...users.values()].map(({ table, column, collation, patterns: ids }) => ({
    severity: 'warn',
    table: table.name,
    columns: [column],
    count: ids.size,
    finding: `Looked up by ${collation} (${[...ids].join(', ')}): DynamoDB compares bytes, so the value must be folded the same way when it is stored and when it is asked for.`,
  }));
}
