import type { ContractTable, MigrationContract } from '../../contract/types.ts';
import type { Resource } from './template.ts';

/** Operations whose system errors are watched; CloudWatch counts them by operation only. */
const OPERATIONS = ['GetItem', 'Query', 'TransactWriteItems'];

const NAMESPACE = 'AWS/DynamoDB';

/**
 * Alarms of a table: any throttled request, and any error on DynamoDB's own side, within a minute. One plain alarm a
 * metric, without metric math, which not every CloudFormation (an emulator's) takes.
 */
export function tableAlarms(table: ContractTable, prefix: string, id: string): Record<string, Resource> {
  const name = prefix + table.table;
  const own = { Name: 'TableName', Value: name };
  const throttles = ['Read', 'Write'].map((kind) => [
    `${id}${kind}Throttles`,
    alarm(`${name}-${kind.toLowerCase()}-throttles`, `${kind}ThrottleEvents`, [own]),
  ]);
  const errors = OPERATIONS.map((operation) => [
    `${id}${operation}Errors`,
    alarm(`${name}-${operation}-errors`, 'SystemErrors', [own, { Name: 'Operation', Value: operation }]),
  ]);
  return Object.fromEntries([...throttles, ...errors]) as Record<string, Resource>;
}

function alarm(name: string, metric: string, dimensions: readonly { Name: string; Value: string }[]): Resource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: name,
      Namespace: NAMESPACE,
      MetricName: metric,
      Dimensions: dimensions,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    },
  };
}

/** One dashboard: consumed reads and writes, throttles and latency of all tables. */
export function dashboard(contract: MigrationContract, prefix: string, title: string, region: string): Resource {
  const names = contract.tables.map((table) => prefix + table.table);
  const widgets = [
    ['ConsumedReadCapacityUnits', 'Sum'],
    ['ConsumedWriteCapacityUnits', 'Sum'],
    ['ReadThrottleEvents', 'Sum'],
    ['WriteThrottleEvents', 'Sum'],
  ].map(([metric, stat], at) => ({
    type: 'metric',
    x: (at % 2) * 12,
    y: Math.floor(at / 2) * 6,
    width: 12,
    height: 6,
    properties: {
      title: metric,
      region,
      stat,
      period: 60,
      metrics: names.map((name) => [NAMESPACE, metric, 'TableName', name]),
    },
  }));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: title.replace(/[^A-Za-z0-9_-]+/g, '-'),
      DashboardBody: JSON.stringify({ widgets }),
    },
  };
}

/** What the application may do: the calls of the generated store on these tables, scans only where a pattern scans. */
export function applicationPolicy(contract: MigrationContract, idOf: (table: ContractTable) => string): Resource {
  const arn = (table: ContractTable) => ({ 'Fn::GetAtt': [idOf(table), 'Arn'] });
  const scanned = new Set(
    contract.access_patterns.flatMap(({ served_by }) =>
      served_by.filter(({ operation }) => operation === 'scan').map(({ table }) => table),
    ),
  );
  const indexes = contract.tables.filter(({ gsis }) => gsis.length > 0);
  const scans = contract.tables.filter(({ table }) => scanned.has(table));
  const allow = (Sid: string, actions: readonly string[], Resource: readonly unknown[]) => ({
    Sid,
    Effect: 'Allow',
    Action: actions.map((action) => `dynamodb:${action}`),
    Resource,
  });
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      Description: 'What the migrated application needs of its tables, and no more.',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          allow(
            'Items',
            [
              'BatchGetItem',
              'BatchWriteItem',
              'ConditionCheckItem',
              'DeleteItem',
              // The health check of the generated store.
              'DescribeTable',
              'GetItem',
              'PutItem',
              'Query',
              'UpdateItem',
            ],
            contract.tables.map(arn),
          ),
          ...(indexes.length > 0
            ? [
                allow(
                  'Indexes',
                  ['Query'],
                  indexes.map((table) => ({ 'Fn::Join': ['', [arn(table), '/index/*']] })),
                ),
              ]
            : []),
          ...(scans.length > 0 ? [allow('Scans', ['Scan'], scans.map(arn))] : []),
        ],
      },
    },
  };
}
