import type { CandidateInput } from './candidates.ts';
import { changes } from './copy-effects.ts';
import type { PatternCost } from './evaluate.ts';
import { hotPartitions } from './hot-partitions.ts';
import type { Model, ModelTable } from './model.ts';
import { LIMITS } from './quotas.ts';

/** The limits that a model breaks under the given rates and sizes, each in a sentence with its numbers. */
export function brokenLimits(model: Model, patterns: readonly PatternCost[], input: CandidateInput): string[] {
  return [
    ...model.tables.flatMap((table) => tableLimits(table)),
    ...model.tables.flatMap((table) => throughputLimits(table, patterns)),
    ...hotPartitions(patterns, input).map(({ sentence }) => sentence),
    ...hotCounters(patterns, input),
    ...largeTransactions(patterns),
    ...cascadingCopies(model, patterns, input),
  ];
}

function tableLimits(table: ModelTable): string[] {
  const broken: string[] = [];
  if (table.indexes.length > LIMITS.indexesPerTable) {
    broken.push(
      `Table ${table.name} needs ${table.indexes.length} indexes; a table has at most ${LIMITS.indexesPerTable}.`,
    );
  }
  for (const entity of table.entities) {
    if (entity.size.largest > LIMITS.itemBytes) {
      const { name } = entity.design.facts;
      broken.push(
        `An item of ${name} takes ${entity.size.largest} bytes (largest row); the limit is ${LIMITS.itemBytes}.`,
      );
    }
  }
  return broken;
}

function throughputLimits(table: ModelTable, patterns: readonly PatternCost[]): string[] {
  let reads = 0;
  let writes = 0;
  for (const { units, plan } of patterns) {
    const own = units.get(table);
    reads += (own?.read ?? 0) * plan.rate.peak;
    writes += (own?.write ?? 0) * plan.rate.peak;
  }
  const over = (what: string, amount: number, limit: number) =>
    amount <= limit
      ? []
      : [
          `Table ${table.name} would be ${what} with ${Math.ceil(amount)} units a second at peak; the default quota is ${limit}.`,
        ];
  return [...over('read', reads, LIMITS.tableReadUnits), ...over('written', writes, LIMITS.tableWriteUnits)];
}

/** Ids are given by one counter item a table, so inserts of a table share one partition key. */
function hotCounters(patterns: readonly PatternCost[], input: CandidateInput): string[] {
  const inserts = new Map<string, number>();
  for (const { effects, plan } of patterns) {
    for (const { table, kind, rows } of effects) {
      if (kind === 'insert') inserts.set(table, (inserts.get(table) ?? 0) + rows * plan.rate.peak);
    }
  }
  return input.analysis.tables.flatMap((table) => {
    const rate = inserts.get(table.name) ?? 0;
    if (rate <= LIMITS.partitionWriteUnits || !table.columns.some((column) => column.autoIncrement)) return [];
    return [
      `Ids of ${table.name} would be given ${Math.ceil(rate)} times a second at peak; one counter item takes ${LIMITS.partitionWriteUnits}.`,
    ];
  });
}

/** A statement is one transaction; what it writes, guards and parents included, has to fit. */
function largeTransactions(patterns: readonly PatternCost[]): string[] {
  return patterns
    .filter(({ transactionItems }) => transactionItems > LIMITS.transactionItems)
    .map(
      ({ plan, transactionItems }) =>
        `${plan.pattern.id} (${plan.pattern.title}) would write about ${Math.ceil(transactionItems)} items at once; a transaction takes ${LIMITS.transactionItems}.`,
    );
}

/** A copied column that changes must change in all children at once; counted for the parent with the most children. */
function cascadingCopies(model: Model, patterns: readonly PatternCost[], input: CandidateInput): string[] {
  return model.copies.flatMap((copy) => {
    const changing = patterns.filter(({ effects }) =>
      effects.some((effect) => effect.table === copy.parent && changes(effect, copy)),
    );
    const items = mostChildren(copy, input) + 1;
    if (changing.length === 0 || items <= LIMITS.transactionItems) return [];
    const ids = changing.map(({ plan }) => plan.pattern.id).join(', ');
    return [
      `A change of ${copy.parent} (${copy.columns.join(', ')}; ${ids}) would rewrite up to ${items - 1} items of ${copy.child}; a transaction takes ${LIMITS.transactionItems}.`,
    ];
  });
}

/** Children of the parent with the most: counted by stage 1, or else the mean. */
export function mostChildren(copy: Model['copies'][number], input: CandidateInput): number {
  return Math.ceil(copy.key.children?.max ?? input.estimate.matches(copy.child, copy.key.columns));
}
