import type { PriceTable } from '../../core/prices.ts';
import prices from './price-table.json' with { type: 'json' };

export type { PriceTable } from '../../core/prices.ts';

/** `price-table.json`; a plan may bring its own in `target.prices`. */
export const DEFAULT_PRICES: PriceTable = prices;

/** Hours of a month as AWS's own price pages count them. */
const HOURS_A_MONTH = 730;
export const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;

/** Bytes that a read and a write unit cover (DynamoDB Developer Guide, "Read and write units"). */
const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

/** Bytes that storage adds to each item and to each index entry (Developer Guide, "Item sizes and formats"). */
export const ITEM_OVERHEAD_BYTES = 100;

/** Units of one GetItem that reads strongly: what the generated store does on base tables. */
export function getUnits(itemBytes: number): number {
  return Math.max(1, Math.ceil(itemBytes / READ_UNIT_BYTES));
}

/** Units of a Query or Scan: sizes are summed, then rounded up; half of it when the read is eventually consistent. */
export function rangeUnits(items: number, itemBytes: number, consistency: 'strong' | 'eventual'): number {
  const blocks = Math.max(1, Math.ceil((items * itemBytes) / READ_UNIT_BYTES));
  return consistency === 'strong' ? blocks : blocks / 2;
}

/** Units of writing one item once, outside a transaction. */
export function writeUnits(itemBytes: number): number {
  return Math.max(1, Math.ceil(itemBytes / WRITE_UNIT_BYTES));
}

/** Load on a table, its indexes included. */
export interface Load {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly peakReadsPerSecond: number;
  readonly peakWritesPerSecond: number;
  readonly storedBytes: number;
}

export interface MonthlyCost {
  readonly reads: number;
  readonly writes: number;
  readonly storage: number;
  readonly onDemand: number;
  /** The same load with provisioned capacity at the peak, all month; for comparison. */
  readonly provisioned: number;
}

/** The price of a month of this load. */
export function monthlyCost(load: Load, price: PriceTable = DEFAULT_PRICES): MonthlyCost {
  const reads = ((load.readsPerSecond * SECONDS_A_MONTH) / 1e6) * price.onDemand.perMillionReadUnits;
  const writes = ((load.writesPerSecond * SECONDS_A_MONTH) / 1e6) * price.onDemand.perMillionWriteUnits;
  const storage = (load.storedBytes / 1e9) * price.storageGigabyteMonth;
  const capacity =
    load.peakReadsPerSecond * price.provisioned.readUnitHour +
    load.peakWritesPerSecond * price.provisioned.writeUnitHour;
  return {
    reads,
    writes,
    storage,
    onDemand: reads + writes + storage,
    provisioned: capacity * HOURS_A_MONTH + storage,
  };
}

/** The sum of loads. */
export function addLoads(loads: readonly Load[]): Load {
  const sum = (field: keyof Load) => loads.reduce((total, load) => total + load[field], 0);
  return {
    readsPerSecond: sum('readsPerSecond'),
    writesPerSecond: sum('writesPerSecond'),
    peakReadsPerSecond: sum('peakReadsPerSecond'),
    peakWritesPerSecond: sum('peakWritesPerSecond'),
    storedBytes: sum('storedBytes'),
  };
}
