import type { MigrationContract } from '../../contract/types.ts';
import type { GateQuestion } from '../../core/stage.ts';

/** What the gates quote of `alternatives.json`. */
export interface Alternatives {
  readonly chosen: string;
  readonly candidates: readonly {
    readonly id: string;
    readonly title: string;
    readonly monthly: { readonly onDemand: number };
  }[];
}

/** What a person must agree to: the design, every scan, every refusal, and the contract as a whole. */
export function gateQuestions(contract: MigrationContract, alternatives: Alternatives): GateQuestion[] {
  const id = (name: string) => `02-dynamodb-data-modeling/${name}`;
  const indexes = contract.tables.reduce((sum, table) => sum + table.gsis.length, 0);
  const services = contract.access_patterns;
  const assumed = services.filter(({ rates }) => rates.provenance === 'assumed');
  const scans = services.flatMap((service) =>
    service.served_by
      .filter(({ operation }) => operation === 'scan')
      .map((entry) => `${service.id} reads all of ${entry.table}, at most ${entry.budget_items ?? 0} items`),
  );
  const refused = services.filter(({ status }) => status === 'refused');
  return [
    {
      id: id('design'),
      question: `Is the model ${alternatives.chosen} the one to build?`,
      evidence: [
        `${contract.tables.length} tables, ${indexes} indexes: stage-02/dynamodb_data_model.md`,
        ...alternatives.candidates.map(
          ({ id: name, monthly }) => `${name}: US$ ${monthly.onDemand.toFixed(2)} a month (stage-02/alternatives.md)`,
        ),
        ...(assumed.length > 0
          ? [`${assumed.length} rates are assumed, not measured: stage-02/dynamodb_requirement.md`]
          : []),
      ],
    },
    ...(scans.length > 0
      ? [
          {
            id: id('scan-budgets'),
            question: 'May these patterns read whole tables, up to their budgets?',
            evidence: scans,
          },
        ]
      : []),
    ...(refused.length > 0
      ? [
          {
            id: id('refused-patterns'),
            question: 'Can the application do without these patterns, which the model refuses?',
            evidence: refused.map((service) => `${service.id}: ${service.reason}`),
          },
        ]
      : []),
    {
      id: id('contract'),
      question: 'Is the contract approved as the source of stages 3 to 7?',
      evidence: [
        'stage-02/migrationContract.json',
        `${services.length - refused.length} of ${services.length} access patterns served`,
        `${contract.dropped_columns.length} columns dropped`,
      ],
    },
  ];
}
