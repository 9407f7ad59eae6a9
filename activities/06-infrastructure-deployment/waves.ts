import { indexDefinition } from '../../contract/table-definition.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { ContractTable, GlobalIndex, MigrationContract } from '../../contract/types.ts';

/** An index as DescribeTable tells it, in the contract's words; `rationale` plays no part. */
export type DeployedIndexes = ReadonlyMap<string, readonly GlobalIndex[]>;

/**
 * The contracts to deploy one after the other, so that no table gains or loses more than one index a step: that is
 * all CloudFormation does in one update (aws-cloudformation/cloudformation-coverage-roadmap #229). Tables that do not
 * exist yet get all their indexes at once. An index whose key changed is removed first. The last is the contract.
 */
export function deploymentWaves(contract: MigrationContract, deployed: DeployedIndexes): MigrationContract[] {
  const sequences = contract.tables.map((table) => tableSequence(table, deployed.get(table.table)));
  const steps = Math.max(1, ...sequences.map((sequence) => sequence.length));
  return Array.from({ length: steps }, (_, step) => ({
    ...contract,
    tables: contract.tables.map((table, at) => sequences[at]?.[step] ?? table),
  }));
}

function tableSequence(table: ContractTable, deployed: readonly GlobalIndex[] | undefined): ContractTable[] {
  if (!deployed) return [table];
  const wanted = new Map(table.gsis.map((index) => [index.index_name, index]));
  let current = [...deployed];
  const sequence: ContractTable[] = [];
  const step = (gsis: GlobalIndex[]) => {
    current = gsis;
    sequence.push({ ...table, gsis });
  };
  for (const index of deployed) {
    const same = wanted.get(index.index_name);
    if (!same || signature(same) !== signature(index)) step(current.filter((other) => other !== index));
  }
  for (const index of table.gsis) {
    if (!current.some(({ index_name }) => index_name === index.index_name)) step([...current, index]);
  }
  // The last step is the contract's own list, so that its order is deployed too.
  return [...sequence.slice(0, -1), table];
}

/** All of an index that DynamoDB knows. */
export function signature(index: GlobalIndex): string {
  return canonicalJson(indexDefinition(index));
}
