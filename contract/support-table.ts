import type { ContractTable } from './types.ts';

/** The table of a contract that has no source rows: guards of unique keys, and counters of ids. */
export function supportTable(name: string): ContractTable {
  return {
    table: name,
    type: 'support',
    source_table: null,
    pk: { name: 'pk', type: 'S' },
    sk: null,
    gsis: [],
    entities: [],
    satisfies: [],
    estimated_item_size_bytes: 100,
    rationale: 'Guard items keep the unique keys of the source; counter items give the ids that MySQL gave.',
  };
}
