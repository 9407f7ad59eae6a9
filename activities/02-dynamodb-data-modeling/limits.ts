import type { CandidateInput } from './candidates.ts';
import type { PatternCost } from './evaluate.ts';
import type { Model, ModelTable } from './model.ts';

/** Limits of DynamoDB (Developer Guide, "Service, account, and table quotas" and "Burst and adaptive capacity"). */
export const LIMITS = {
  itemBytes: 400 * 1024,
  indexesPerTable: 20,
  partitionReadUnits: 3000,
  partitionWriteUnits: 1000,
  tableReadUnits: 40_000,
  tableWriteUnits: 40_000,
  transactionItems: 100,
} as const;

/** The limits that a model breaks under the given rates and sizes, each in a sentence with its numbers. */
export function brokenLimits(model: Model, patterns: readonly PatternCost[], input: CandidateInput): string[] {
  return [
    ...model.tables.flatMap((table) => tableLimits(table)),
    ...model.tables.flatMap((table) => throughputLimits(table, patterns)),
    ...hotPartitions(patterns, input),
    ...hotCounters(patterns, input),
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
  for (const pattern of patterns) {
    for (const served of pattern.served)
      if (served.table === table) reads += served.path.units * pattern.plan.rate.peak;
  }
  if (reads <= LIMITS.tableReadUnits) return [];
  return [
    `Table ${table.name} would be read with ${Math.ceil(reads)} units a second at peak; the default quota is ${LIMITS.tableReadUnits}.`,
  ];
}

/** Index partitions of columns with few values gather much of a table's traffic in one place. */
function hotPartitions(patterns: readonly PatternCost[], input: CandidateInput): string[] {
  const reads = new Map<string, number>();
  for (const { served, plan } of patterns) {
    for (const { lookup, path } of served) {
      if (!path.index || !path.index.pk.columns.every((column) => input.estimate.fewValues(lookup.table, column)))
        continue;
      // All requests with the same value go to one partition; the most asked value is taken to get all of them.
      reads.set(path.index.name, (reads.get(path.index.name) ?? 0) + path.units * plan.rate.peak);
    }
  }
  const broken: string[] = [];
  for (const [index, units] of reads) {
    if (units > LIMITS.partitionReadUnits) {
      broken.push(
        `One partition of index ${index} would be read with ${Math.ceil(units)} units a second at peak; the limit is ${LIMITS.partitionReadUnits}.`,
      );
    }
  }
  const indexes = new Map(
    patterns.flatMap(({ served }) =>
      served.flatMap(({ path }) => (path.index ? [[path.index.name, path.index] as const] : [])),
    ),
  );
  for (const index of indexes.values()) {
    if (!index.pk.columns.every((column) => input.estimate.fewValues(index.table, column))) continue;
    const writes = (input.writes.get(index.table) ?? []).reduce((sum, write) => sum + write.peakRowsPerSecond, 0);
    if (writes > LIMITS.partitionWriteUnits) {
      broken.push(
        `One partition of index ${index.name} would be written ${Math.ceil(writes)} times a second at peak; the limit is ${LIMITS.partitionWriteUnits}.`,
      );
    }
  }
  return broken;
}

/** Ids are given by one counter item a table, so inserts of a table share one partition key. */
function hotCounters(patterns: readonly PatternCost[], input: CandidateInput): string[] {
  return input.analysis.tables.flatMap((table) => {
    if (!table.columns.some((column) => column.autoIncrement)) return [];
    let inserts = 0;
    for (const { effects, plan } of patterns) {
      for (const effect of effects)
        if (effect.table === table.name && effect.kind === 'insert') inserts += effect.rows * plan.rate.peak;
    }
    if (inserts <= LIMITS.partitionWriteUnits) return [];
    return [
      `Ids of ${table.name} would be given ${Math.ceil(inserts)} times a second at peak; one counter item takes ${LIMITS.partitionWriteUnits}.`,
    ];
  });
}
