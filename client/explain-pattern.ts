import type { GeneratedTestsRecord } from '../activities/04-dynamodb-implementation/tests/record.ts';
import type { Coverage, CoveredMethod } from '../activities/04-dynamodb-implementation/coverage.ts';
import { explain } from '../contract/explain.ts';
import type { MigrationContract } from '../contract/types.ts';
import type { Analysis } from '../core/analysis.ts';
import { CutoverError } from '../core/errors/index.ts';

/** What the stages know of access patterns; a stage that has not come so far gives nothing. */
export interface PatternSources {
  readonly analysis?: Analysis;
  readonly contract: MigrationContract;
  readonly coverage?: Coverage;
  readonly tests?: GeneratedTestsRecord;
}

/** One method of the data access layer that is of a pattern. */
export interface MethodExplanation {
  readonly method: string;
  readonly status: CoveredMethod['status'];
  readonly sql: string;
  readonly plan: string;
  readonly reason: string;
  readonly help: string;
  readonly callSites: readonly string[];
  readonly tests: { readonly total: number; readonly failing: readonly string[]; readonly uncovered: string | null };
}

/** All that is known of one access pattern. */
export interface PatternExplanation {
  readonly pattern: string;
  /** Each variant of the statement, as stage 1 normalised it. */
  readonly sql: readonly string[];
  /** What the contract says: how it is served, how often it is asked, what it costs. */
  readonly contract: readonly string[];
  readonly units: { readonly read: number; readonly write: number };
  /** Null until stage 4 has compiled. */
  readonly methods: readonly MethodExplanation[] | null;
}

/** @throws CutoverError `client.usage` for a pattern that is not in the contract. */
export function explainPattern(sources: PatternSources, wanted: string): PatternExplanation {
  const { contract, analysis, coverage, tests } = sources;
  const pattern = contract.access_patterns.find(({ id }) => id.toLowerCase() === wanted.toLowerCase());
  if (pattern === undefined) {
    const known = contract.access_patterns.map(({ id }) => id);
    const some = `${known.slice(0, 20).join(', ')}${known.length > 20 ? ' …' : ''}`;
    const detail = `${wanted} is no access pattern of the contract; there are: ${some}.`;
    throw new CutoverError('client.usage', { where: 'explain', detail });
  }
  const [said] = explain(contract, pattern.id).filter(({ subject }) => subject === `access pattern ${pattern.id}`);
  return {
    pattern: pattern.id,
    sql: analysis?.accessPatterns.find(({ id }) => id === pattern.id)?.normalisedSql ?? [],
    contract: said?.lines ?? [],
    units: pattern.units,
    methods:
      coverage?.methods
        .filter(({ accessPattern }) => accessPattern === pattern.id)
        .map((method) => explainMethod(method, tests)) ?? null,
  };
}

function explainMethod(method: CoveredMethod, tests: GeneratedTestsRecord | undefined): MethodExplanation {
  const name = `${method.aggregate}.${method.name}`;
  const own = (names: readonly string[]): string[] => names.filter((test) => test.startsWith(`${name}, case `));
  const aggregates = tests?.aggregates ?? [];
  return {
    method: name,
    status: method.status,
    sql: method.sql,
    plan: method.plan,
    reason: method.reason,
    help: method.help,
    callSites: method.callSites,
    tests: {
      total: aggregates.flatMap((each) => own(each.tests)).length,
      failing: aggregates.flatMap((each) => own(each.failures)),
      uncovered: tests?.uncovered.find((each) => each.method === name)?.why ?? null,
    },
  };
}

/** For a terminal. */
export function patternText(explanation: PatternExplanation): string {
  const { pattern, sql, contract, units, methods } = explanation;
  return [
    `access pattern ${pattern}: ${units.read} RCU, ${units.write} WCU`,
    ...sql.map((line) => `  ${line}`),
    ...contract.map((line) => `  ${line}`),
    ...(methods === null ? ['', 'Stage 4 has not compiled it yet.'] : methods.flatMap(methodText)),
    ...(methods?.length === 0 ? ['', 'No method of the data access layer is of this pattern.'] : []),
  ].join('\n');
}

function methodText({ method, status, sql, plan, reason, help, callSites, tests }: MethodExplanation): string[] {
  const { total, failing, uncovered } = tests;
  const green = `${total - failing.length} of ${total} generated tests pass on MySQL and DynamoDB`;
  return [
    '',
    `${method}: ${status}`,
    `  sql:   ${sql}`,
    ...(status === 'refused' ? [`  why:   ${reason}`, `  help:  ${help}`] : [`  plan:  ${plan}`]),
    ...callSites.map((place) => `  at:    ${place}`),
    `  tests: ${total === 0 ? `none: ${uncovered ?? 'they were not run yet'}` : green}`,
    ...failing.map((test) => `    fails: ${test}`),
  ];
}
