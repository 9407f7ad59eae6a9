import type { PatternService } from '../../contract/types.ts';
import type { PatternCost, ServedLookup } from './evaluate.ts';

/** Scans may read ten times the items of today, at least 1,000, before they are refused. */
const BUDGET_GROWTH = 10;
const BUDGET_LEAST = 1000;

/** How the contract says that a pattern is served: its reads in order, then what it writes. */
export function patternService(cost: PatternCost): PatternService {
  const { plan, served, effects } = cost;
  const entries = new Map<string, PatternService['served_by'][number]>();
  for (const { table, path, lookup } of served) {
    const index = path.index ? indexName(table, path.index.name, lookup.table) : null;
    const entry = {
      table: table.name,
      index,
      operation: path.operation,
      ...(path.operation === 'scan'
        ? { budget_items: Math.max(BUDGET_LEAST, Math.ceil(BUDGET_GROWTH * path.items)) }
        : {}),
    };
    entries.set(JSON.stringify(entry), entry);
  }
  const writes = writtenTables(cost).map((table) => ({ table, index: null, operation: 'write' as const }));
  const { mean, peak, provenance } = plan.rate;
  const refusal = refusalOf(cost);
  return {
    id: plan.pattern.id,
    status: refusal === null ? 'served' : 'refused',
    served_by: refusal === null ? [...entries.values(), ...writes] : [],
    reason: refusal ?? reasonOf(served, effects.length > 0),
    rates: { mean, peak, provenance },
    units: { read: round(cost.readUnits), write: round(cost.writeUnits) },
  };
}

/** Shared tables name an index by its slot, so the name is looked up by the entity's design. */
function indexName(table: ServedLookup['table'], design: string, sourceTable: string): string {
  const entity = table.entities.find((candidate) => candidate.design.facts.name === sourceTable);
  return entity?.indexes.find((index) => index.design.name === design)?.name ?? design;
}

function writtenTables({ effects, plan, tableOf }: PatternCost): string[] {
  const sources =
    effects.length > 0 ? effects.map((effect) => effect.table) : plan.target === null ? [] : [plan.target];
  return [...new Set(sources.flatMap((source) => tableOf(source) ?? []))];
}

/** A pattern is refused when nothing is known that could be executed for it. */
function refusalOf({ plan, served, effects, tableOf }: PatternCost): string | null {
  const unknown = plan.pattern.tables.filter((table) => tableOf(table) === null);
  if (unknown.length > 0) return `It uses ${unknown.join(', ')}, which is no table that is migrated.`;
  if (plan.pattern.kind === 'write' && plan.facts.verb === 'other')
    return 'It is a statement that changes no rows in a known way.';
  if (plan.pattern.kind === 'write' && effects.length === 0) return 'It names no table that it writes.';
  if (plan.pattern.kind === 'read' && served.length === 0 && plan.pattern.tables.length > 0)
    return 'No table that it reads is migrated.';
  return null;
}

function reasonOf(served: readonly ServedLookup[], writes: boolean): string {
  const parts = served.map(({ lookup, path }) => {
    const bound = lookup.equality.length > 0 ? ` by ${lookup.equality.join(', ')}` : '';
    const purpose = lookup.purpose === 'read' ? '' : ` (${lookup.purpose})`;
    return `${lookup.table}${bound}: ${path.operation}${path.index ? ` on ${path.index.name}` : ''}${purpose}`;
  });
  if (parts.length === 0) return writes ? 'Written by primary key.' : 'Reads no table.';
  return `${parts.join('; ')}.`;
}

function round(units: number): number {
  return Math.round(units * 100) / 100;
}
