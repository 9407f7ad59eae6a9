import { attributeDefinitions, indexDefinition, keySchema } from '../../contract/table-definition.ts';
import type { ContractTable, MigrationContract } from '../../contract/types.ts';
import { applicationPolicy, dashboard, tableAlarms } from './observability.ts';
import { logicalIds, OWNER_TAG } from './naming.ts';

/** A CloudFormation template as data. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The template of a contract: the tables it names and what watches them, nothing else. Same contract, same bytes. */
export function buildTemplate(
  contract: MigrationContract,
  target: { readonly prefix: string; readonly migration: string; readonly region: string; readonly dashboard: string },
): Template {
  const { prefix, migration } = target;
  const ids = logicalIds(contract.tables.map(({ table }) => table));
  const idOf = (table: ContractTable) => ids.get(table.table) ?? table.table;
  const resources: Record<string, Resource> = {};
  for (const table of contract.tables) {
    resources[idOf(table)] = tableResource(table, prefix, migration);
    Object.assign(resources, tableAlarms(table, prefix, idOf(table)));
  }
  resources['ApplicationPolicy'] = applicationPolicy(contract, idOf);
  resources['Dashboard'] = dashboard(contract, prefix, target.dashboard, target.region);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Tables of the migration ${migration}, from its contract.`,
    Resources: resources,
    Outputs: { ApplicationPolicyArn: { Value: { Ref: 'ApplicationPolicy' } } },
  };
}

function tableResource(table: ContractTable, prefix: string, migration: string): Resource {
  return {
    Type: 'AWS::DynamoDB::Table',
    // The items outlive the stack: only compensation removes tables, and only empty ones.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: prefix + table.table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributeDefinitions(table),
      KeySchema: keySchema(table.pk, table.sk),
      ...(table.gsis.length > 0 ? { GlobalSecondaryIndexes: table.gsis.map(indexDefinition) } : {}),
      ...(table.ttl_attribute === undefined
        ? {}
        : { TimeToLiveSpecification: { AttributeName: table.ttl_attribute, Enabled: true } }),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true },
      Tags: [{ Key: OWNER_TAG, Value: migration }],
    },
  };
}
