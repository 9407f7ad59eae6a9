import { builtDifferently } from '../../contract/buildable.ts';
import type { Difference } from '../../contract/diff.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { Analysis } from '../../core/analysis.ts';
import type { GateQuestion } from '../../core/stage.ts';
import { tableQuestions } from './table-gates.ts';

/** What the gates quote of `alternatives.json`. */
export interface Alternatives {
  readonly chosen: string;
  readonly candidates: readonly {
    readonly id: string;
    readonly title: string;
    readonly monthly: { readonly onDemand: number };
  }[];
  /** Absent in files of earlier versions. */
  readonly chosenTables?: readonly { readonly name: string; readonly monthly: { readonly onDemand: number } }[];
}

/** What the gates rest on beside the contract itself. */
export interface GateBasis {
  readonly analysis?: Analysis;
  /** When the contract was given and not designed: its hash, and how it differs from the own design. */
  readonly given?: { readonly sha256: string; readonly differences: readonly Difference[] };
}

/**
 * What all questions together may take: they are one payload, of which Temporal takes two megabytes, and they come back
 * in each answer to `status`.
 */
const MOST_BYTES = 900_000;

/** Lines that a gate quotes of a long list; the document has all of them. */
const QUOTED = 20;

const REQUIREMENT = 'stage-02/dynamodb_requirement.md';

/**
 * What a person must agree to: that the requirement is complete, each table on its own, the whole design, every scan,
 * every refusal, and the contract as the source of all that follows.
 */
export function gateQuestions(
  contract: MigrationContract,
  alternatives: Alternatives,
  basis: GateBasis = {},
): GateQuestion[] {
  const whole = [requirement(contract), ...tableQuestions(contract, alternatives, basis.analysis)];
  const others = [design(contract, alternatives, basis), ...exceptions(contract), approval(contract, basis)];
  const full = [...whole, ...others];
  if (JSON.stringify(full).length <= MOST_BYTES) return full;
  return [...whole.map((question) => ({ ...question, evidence: question.evidence.slice(0, 1) })), ...others];
}

function id(name: string): string {
  return `02-dynamodb-data-modeling/${name}`;
}

function requirement({ access_patterns: services }: MigrationContract): GateQuestion {
  const count = (kind: string): number => services.filter(({ rates }) => rates.provenance === kind).length;
  const assumed = services.filter(({ rates }) => rates.provenance === 'assumed');
  return {
    id: id('requirement'),
    question: 'Is the requirement complete: every access pattern, each with the rate that it really has?',
    evidence: [
      `${services.length} access patterns; rates: ${count('measured')} measured, ${count('stated')} stated, ${count('assumed')} assumed: ${REQUIREMENT}`,
      ...quoted(
        assumed.map(({ id: name, rates }) => `${name}: ${rates.mean} a second, ${rates.peak} at its peak, is assumed`),
      ),
    ],
  };
}

function design(contract: MigrationContract, alternatives: Alternatives, { given }: GateBasis): GateQuestion {
  const indexes = contract.tables.reduce((sum, table) => sum + table.gsis.length, 0);
  const size = `${contract.tables.length} tables, ${indexes} indexes: stage-02/dynamodb_data_model.md`;
  const prices = alternatives.candidates.map(
    ({ id: name, monthly }) => `${name}: US$ ${monthly.onDemand.toFixed(2)} a month (stage-02/alternatives.md)`,
  );
  if (given === undefined) {
    const question = `Is the model ${alternatives.chosen} the one to build?`;
    return { id: id('design'), question, evidence: [size, ...prices] };
  }
  const dangerous = given.differences.filter(({ danger }) => danger !== undefined);
  return {
    id: id('design'),
    question: `Is the contract that was given the one to build, in place of the model ${alternatives.chosen}?`,
    evidence: [
      size,
      `given as the file with sha256 ${given.sha256}: ${given.differences.length} differences from ${alternatives.chosen}, ${dangerous.length} of them dangerous (stage-02/contract_changes.md)`,
      ...quoted(dangerous.map(({ what, kind, danger }) => `${what} ${kind}: ${danger ?? ''}`)),
      ...prices,
    ],
  };
}

/** Scans and refusals: only asked about when there are any. */
function exceptions({ access_patterns: services }: MigrationContract): GateQuestion[] {
  const scans = services.flatMap((service) =>
    service.served_by
      .filter(({ operation }) => operation === 'scan')
      .map((entry) => `${service.id} reads all of ${entry.table}, at most ${entry.budget_items ?? 0} items`),
  );
  const refused = services
    .filter(({ status }) => status === 'refused')
    .map((service) => `${service.id}: ${service.reason}`);
  return [
    {
      id: id('scan-budgets'),
      question: 'May these patterns read whole tables, up to their budgets?',
      evidence: scans,
    },
    {
      id: id('refused-patterns'),
      question: 'Can the application do without these patterns, which the model refuses?',
      evidence: refused,
    },
  ].filter(({ evidence }) => evidence.length > 0);
}

function approval(contract: MigrationContract, { given }: GateBasis): GateQuestion {
  const services = contract.access_patterns;
  const served = services.filter(({ status }) => status === 'served').length;
  const different = builtDifferently(contract);
  return {
    id: id('contract'),
    question: 'Is the contract approved as the source of stages 3 to 7?',
    evidence: [
      given === undefined
        ? 'stage-02/migrationContract.json'
        : `stage-02/migrationContract.json, as given (sha256 ${given.sha256})`,
      `${served} of ${services.length} access patterns served`,
      `${contract.dropped_columns.length} columns dropped`,
      ...quoted(
        contract.dropped_columns.map((one) => `${one.source_table}.${one.source_column} is dropped: ${one.reason}`),
      ),
      ...quoted(different.map(({ at, problem }) => `${at} ${problem}`)),
    ],
  };
}

function quoted(lines: readonly string[]): string[] {
  return lines.length <= QUOTED ? [...lines] : [...lines.slice(0, QUOTED), `and ${lines.length - QUOTED} more`];
}
