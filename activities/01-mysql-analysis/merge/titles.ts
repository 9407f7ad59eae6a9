import type { StatementReferences } from '../../../sql/references.ts';

/** A short name for people, such as `Read products by category_id, newest first`; never used to decide anything. */
export function titleOf(references: StatementReferences): string {
  const [main = 'nothing', ...others] = references.tables;
  const by = keysOf(references);
  const suffix = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  switch (references.statement) {
    case 'select': {
      if (references.tables.length === 0) return 'Read no table';
      const verb = references.aggregates ? 'Summarise' : references.locks ? 'Read and lock' : 'Read';
      const joined = others.length === 0 ? '' : ` with ${others.join(', ')}`;
      const order = references.orderBy.map((one) => `${one.column}${one.descending ? ' descending' : ''}`);
      return `${verb} ${main}${joined}${suffix}${order.length === 0 ? '' : `, ordered by ${order.join(', ')}`}`;
    }
    case 'insert':
      return `Add to ${main}`;
    case 'replace':
      return `Replace in ${main}`;
    case 'update':
      return `Change ${references.writes.map((one) => one.column).join(', ')} of ${main}${suffix}`;
    case 'delete':
      return `Remove from ${main}${suffix}`;
    case 'other':
      return `Other statement on ${main}`;
  }
}

/** Columns compared with a value; those of other tables than the main one with their table. */
function keysOf(references: StatementReferences): string[] {
  const values = references.predicates.filter((predicate) => predicate.with === 'value');
  const several = references.tables.length > 1;
  return [...new Set(values.map((one) => (several ? `${one.table}.${one.column}` : one.column)))];
}
