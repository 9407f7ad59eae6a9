import type { AccessPattern, Analysis } from '../../core/analysis.ts';
import { parseKeyTemplate } from '../key-template.ts';
import { pointer } from '../problem.ts';
import type { ContractEntity, ContractTable, PatternService } from '../types.ts';
import type { ImportLog } from './log.ts';

type Served = PatternService['served_by'][number];

/** How far a scan may go: ten times the rows of today, at least a thousand. */
const BUDGET_GROWTH = 10;
const BUDGET_LEAST = 1000;

/** Bytes that one read or write unit covers (Developer Guide, "Capacity units"). */
const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

/** The access pattern that a text of `satisfies` means: by id, or by title. */
export function patternNamed(text: string, analysis: Analysis): AccessPattern | undefined {
  const wanted = text.trim().toLowerCase();
  return (
    analysis.accessPatterns.find(({ id }) => id.toLowerCase() === wanted) ??
    analysis.accessPatterns.find(({ title }) => title.toLowerCase() === wanted)
  );
}

/**
 * How each analysed pattern is served by the imported tables: the known form says at most that it is. Where a key can
 * be filled, by the key; else by a scan with a budget; refused where a table is not migrated.
 */
export function importPatterns(tables: readonly ContractTable[], analysis: Analysis, log: ImportLog): PatternService[] {
  return analysis.accessPatterns.map((pattern): PatternService => {
    const at = pointer('tables');
    const { mean, peak } = pattern.rates;
    const provenance = pattern.rates.provenance === 'unknown' ? 'assumed' : pattern.rates.provenance;
    const rates = { mean, peak: Math.max(mean, peak), provenance };
    const placed = pattern.tables.map((name) => ({ name, at: placeOf(name, tables) }));
    const missing = placed.filter((one) => one.at === undefined).map(({ name }) => name);
    if (missing.length > 0) {
      const reason = `It uses ${missing.join(', ')}, which the imported contract does not migrate.`;
      log.repaired(at, pattern.id, 'refused', reason);
      return { id: pattern.id, status: 'refused', served_by: [], reason, rates, units: { read: 0, write: 0 } };
    }
    const entries = placed.flatMap((one) => (one.at ? servedBy(pattern, one.at.table, one.at.entity, analysis) : []));
    const unique = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
    const reason = unique.map(({ table, index, operation }) => `${operation} of ${index ?? table}`).join('; ');
    log.repaired(at, pattern.id, reason || 'reads no table', 'The known form does not say how a pattern is served.');
    const units = unitsOf(unique, tables);
    return { id: pattern.id, status: 'served', served_by: unique, reason: reason || 'Reads no table.', rates, units };
  });
}

function placeOf(
  source: string,
  tables: readonly ContractTable[],
): { readonly table: ContractTable; readonly entity: ContractEntity } | undefined {
  for (const table of tables) {
    const entity = table.entities.find((one) => one.source_table === source);
    if (entity) return { table, entity };
  }
  return undefined;
}

function servedBy(pattern: AccessPattern, table: ContractTable, entity: ContractEntity, analysis: Analysis): Served[] {
  if (pattern.kind === 'write') return [{ table: table.table, index: null, operation: 'write' }];
  const bound = new Set(
    pattern.predicates.flatMap(({ table: of, column, operator, with: other }) => {
      if (!['=', 'in', 'is-null'].includes(operator)) return [];
      const joined = other !== 'value' && other.table === entity.source_table ? [other.column] : [];
      return [...(of === entity.source_table ? [column] : []), ...joined];
    }),
  );
  const fills = (template: string | null): boolean =>
    template !== null && parseKeyTemplate(template).columns.every((column) => bound.has(column));
  const own = { table: table.table, index: null };
  if (fills(entity.pk_template)) {
    if (entity.sk_template === null || fills(entity.sk_template)) return [{ ...own, operation: 'get' }];
    return [{ ...own, operation: 'query' }];
  }
  const index = Object.entries(entity.index_templates).find(([, { pk }]) => fills(pk));
  if (index) return [{ table: table.table, index: index[0], operation: 'query' }];
  const rows = analysis.tables.find(({ name }) => name === entity.source_table)?.statistics.rows ?? 0;
  return [{ ...own, operation: 'scan', budget_items: Math.max(BUDGET_LEAST, rows * BUDGET_GROWTH) }];
}

/** One item a get or query, all items a scan: an estimate that the next run of stage 2 makes exact. */
function unitsOf(entries: readonly Served[], tables: readonly ContractTable[]): PatternService['units'] {
  let read = 0;
  let write = 0;
  for (const { table: name, operation, budget_items: budget } of entries) {
    const size = tables.find(({ table }) => table === name)?.estimated_item_size_bytes ?? 1;
    if (operation === 'write') write += Math.ceil(size / WRITE_UNIT);
    else read += operation === 'scan' ? Math.ceil(((budget ?? 1) / BUDGET_GROWTH) * size / READ_UNIT) : Math.ceil(size / READ_UNIT); // prettier-ignore
  }
  return { read, write };
}
