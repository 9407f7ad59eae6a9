import {
  type ConsumedCapacity,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

/** What an endpoint charges for a `ConditionCheck`: DynamoDB a transactional write of the item's size. */
export type CheckCharge = 'as a write' | 'as a read' | 'unknown';

/** Write units that an endpoint says it consumed. */
export interface Consumed {
  /** Of tables: items, guards and counters. */
  tables: number;
  indexes: number;
}

const NAME = 'proof-meter';
const WRITES = new Set(['PutItemCommand', 'DeleteItemCommand', 'UpdateItemCommand']);

/** Runs writes with a client that asks for consumed capacity on each, and adds up what the endpoint answers. */
export async function metered(client: DynamoDBClient, work: () => Promise<void>): Promise<Consumed> {
  const sum: Consumed = { tables: 0, indexes: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (!WRITES.has(String(commandName))) return next(args);
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
        const { ConsumedCapacity: found } = answer.output as { ConsumedCapacity?: ConsumedCapacity };
        sum.tables += found?.Table?.CapacityUnits ?? 0;
        for (const index of Object.values(found?.GlobalSecondaryIndexes ?? {})) sum.indexes += index.CapacityUnits ?? 0;
        return answer;
      },
    { step: 'initialize', name: NAME },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove(NAME);
  }
  return sum;
}

/** The actions of the transactions that `work` sends, in their order. */
export async function transactedBy(client: DynamoDBClient, work: () => Promise<void>): Promise<TransactWriteItem[]> {
  const actions: TransactWriteItem[] = [];
  const name = `${NAME}-actions`;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'TransactWriteItemsCommand') {
          actions.push(...((args.input as { TransactItems?: TransactWriteItem[] }).TransactItems ?? []));
        }
        return answer;
      },
    { step: 'initialize', name },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove(name);
  }
  return actions;
}

/** Units of one action, sent as a transaction of its own: of its table, without index entries. */
export async function unitsOf(client: DynamoDBClient, action: TransactWriteItem): Promise<number> {
  const answer = await client.send(
    new TransactWriteItemsCommand({ TransactItems: [action], ReturnConsumedCapacity: 'INDEXES' }),
  );
  return (answer.ConsumedCapacity ?? []).reduce((sum, { Table }) => sum + (Table?.CapacityUnits ?? 0), 0);
}

/** Tried with an item of five kilobytes, which stays in the proof's own table until that goes. */
export async function chargeOfChecks(client: DynamoDBClient, table: string, key: string): Promise<CheckCharge> {
  const Key = { [key]: { S: 'METER' } };
  await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, filler: { S: 'x'.repeat(4900) } } }));
  const check = { TableName: table, Key, ConditionExpression: 'attribute_exists(filler)' };
  switch (await unitsOf(client, { ConditionCheck: check })) {
    case 10:
      return 'as a write';
    case 4:
      return 'as a read';
    default:
      return 'unknown';
  }
}
