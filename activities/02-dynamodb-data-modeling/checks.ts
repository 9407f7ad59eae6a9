import type { Analysis } from '../../core/analysis.ts';
import type { CheckResult } from '../../core/artifacts.ts';
import { notBuildable } from '../../contract/buildable.ts';
import { checkContract } from '../../contract/check.ts';
import type { MigrationContract } from '../../contract/types.ts';
import type { Choice } from './choose.ts';
import type { Rate } from './rates.ts';

/** Failures that a check result names; all are counted. */
const NAMED = 20;

/** A check result from single facts. */
export function result(
  id: string,
  title: string,
  facts: readonly { readonly ok: boolean; readonly name: string }[],
): CheckResult {
  const failed = facts.filter(({ ok }) => !ok);
  return {
    id,
    title,
    passed: facts.length - failed.length,
    total: facts.length,
    failures: failed.slice(0, NAMED).map(({ name }) => name),
  };
}

/** Before the work: the analysis is there, and every pattern has a rate. */
export function inputChecks(analysis: Analysis, rates: ReadonlyMap<string, Rate>): CheckResult[] {
  const stops = analysis.dataFindings.filter(({ severity }) => severity === 'stop');
  return [
    result(
      'S2-R1',
      'Every access pattern has a rate with its provenance',
      analysis.accessPatterns.map(({ id }) => ({ ok: rates.has(id), name: id })),
    ),
    result('S2-R9', 'Nothing in the data forbids the migration', [
      { ok: true, name: 'tables' },
      ...stops.map((one) => ({ ok: false, name: `${one.id} ${one.table}: ${one.finding}` })),
    ]),
  ];
}

/** After the work, from the written contract and not from what made it. */
export function planChecks(contract: MigrationContract, analysis: Analysis, choice: Choice | 'given'): CheckResult[] {
  const invalid = checkContract(contract, analysis);
  // What is valid and can't be built is told here, not after deployment.
  const problems = invalid.length > 0 ? invalid : notBuildable(contract);
  const mapped = new Set(
    contract.tables.flatMap((table) =>
      table.entities.flatMap((entity) =>
        entity.attributes.flatMap((one) => [one.source_column].flat().map((column) => `${one.source_table}.${column}`)),
      ),
    ),
  );
  for (const one of contract.dropped_columns) mapped.add(`${one.source_table}.${one.source_column}`);
  const services = new Map(contract.access_patterns.map((service) => [service.id, service]));
  return [
    result('S2-R2', 'The contract is valid, in shape and in meaning, and later stages can build it', [
      { ok: problems.length === 0, name: 'contract' },
      ...problems.map(({ at, problem }) => ({ ok: false, name: `${at} ${problem}` })),
    ]),
    result(
      'S2-R3',
      'Every access pattern is served by a named table or index, or refused with a reason',
      analysis.accessPatterns.map(({ id }) => {
        const service = services.get(id);
        return { ok: service !== undefined && service.reason !== '', name: id };
      }),
    ),
    result(
      'S2-R4',
      'Every source column is mapped, or dropped with a reason',
      analysis.tables.flatMap((table) =>
        table.columns.map(({ name }) => ({ ok: mapped.has(`${table.name}.${name}`), name: `${table.name}.${name}` })),
      ),
    ),
    choice === 'given'
      ? result('S2-R5', 'The contract was given: whether another would be cheaper is not asked of it', [])
      : cheapest(choice),
  ];
}

function cheapest({ ranked, chosen }: Choice): CheckResult {
  return result('S2-R5', 'The cheapest model that can be built is chosen, with at least two others beside it', [
    { ok: ranked.length >= 3, name: `${ranked.length} models` },
    ...ranked.slice(1).map((other) => ({
      ok:
        other.broken.length > 0 || other.notBuildable.length > 0 || other.cost.onDemand >= chosen.cost.onDemand - 0.01,
      name: other.model.id,
    })),
  ]);
}
