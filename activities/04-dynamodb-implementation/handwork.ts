import type { CheckResult } from '../../core/artifacts.ts';
import type { GateQuestion } from '../../core/stage.ts';
import type { HandMethod } from '../generated/by-hand.ts';
import { type Coverage, type CoveredMethod, methodName } from './coverage.ts';
import type { GeneratedTestsRecord } from './tests/record.ts';
import type { TestRun } from './tests/index.ts';

/**
 * S4-R9: the methods that the branch takes from files are those of the coverage, and each passes its generated tests on
 * both stores.
 */
export function handworkCheck(
  coverage: Coverage,
  onBranch: readonly HandMethod[],
  generated: GeneratedTestsRecord,
  again: { readonly dynamo: TestRun; readonly mysql: TestRun },
): CheckResult {
  const methods = coverage.methods.filter(isByHand);
  const names = new Set([...methods, ...onBranch].map(methodName));
  const failures = [...names].flatMap((name) => {
    const file = onBranch.find((each) => methodName(each) === name);
    if (file === undefined) return [`${name}: its file is gone from the branch`];
    if (!methods.some((each) => methodName(each) === name))
      return [`${name}: by-hand/${file.path} came to the branch later; retry, so that the stage takes it`];
    const red = testsOf(name, generated).filter(
      (test) => again.dynamo.results.get(test) !== true || again.mysql.results.get(test) !== true,
    );
    return red.length === 0
      ? []
      : [`${name}, by-hand/${file.path}: ${red.join('; ')}\n${again.dynamo.output.slice(-1500)}`];
  });
  return {
    id: 'S4-R9',
    title: 'What is written by hand, or by the executor, passes the generated tests on both stores',
    passed: names.size - failures.length,
    total: names.size,
    failures: failures.slice(0, 10),
  };
}

/** Written methods that no recorded call verifies: a person must vouch for them. */
export function vouchQuestions(coverage: Coverage, generated: GeneratedTestsRecord): GateQuestion[] {
  return coverage.methods
    .filter(isByHand)
    .filter((method) => testsOf(methodName(method), generated).length === 0)
    .map((method) => ({
      id: `04-dynamodb-implementation/untested/${methodName(method)}`,
      question: `${methodName(method)} is written by hand, and no generated test calls it. Is it right?`,
      evidence: [
        `${method.accessPattern}: ${method.sql.slice(0, 500)}`,
        method.plan,
        ...generated.uncovered.flatMap(({ method: name, why }) => (name === methodName(method) ? [why] : [])),
      ],
      personOnly: true,
    }));
}

/** Says with failed checks which methods throw, for that may be all there is to them. */
export function withRefusals(checks: readonly CheckResult[], coverage: Coverage): CheckResult[] {
  const refused = coverage.methods.filter(({ status }) => status === 'refused').map(methodName);
  if (refused.length === 0) return [...checks];
  const hint = `Refused methods throw: ${refused.slice(0, 10).join(', ')}${refused.length > 10 ? ' …' : ''}. stage-04/coverage.md says why, and the three ways on.`; // prettier-ignore
  return checks.map((check) =>
    check.passed < check.total ? { ...check, failures: [hint, ...check.failures] } : check,
  );
}

function isByHand({ status }: CoveredMethod): boolean {
  return status === 'by hand';
}

function testsOf(method: string, generated: GeneratedTestsRecord): string[] {
  return generated.aggregates.flatMap(({ tests }) => tests).filter((test) => test.startsWith(`${method}, case `));
}
