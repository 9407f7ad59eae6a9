import { type DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, supportTable, tableOf } from './codec.ts';
import type { EntityModel, StoreModel } from './model.ts';

/** The column whose values the store gives out, if the entity has one. */
export function idColumn(entity: EntityModel): string | undefined {
  return Object.keys(entity.columns).find((name) => entity.columns[name]?.autoIncrement === true);
}

/**
 * Gives out `count` consecutive ids, and returns the first. Like InnoDB's, they are gone even when the statement fails.
 * A counter that does not exist yet starts behind the highest id in the table, found by reading the table once.
 */
export async function takeIds(
  client: DynamoDBClient,
  model: StoreModel,
  entity: EntityModel,
  count: number,
): Promise<bigint> {
  const taken =
    (await addToCounter(client, model, entity, count)) ?? (await startCounter(client, model, entity, count));
  return taken - BigInt(count) + 1n;
}

async function startCounter(client: DynamoDBClient, model: StoreModel, entity: EntityModel, count: number) {
  await raiseCounter(client, model, entity, await highestId(client, model, entity));
  return (await addToCounter(client, model, entity, count)) ?? 0n;
}

/** The counter's value when so much was added; undefined for one that does not exist. */
async function addToCounter(
  client: DynamoDBClient,
  model: StoreModel,
  entity: EntityModel,
  count: number,
): Promise<bigint | undefined> {
  const { name, pk } = supportTable(model);
  try {
    const answer = await client.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { [pk.attribute]: { S: `COUNTER#${entity.sourceTable}` } },
        UpdateExpression: 'ADD #value :count',
        ConditionExpression: 'attribute_exists(#value)',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':count': { N: String(count) } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return BigInt(answer.Attributes?.['value']?.N ?? '0');
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/** Makes the next id higher than one that was given by hand or by MySQL. */
export async function raiseCounter(
  client: DynamoDBClient,
  model: StoreModel,
  entity: EntityModel,
  used: bigint,
): Promise<void> {
  const { name, pk } = supportTable(model);
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { [pk.attribute]: { S: `COUNTER#${entity.sourceTable}` } },
        UpdateExpression: 'SET #value = :used',
        ConditionExpression: 'attribute_not_exists(#value) OR #value < :used',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':used': { N: used.toString() } },
      }),
    );
  } catch (error) {
    // It is as high already.
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}

/** The highest id in use; reads the id of every item once. */
export async function highestId(client: DynamoDBClient, model: StoreModel, entity: EntityModel): Promise<bigint> {
  const attribute = entity.columns[idColumn(entity) ?? '']?.attribute ?? '';
  let highest = 0n;
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableOf(model, entity).name,
        ProjectionExpression: '#id',
        ExpressionAttributeNames: { '#id': attribute },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    for (const item of page.Items ?? []) {
      const id = BigInt(item[attribute]?.N ?? '0');
      if (id > highest) highest = id;
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return highest;
}
