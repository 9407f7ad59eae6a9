import {
  DeleteItemCommand,
  PutItemCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  guardItems,
  itemKey,
  keyOf,
  rowToItem,
  supportTable,
  tableOf,
  type Item,
  type SourceRow,
} from '../../runtime/store/codec.ts';
import { commit } from '../../runtime/store/commit.ts';
import { idColumn, raiseCounter } from '../../runtime/store/ids.ts';
import { LockTable } from '../../runtime/store/locks.ts';
import type { EntityModel, StoreModel } from '../../runtime/store/model.ts';
import { SqlError } from '../../runtime/store/sql-error.ts';
import { TransactionState, type Change } from '../../runtime/store/transaction.ts';
import { Writer } from '../../runtime/store/writer.ts';
import type { PatternCost } from './evaluate.ts';
import { type CheckCharge, chargeOfChecks, metered, transactedBy, unitsOf } from './proof-meter.ts';
import { computedWriteUnits, imagesOf } from './proof-write-units.ts';
import { attemptsOf, type Attempt } from './proof-write-attempts.ts';

/** One writing pattern, executed by the store that stage 4 gives the application. */
export interface WriteProof {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'measured' | 'not executed';
  /** Why it was not executed; empty when measured. */
  readonly why: string;
  /** Items written, guards and counters not counted. */
  readonly items: number;
  readonly computed: number;
  readonly consumed: number;
  /** Parents checked in the transaction. */
  readonly checks: number;
  /** What the endpoint charges for such a check. Computed units are by its rule; where that is unknown, checks are left out. */
  readonly checksCharged: CheckCharge;
}

export interface WriteInput {
  readonly dynamodb: DynamoDBClient;
  readonly model: StoreModel;
  readonly samples: ReadonlyMap<string, readonly SourceRow[]>;
  readonly signal: AbortSignal;
}

/** Rows that are tried until the store takes the write; a row with children under RESTRICT can't be deleted. */
const TRIES = 12;

/** Executes every writing pattern on the sampled items, each from the same state: what it wrote is taken back. */
export async function proveWrites(patterns: readonly PatternCost[], input: WriteInput): Promise<WriteProof[]> {
  await prepare(input);
  const { name, pk } = supportTable(input.model);
  const charge = await chargeOfChecks(input.dynamodb, name, pk.attribute);
  const proven: WriteProof[] = [];
  for (const cost of patterns) {
    if (cost.effects.length === 0 && cost.plan.pattern.kind !== 'write') continue;
    input.signal.throwIfAborted();
    proven.push(await proveWrite(cost, charge, input));
  }
  return proven;
}

/** Guards of all sampled rows, and counters above their ids: what stage 7 puts beside the rows. */
async function prepare({ dynamodb, model, samples }: WriteInput): Promise<void> {
  for (const [table, rows] of samples) {
    const entity = model.entities[table];
    if (!entity) continue;
    for (const row of rows) await putRow(dynamodb, model, entity, row);
    const column = idColumn(entity);
    if (column === undefined) continue;
    const ids = rows.map((row) => BigInt(String(row[column] ?? 0)));
    await raiseCounter(
      dynamodb,
      model,
      entity,
      ids.reduce((most, id) => (id > most ? id : most), 1n),
    );
  }
}

async function proveWrite(cost: PatternCost, checksCharged: CheckCharge, input: WriteInput): Promise<WriteProof> {
  const { id, title } = cost.plan.pattern;
  const nothing = { id, title, items: 0, computed: 0, consumed: 0, checks: 0, checksCharged };
  const attempts = attemptsOf(cost, input);
  if (typeof attempts === 'string') return { ...nothing, outcome: 'not executed', why: attempts };
  let why = 'All sampled rows are alike in the columns that it assigns, so nothing would change.';
  for (const attempt of attempts.slice(0, TRIES)) {
    try {
      const found = await measure(attempt, input);
      if (found === null) {
        why = 'It changes nothing in the sample.';
        continue;
      }
      const computed = computedWriteUnits(cost, found.changes, checksCharged, input.model, input.samples);
      const consumed = found.written + found.indexes + (checksCharged === 'unknown' ? 0 : found.checked);
      const items = found.changes.length;
      return { ...nothing, outcome: 'measured', why: '', items, computed, consumed, checks: found.checks };
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      why = `The store refuses it with ${error.code}.`;
    }
  }
  return { ...nothing, outcome: 'not executed', why };
}

interface Measured {
  readonly changes: readonly Change[];
  /** Units of items, guards and counters. */
  readonly written: number;
  /** Units of the parents that were checked, and how many those are. */
  readonly checked: number;
  readonly checks: number;
  readonly indexes: number;
}

/**
 * The write as the store does it; then each action of its transaction in a transaction of its own, since DynamoDB Local
 * counts actions of equal units on one table once (four new items of half a kilobyte: 2 units, where DynamoDB charges
 * 8); then the same items by plain writes, since it charges index entries twice inside of a transaction, which DynamoDB
 * does not.
 */
async function measure({ absent, run }: Attempt, input: WriteInput): Promise<Measured | null> {
  const { dynamodb, model } = input;
  const locks = new LockTable();
  const state = new TransactionState(locks);
  const clear = async (): Promise<void> => {
    for (const { entity, row } of absent) await removeRow(dynamodb, model, entity, row);
  };
  const again = async (): Promise<void> => {
    await restore(state, input);
    await clear();
  };
  try {
    await clear();
    let actions: TransactWriteItem[] = [];
    const counters = await metered(dynamodb, async () => {
      actions = await transactedBy(dynamodb, async () => {
        await run(new Writer(dynamodb, model, state));
        await commit(dynamodb, model, state);
      });
    });
    const changes = [...state.changes.values()];
    if (changes.length === 0) return null;
    await again();
    let [written, checked] = [counters.tables, 0];
    const checks = actions.filter(({ ConditionCheck }) => ConditionCheck !== undefined);
    for (const action of checks) checked += await unitsOf(dynamodb, action);
    for (const action of actions) if (!checks.includes(action)) written += await unitsOf(dynamodb, action);
    await again();
    const { indexes } = await metered(dynamodb, async () => {
      for (const change of changes) await writeAlone(dynamodb, model, change);
    });
    return { changes, written, checked, checks: checks.length, indexes };
  } finally {
    locks.release(state);
    await restore(state, input);
    for (const { entity, row } of absent) await putRow(dynamodb, model, entity, row);
  }
}

async function writeAlone(client: DynamoDBClient, model: StoreModel, change: Change): Promise<void> {
  await setItem(client, tableOf(model, change.entity).name, keyOfChange(model, change), imagesOf(model, change).after);
}

/** Items and guards as they were before the write; harmless when it was never made. */
async function restore(state: TransactionState, { dynamodb, model }: WriteInput): Promise<void> {
  for (const change of state.changes.values()) {
    const { before } = imagesOf(model, change);
    await setItem(dynamodb, tableOf(model, change.entity).name, keyOfChange(model, change), before);
  }
  const { name, pk } = supportTable(model);
  for (const { key, before } of state.guards.values()) {
    const guard = { [pk.attribute]: { S: key } };
    await setItem(dynamodb, name, guard, before === null ? undefined : { ...guard, owner: { S: before } });
  }
}

function keyOfChange(model: StoreModel, { entity, before, after }: Change): Item {
  return keyOf(model, entity, before?.stored ?? after ?? {});
}

async function putRow(client: DynamoDBClient, model: StoreModel, entity: EntityModel, row: SourceRow): Promise<void> {
  const item = rowToItem(model, entity, row, 0n);
  await setItem(client, tableOf(model, entity).name, itemKey(model, entity, row), item);
  for (const guard of guardItems(model, entity, row)) await setItem(client, supportTable(model).name, guard, guard);
}

async function removeRow(
  client: DynamoDBClient,
  model: StoreModel,
  entity: EntityModel,
  row: SourceRow,
): Promise<void> {
  await setItem(client, tableOf(model, entity).name, itemKey(model, entity, row), undefined);
  const { name, pk } = supportTable(model);
  for (const guard of guardItems(model, entity, row)) {
    const own = guard[pk.attribute];
    if (own) await setItem(client, name, { [pk.attribute]: own }, undefined);
  }
}

/** Makes one item what is given, or removes it. */
async function setItem(client: DynamoDBClient, TableName: string, Key: Item, item: Item | undefined): Promise<void> {
  if (item) await client.send(new PutItemCommand({ TableName, Item: item }));
  else await client.send(new DeleteItemCommand({ TableName, Key }));
}
