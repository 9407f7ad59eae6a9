import type { CandidateInput } from './candidates.ts';
import type { PatternCost } from './evaluate.ts';
import type { IndexDesign } from './index-design.ts';
import { indexWriteUnits } from './index-entry.ts';
import { placementOf, type Model } from './model.ts';
import { LIMITS } from './quotas.ts';

/** A partition that would get more traffic than one partition takes. */
export interface HotPartition {
  /** Null for a partition of the table itself. */
  readonly index: IndexDesign | null;
  /** Shards that would make it cool enough. */
  readonly shards: number;
  readonly sentence: string;
}

interface Traffic {
  readonly index: IndexDesign | null;
  readonly name: string;
  reads: number;
  writes: number;
}

/**
 * Partitions of keys with few values, labels of an ENUM or a BOOLEAN, gather much of a table's traffic in one place:
 * the most asked value is taken to get all of it. Keys with many values are taken to spread.
 */
export function hotPartitions(patterns: readonly PatternCost[], input: CandidateInput): HotPartition[] {
  const traffic = new Map<string, Traffic>();
  const few = (table: string, columns: readonly string[]) =>
    columns.every((column) => input.estimate.fewValues(table, column));
  for (const { served, plan, model } of patterns) {
    for (const { lookup, path } of served) {
      if (path.operation !== 'query') continue;
      const entity = placementOf(model, lookup.table)?.entity;
      const key = path.index?.pk ?? entity?.design.pk;
      if (!key || !few(lookup.table, key.columns)) continue;
      const name = path.index ? `index ${path.index.name}` : `table ${lookup.table}`;
      const found = traffic.get(name) ?? { index: path.index, name, reads: 0, writes: 0 };
      found.reads += path.units * plan.rate.peak;
      traffic.set(name, found);
    }
  }
  const [first] = patterns;
  if (first) for (const one of writeTraffic(first.model, input, few)) merge(traffic, one);
  return [...traffic.values()].flatMap(hot);
}

function writeTraffic(
  model: Model,
  input: CandidateInput,
  few: (table: string, columns: readonly string[]) => boolean,
): Traffic[] {
  return model.tables.flatMap(({ entities }) =>
    entities.flatMap(({ design, indexes, size }) => {
      const { name: table } = design.facts;
      const hotIndexes = indexes.filter((placed) => few(table, placed.design.pk.columns));
      return hotIndexes.map(({ design: index }): Traffic => {
        const writes = (input.writes.get(table) ?? []).reduce(
          (sum, write) => sum + write.peakRowsPerSecond * indexWriteUnits(design, index, write, size.typical),
          0,
        );
        return { index, name: `index ${index.name}`, reads: 0, writes };
      });
    }),
  );
}

function merge(traffic: Map<string, Traffic>, one: Traffic): void {
  const found = traffic.get(one.name);
  if (found) found.writes += one.writes;
  else traffic.set(one.name, one);
}

function hot({ index, name, reads, writes }: Traffic): HotPartition[] {
  const spread = index?.shards ?? 1;
  const parts = [
    ...over('read', reads / spread, LIMITS.partitionReadUnits),
    ...over('written', writes / spread, LIMITS.partitionWriteUnits),
  ];
  if (parts.length === 0) return [];
  const shards = Math.max(Math.ceil(reads / LIMITS.partitionReadUnits), Math.ceil(writes / LIMITS.partitionWriteUnits));
  return [{ index, shards, sentence: `One partition of ${name} would be ${parts.join(', and ')}.` }];
}

function over(what: string, units: number, limit: number): string[] {
  return units > limit ? [`${what} with ${Math.ceil(units)} units a second at peak; the limit is ${limit}`] : [];
}
