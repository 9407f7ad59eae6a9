import type { ContractTable, MigrationContract } from '../../contract/types.ts';
import type { Resource } from './template.ts';

/** Operations whose system errors are counted; CloudWatch has them by operation only. */
const OPERATIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'Scan',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
];

const NAMESPACE = 'AWS/DynamoDB';

/** Two alarms a table: any throttled request, and any error on DynamoDB's own side, within a minute. */
export function tableAlarms(table: ContractTable, prefix: string, id: string): Record<string, Resource> {
  const name = prefix + table.table;
  const own = [{ Name: 'TableName', Value: name }];
  const throttles = ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metric) => ({ metric, dimensions: own }));
  const errors = OPERATIONS.map((operation) => ({
    metric: 'SystemErrors',
    dimensions: [...own, { Name: 'Operation', Value: operation }],
  }));
  return {
    [`${id}Throttles`]: alarm(`${name}-throttles`, throttles),
    [`${id}Errors`]: alarm(`${name}-system-errors`, errors),
  };
}

function alarm(
  name: string,
  parts: readonly { readonly metric: string; readonly dimensions: readonly { Name: string; Value: string }[] }[],
): Resource {
  const metrics = parts.map(({ metric, dimensions }, at) => ({
    Id: `m${at}`,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: NAMESPACE, MetricName: metric, Dimensions: dimensions },
      Period: 60,
      Stat: 'Sum',
    },
  }));
  // A metric without any data point counts as 0, or the sum would be empty as long as one part is.
  const sum = metrics.map(({ Id }) => `FILL(${Id},0)`).join('+');
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: name,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      Metrics: [{ Id: 'sum', Expression: sum, ReturnData: true }, ...metrics],
    },
  };
}

/** One dashboard: consumed reads and writes, throttles and latency of all tables. */
export function dashboard(contract: MigrationContract, prefix: string, migration: string, region: string): Resource {
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
      DashboardName: `${prefix}${migration}`.replace(/[^A-Za-z0-9_-]+/g, '-'),
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
