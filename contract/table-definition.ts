import type { CreateTableCommandInput, GlobalSecondaryIndex, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { ContractTable, GlobalIndex, KeyAttribute } from './types.ts';

/** What DynamoDB is asked to create for a table of the contract: keys, indexes, on-demand capacity, nothing else. */
export function tableDefinition(table: ContractTable, prefix: string): CreateTableCommandInput {
  return {
    TableName: prefix + table.table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributeDefinitions(table),
    KeySchema: keySchema(table.pk, table.sk),
    ...(table.gsis.length > 0 ? { GlobalSecondaryIndexes: table.gsis.map(indexDefinition) } : {}),
  };
}

/** An index as CreateTable, UpdateTable and CloudFormation all take it. */
export function indexDefinition(index: GlobalIndex): GlobalSecondaryIndex {
  return {
    IndexName: index.index_name,
    KeySchema: keySchema(index.pk, index.sk),
    Projection: {
      ProjectionType: index.projection,
      ...(index.projection === 'INCLUDE' ? { NonKeyAttributes: [...index.projected_attributes] } : {}),
    },
  };
}

/** Every attribute that is part of a key, once, in order of name. */
export function attributeDefinitions(
  table: Pick<ContractTable, 'pk' | 'sk' | 'gsis'>,
): { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[] {
  const keys = [table.pk, table.sk, ...table.gsis.flatMap((index) => [index.pk, index.sk])].filter(
    (key) => key !== null,
  );
  const types = new Map(keys.map((key) => [key.name, key.type]));
  return [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

/** Partition key, and sort key where there is one. */
export function keySchema(pk: KeyAttribute, sk: KeyAttribute | null): KeySchemaElement[] {
  return [
    { AttributeName: pk.name, KeyType: 'HASH' },
    ...(sk ? [{ AttributeName: sk.name, KeyType: 'RANGE' as const }] : []),
  ];
}
