import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Write units that an endpoint says it consumed. */
export interface Consumed {
  /** Of tables: items, guards and counters. */
  tables: number;
  indexes: number;
  /** Parents that were checked in transactions. */
  checks: number;
}

const NAME = 'proof-meter';

/** Runs writes with a client that asks for consumed capacity on each, and adds up what the endpoint answers. */
export async function metered(client: DynamoDBClient, work: () => Promise<void>): Promise<Consumed> {
  const sum: Consumed = { tables: 0, indexes: 0, checks: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (!WRITES.has(String(commandName))) return next(args);
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
        const { TransactItems = [] } = args.input as { TransactItems?: readonly { ConditionCheck?: unknown }[] };
        const { ConsumedCapacity: found } = answer.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
        };
        for (const one of [found ?? []].flat()) {
          sum.tables += one.Table?.CapacityUnits ?? 0;
          for (const index of Object.values(one.GlobalSecondaryIndexes ?? {})) sum.indexes += index.CapacityUnits ?? 0;
        }
        sum.checks += TransactItems.filter(({ ConditionCheck }) => ConditionCheck !== undefined).length;
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

const WRITES = new Set(['PutItemCommand', 'DeleteItemCommand', 'UpdateItemCommand', 'TransactWriteItemsCommand']);
