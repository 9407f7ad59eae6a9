import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type mysql from 'mysql2/promise';
import { storeModel } from '../../contract/store-model.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis, TableFacts } from '../../core/analysis.ts';
import { rowToItem, type Item } from '../../runtime/store/codec.ts';
import { Names } from '../../sql/scope.ts';
import type { PatternCost } from './evaluate.ts';
import { AccessProver } from './proof-access.ts';
import { comparePattern, type Comparison } from './proof-comparison.ts';
import { sampleRows } from './proof-sample.ts';
import { proveWrites, type WriteProof } from './proof-writes.ts';

/** What the proof works with; the tables of the contract exist under the prefix and are empty. */
export interface ProofInput {
  readonly connection: mysql.Connection;
  readonly database: string;
  readonly dynamodb: DynamoDBClient;
  readonly prefix: string;
  readonly contract: MigrationContract;
  readonly analysis: Analysis;
  /** The patterns as the chosen model serves them. */
  readonly patterns: readonly PatternCost[];
  /** Whether writes are executed too: only where the endpoint tells what they cost. */
  readonly measureWrites?: boolean;
  readonly signal: AbortSignal;
  progress(done: number): void;
}

/** One access pattern, executed on DynamoDB and on MySQL over the same rows. */
export interface PatternProof extends Comparison {
  readonly id: string;
  readonly title: string;
  readonly requests: number;
  readonly items: number;
  readonly consumed: number;
  readonly computed: number;
  /** What its writes cost, for a pattern that writes. */
  readonly write?: WriteProof;
}

/** Fills the tables with a sample of the source, then executes each access pattern on both sides. */
export async function prove(input: ProofInput): Promise<PatternProof[]> {
  const { contract, dynamodb, analysis } = input;
  const model = storeModel(contract, input.prefix);
  const sources = keyedTables(analysis, contract);
  const samples = await sampleRows(input.connection, sources);
  const stored = new Map<string, readonly Item[]>();
  for (const table of contract.tables) {
    const items = table.entities.flatMap((entity) => {
      const shape = model.entities[entity.source_table];
      return shape ? (samples.get(entity.source_table) ?? []).map((row) => rowToItem(model, shape, row, 0n)) : [];
    });
    await putItems(dynamodb, input.prefix + table.table, items, input.signal);
    stored.set(table.table, items);
  }
  const prover = new AccessProver(dynamodb, model, stored);
  const names = new Names(analysis.tables);
  const common = { ...input, model, prover, sources, samples, names };
  const proven: PatternProof[] = [];
  for (const cost of input.patterns) {
    input.signal.throwIfAborted();
    const { id, title } = cost.plan.pattern;
    const compared = await comparePattern(cost, common);
    const { requests = 0, items = 0, consumed = 0, computed = 0 } = compared.run ?? {};
    const { outcome, why, rows } = compared;
    proven.push({ id, title, outcome, why, rows, requests, items, consumed, computed });
    input.progress(proven.length);
  }
  if (input.measureWrites !== true) return proven;
  const writes = await proveWrites(input.patterns, { dynamodb, model, samples, signal: input.signal });
  const byPattern = new Map(writes.map((write) => [write.id, write]));
  return proven.map((one) => {
    const write = byPattern.get(one.id);
    return write ? { ...one, write } : one;
  });
}

/** The source tables, each with the key that the contract names its rows by. */
function keyedTables(analysis: Analysis, contract: MigrationContract): TableFacts[] {
  const keys = new Map(
    contract.tables.flatMap(({ entities }) =>
      entities.map((entity) => [entity.source_table, entity.primary_key] as const),
    ),
  );
  return analysis.tables.map((facts) => ({ ...facts, primaryKey: keys.get(facts.name) ?? facts.primaryKey }));
}

const BATCH = 25;

/** Writes the sampled items; what DynamoDB leaves over is written again. */
async function putItems(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    let open = items.slice(start, start + BATCH).map((item) => ({ PutRequest: { Item: item } }));
    while (open.length > 0) {
      signal.throwIfAborted();
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: open } }));
      open = (answer.UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest: put }) =>
        put?.Item ? [{ PutRequest: { Item: put.Item } }] : [],
      );
    }
  }
}
