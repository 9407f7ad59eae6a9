import {
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { CheckResult } from '../../core/artifacts.ts';
import type { ContractTable, KeyAttribute, MigrationContract, PatternService } from '../../contract/types.ts';
import { check } from './read-back.ts';

/** Executes every read access that the contract names, with a key that no item has: DynamoDB must accept the request. */
export async function patternChecks(
  client: DynamoDBClient,
  contract: MigrationContract,
  prefix: string,
): Promise<CheckResult> {
  const tables = new Map(contract.tables.map((table) => [table.table, table]));
  const tried = new Map<string, string | null>();
  const facts: { ok: boolean; name: string }[] = [];
  for (const service of contract.access_patterns) {
    for (const entry of service.served_by) {
      const table = tables.get(entry.table);
      if (entry.operation === 'write') continue;
      const access = `${entry.operation} ${entry.table}/${entry.index ?? ''}`;
      if (!tried.has(access))
        tried.set(access, table ? await tryAccess(client, entry, table, prefix) : 'no such table');
      const failure = tried.get(access);
      facts.push({ ok: failure === null, name: `${service.id}: ${access}: ${failure ?? ''}` });
    }
  }
  return check('S6-R4', 'Every read access of every pattern is accepted by the deployed tables', facts);
}

/** Null when the request was accepted, else why not. */
async function tryAccess(
  client: DynamoDBClient,
  entry: PatternService['served_by'][number],
  table: ContractTable,
  prefix: string,
): Promise<string | null> {
  const TableName = prefix + table.table;
  try {
    if (entry.operation === 'scan') await client.send(new ScanCommand({ TableName, Limit: 1 }));
    else if (entry.operation === 'query') {
      const index = table.gsis.find(({ index_name }) => index_name === entry.index);
      const pk = (index ?? table).pk;
      await client.send(
        new QueryCommand({
          TableName,
          ...(index ? { IndexName: index.index_name } : {}),
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': pk.name },
          ExpressionAttributeValues: { ':pk': unusedValue(pk) },
          Limit: 1,
        }),
      );
    } else {
      const keys = [table.pk, ...(table.sk ? [table.sk] : [])];
      await client.send(
        new GetItemCommand({ TableName, Key: Object.fromEntries(keys.map((key) => [key.name, unusedValue(key)])) }),
      );
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A key value that no row has: ids are not negative by so much, and no encoded text begins with this character. */
function unusedValue(key: KeyAttribute): AttributeValue {
  if (key.type === 'N') return { N: '-99999999999999999999' };
  return key.type === 'B' ? { B: Buffer.from('cutover-probe') } : { S: '~cutover-probe' };
}
