import type { Evaluation } from './evaluate.ts';
import type { ModelTable } from './model.ts';

/** Why a table is as it is, for the contract and the documents. */
export function tableRationale(table: ModelTable): string {
  if (table.type === 'single-entity') return table.entities[0]?.design.rationale ?? '';
  const kinds = table.entities.map(({ design }) => design.facts.name).join(', ');
  return `Holds ${kinds} together: items with one partition key value are one Query, whatever their kind.`;
}

/** Why an index exists: the lookups that use it. */
export function indexRationale(name: string, table: ModelTable, evaluation: Evaluation): string {
  const uses = new Map<string, Set<string>>();
  for (const { served, plan } of evaluation.patterns) {
    for (const one of served) {
      if (one.table !== table || !one.path.index) continue;
      const entity = table.entities.find(({ design }) => design.facts.name === one.lookup.table);
      const placed = entity?.indexes.find((index) => index.design.name === one.path.index?.name);
      if (placed?.name !== name) continue;
      const order = one.lookup.order.map(({ column, descending }) => (descending ? `${column} descending` : column));
      const what = [
        `${one.lookup.table} by ${one.lookup.equality.join(', ')}`,
        ...(order.length > 0 ? [`in order of ${order.join(', ')}`] : []),
        ...(one.lookup.purpose === 'read' ? [] : [`as ${one.lookup.purpose}`]),
      ].join(' ');
      uses.set(what, (uses.get(what) ?? new Set()).add(plan.pattern.id));
    }
  }
  if (uses.size === 0) return 'Kept for accesses that no pattern makes today.';
  return `${[...uses].map(([what, ids]) => `${what} (${[...ids].join(', ')})`).join('; ')}. The primary key can not answer these.`;
}
